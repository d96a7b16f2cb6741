"""One number in any notation, and no number where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.brands.phones import MOST, e164, readings, region_of
from portavoce.brands.plain import plain

NUMBERS = {"+390115550123": ("+39", "0115550123"), "+39800123456": ("0039", "800123456"), "+393471234567": ("", "3471234567")}  # fmt: skip


@st.composite
def notation(draw: st.DrawFn, e164_number: str) -> str:
    """The digits in groups of any size with any usual separators, with or without a prefix."""
    prefix, digits = NUMBERS[e164_number]
    prefix = draw(st.sampled_from(["", prefix, "+39", "+39 ", "0039 "]))
    separators = st.sampled_from(["", " ", ".", "-", "/", " - ", "\u00a0", "–", "\u200b"])
    out = prefix + digits[0]
    for digit in digits[1:]:
        out += draw(separators) + digit
    return out


@pytest.mark.parametrize("number", NUMBERS)
@given(st.data())
def test_a_number_is_found_in_any_notation(number: str, data: st.DataObject) -> None:
    written = data.draw(notation(number))
    found = {each.e164 for each in readings(plain(f"Chiami {written}, grazie.", accents=True).text, "IT")}
    assert number in found


def test_neighbours_are_read_as_one_and_as_two() -> None:
    found = {each.e164 for each in readings("800 123 456 800 654 321", "IT")}
    assert {"+39800123456", "+39800654321"} <= found


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("il numero verde 800123456", True),
        ("+39 011 5550123", True),
        ("800 123 456", True),
        ("tel. 011 5550123", True),
        ("ordine 0115550123", False),
        ("chiami il numero 011 5550123", True),
        ("call us on 011 5550123", True),
        ("la chiamata del 07.04.2026", False),
        ("ha chiamato il 07-11-26", False),
        ("il numero di serie 0364549", False),
        ("chiami pure per la pratica 0115550123", False),
        ("il tecnico chiama dal +39 347 1234567", False),
        ("il 12/05/2026 alle 14:30", False),
        ("pratica 48213-2026-11", False),
    ],
)
def test_only_what_is_surely_a_service_number_can_be_told_from_outside(text: str, service: bool) -> None:
    assert any(each.service for each in readings(text, "IT")) is service


def test_a_page_of_digits_costs_so_much_and_no_more() -> None:
    assert len(readings("1 " * 20_000, "IT")) <= MOST


@pytest.mark.parametrize(("zone", "region"), [("Europe/Rome", "IT"), ("Europe/Berlin", "DE"), ("Etc/UTC", "IT")])  # fmt: skip
def test_a_brands_country_is_that_of_its_clock(zone: str, region: str) -> None:
    assert region_of(zone) == region


@pytest.mark.parametrize("written", ["", "abc", "12", "+", "1" * 40])
def test_what_is_no_number_is_none(written: str) -> None:
    assert e164(written, "IT") is None
