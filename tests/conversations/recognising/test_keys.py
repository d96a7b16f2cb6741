"""Six digits that only the house can make."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid4

import pytest

from portavoce.conversations.recognising.keys import CodeKeys, readable

KEYS = CodeKeys(b"k" * 32)
BRAND, ROW = UUID(int=1), UUID(int=2)


def test_a_code_is_six_digits_and_another_for_every_row_brand_and_key() -> None:
    code = KEYS.code_of(BRAND, ROW)
    assert (len(code), code.isdigit(), KEYS.code_of(BRAND, ROW)) == (6, True, code)
    others = [KEYS.code_of(BRAND, BRAND), KEYS.code_of(ROW, ROW), CodeKeys(b"z" * 32).code_of(BRAND, ROW)]
    assert code not in others


def test_every_first_digit_comes_about_as_often() -> None:
    made = Counter(KEYS.code_of(BRAND, uuid4())[0] for _ in range(2000))
    assert set(made) == set("0123456789")
    assert max(made.values()) < 2 * min(made.values())


@pytest.mark.parametrize("between", ["", " ", "-", "."])
def test_it_fits_as_it_is_read_aloud_and_nothing_else_does(between: str) -> None:
    code = KEYS.code_of(BRAND, ROW)
    assert KEYS.fits(f"{code[:3]}{between}{code[3:]}", BRAND, ROW)
    assert not KEYS.fits(f"{(int(code) + 1) % 10**6:06}", BRAND, ROW)
    assert not KEYS.fits("è" * 6, BRAND, ROW)


@pytest.mark.parametrize(
    ("typed", "good"),
    [("123456", True), (" 123-456 ", True), ("12345", False), ("١٢٣٤٥٦", False), ("12345x", False)],
)
def test_only_six_plain_digits_can_be_one(typed: str, good: bool) -> None:
    assert readable(typed) is good
