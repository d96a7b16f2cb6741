import pytest

from portavoce.brands.countries import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Rome", "IT"), ("Europe/London", "GB"), ("Europe/Oslo", "NO"), ("UTC", ""), ("Etc/GMT+1", ""), ("Nowhere", "")],
)  # fmt: skip
def test_a_brand_is_at_home_in_the_country_of_its_zone(zone: str, country: str) -> None:
    assert country_of(zone) == country
