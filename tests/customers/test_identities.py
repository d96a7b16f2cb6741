import pytest

from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.identities import normalise


def test_two_spellings_of_one_mailbox_are_one_identity() -> None:
    assert normalise("email", "Gina@Posta.Example") == normalise("email", " gina@posta.example. ")


def test_a_tag_makes_another_identity() -> None:
    assert normalise("email", "gina+a@posta.example") != normalise("email", "gina@posta.example")


@pytest.mark.parametrize(
    "typed",
    ["338 555 0142", "+39 338 5550142", "0039-338-555-0142", "(338) 555.0142", " 3385550142 ", "+39338 55 50 142"],
)  # fmt: skip
def test_a_number_is_one_identity_however_it_is_written(typed: str) -> None:
    assert normalise("phone", typed, "IT") == "+393385550142"


def test_an_italian_landline_keeps_its_zero() -> None:
    assert normalise("phone", "02 1234 5678", "IT") == "+390212345678"


def test_a_national_number_is_one_of_the_given_country() -> None:
    assert normalise("phone", "020 7946 0018", "GB") == "+442079460018"
    with pytest.raises(UnusableIdentity):
        normalise("phone", "338 555 0142")


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("email", "gina"),
        ("email", ""),
        ("pigeon", "gina@posta.example"),
        ("phone", ""),
        ("phone", "gina"),
        ("phone", "112"),
        ("phone", "+39 338"),
        ("phone", "338 555 0142 int. 7"),
        ("phone", "3" * 10_000),
    ],
)
def test_what_names_nobody_is_refused(channel: str, value: str) -> None:
    with pytest.raises(UnusableIdentity):
        normalise(channel, value, "IT")
