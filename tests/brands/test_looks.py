"""What a brand's look may consist of."""

from __future__ import annotations

import pytest

from portavoce.brands.errors import BadBrand
from portavoce.brands.looks import check_look, is_zone

GOOD = {
    "slug": "aurora", "name": "Aurora", "accent": "#0E7C57", "shape": "circle", "monogram": "A",
    "voice": "", "language": "it", "zone": "Europe/Rome",
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"slug": "a"},
        {"slug": "caffe-24"},
        {"slug": "x" * 40},
        {"monogram": "AL"},
        {"zone": "UTC"},
        {"name": "L'Aurora & Figli"},
    ],
)
def test_a_good_look_is_let_through(change: dict[str, str]) -> None:
    check_look(GOOD | change)
    assert "slug" in GOOD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("slug", slug)
            for slug in ("", "Aurora", "-a", "a-", "caffè", "a b", "a/b", 'a"]{}', "x" * 41, "a\n")
        ),
        *(("accent", colour) for colour in ("", "red", "#fff", "#0E7C5G", "#0E7C57;", "#0E7C57\n", "0E7C57")),
        *(("zone", zone) for zone in ("", "Rome", "Europe/Atlantis", "../../etc/passwd", "Europe/Rome\x00")),
        ("shape", "star"),
        ("monogram", ""),
        ("monogram", "ABC"),
        ("language", "ita"),
        ("language", "IT"),
        ("name", "  "),
        ("name", "x" * 81),
    ],
)
def test_a_bad_look_is_refused_with_advice_beside_the_field(field: str, value: str) -> None:
    with pytest.raises(BadBrand) as refusal:
        check_look(GOOD | {field: value})
    assert set(refusal.value.fields) == {field}
    assert refusal.value.fields[field] in refusal.value.message


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(BadBrand) as refusal:
        check_look(GOOD | {"slug": "A B", "zone": "Rome", "accent": "red"})
    assert set(refusal.value.fields) == {"slug", "zone", "accent"}


def test_a_zone_is_one_of_the_worlds() -> None:
    assert is_zone("America/Argentina/Buenos_Aires")
    assert not is_zone("Mars/Olympus")
