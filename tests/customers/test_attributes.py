"""One spelling per kind of value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portavoce.customers.attributes import KINDS, BadValue, is_key, spelling
from tests.depth import scaled

OPTIONS = ("Oro", "Argento")


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", "  via Solferino 12 ", "via Solferino 12"),
        ("number", "12", "12"),
        ("number", "1,50", "1.5"),
        ("number", "1.50", "1.5"),
        ("number", "-0", "0"),
        ("number", "0012", "12"),
        ("number", "1000", "1000"),
        ("date", "2026-02-28", "2026-02-28"),
        ("choice", "Oro", "Oro"),
        ("yes_no", "yes", "yes"),
    ],
)
def test_a_value_has_one_spelling(kind: str, typed: str, stored: str) -> None:
    assert spelling(kind, OPTIONS, typed) == stored
    assert spelling(kind, OPTIONS, stored) == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 501),
        ("number", "dodici"),
        ("number", "1e3"),
        ("number", "1.000,5"),
        ("number", "٣"),
        ("number", "NaN"),
        ("number", "9" * 19),
        ("date", "28/02/2026"),
        ("date", "2026-02-30"),
        ("choice", "Bronzo"),
        ("yes_no", "forse"),
    ],
)
def test_what_is_none_of_its_kind_is_told_what_to_be(kind: str, typed: str) -> None:
    with pytest.raises(BadValue):
        spelling(kind, OPTIONS, typed)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_no_value_of_any_kind(kind: str) -> None:
    assert spelling(kind, OPTIONS, "  ") == ""


@settings(max_examples=scaled(100, 2_000))
@given(st.sampled_from(KINDS), st.text(max_size=12))
def test_whatever_is_stored_is_its_own_spelling(kind: str, typed: str) -> None:
    try:
        stored = spelling(kind, OPTIONS, typed)
    except BadValue:
        return
    assert spelling(kind, OPTIONS, stored) == stored


@pytest.mark.parametrize(
    ("key", "good"), [("loyalty_level", True), ("a1", True), ("1a", False), ("Level", False), ("", False), ("a" * 41, False), ("a-b", False)]
)  # fmt: skip
def test_a_key_is_plain(key: str, good: bool) -> None:
    assert is_key(key) is good
