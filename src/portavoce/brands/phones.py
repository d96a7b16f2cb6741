"""Telephone numbers in running text, in whatever notation, as E.164."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import msgspec
import phonenumbers
from babel.core import get_global
from phonenumbers import NumberParseException, PhoneNumberType

HOME = "IT"
SHORTEST, LONGEST = 6, 15
"""Digits."""
MOST = 500
"""Readings tried in one text; nobody writes so many numbers by mistake."""
SERVICE = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.UAN,
}
_RUN = re.compile(r"(?<![\w+])[+(]{0,2}\d(?:[ \t().\-/\\]{0,3}\d){5,39}")
_GROUP = re.compile(r"\+?\d+")
_CUE = re.compile(
    r"(?:\btel(?:efono)?\b|\bnumero verde|\bal numero|\bchiam\w+|\bcall\b|\bphone\b|\bring\b)[\s.:]*"
    r"(?:(?:lo|il|allo|al|numero|us|on|at)\b[\s.:]*){0,3}$"
)
"""Words that announce a number and nothing else: a call has a date, a series has a number too."""
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}([./-])\d{1,2}\2\d{1,2}")


class Reading(msgspec.Struct, frozen=True):
    """Digits that may be a number; `service`: they are surely one, and no mobile's."""

    e164: str
    start: int
    end: int
    service: bool


def region_of(zone: str) -> str:
    """The country in which a brand's customers write numbers without a prefix."""
    found = str(get_global("zone_territories").get(zone, HOME))
    return found if found in phonenumbers.SUPPORTED_REGIONS else HOME


def e164(written: str, region: str) -> str | None:
    """A number as somebody wrote it down by itself; None when it cannot be one."""
    number = _parsed(written, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else None


def readings(text: str, region: str) -> list[Reading]:
    """Every way to read the digits of a plain text as a number; neighbours may be one number or two."""
    found = []
    for start, end, dialled in islice(_stretches(text), MOST):
        number = _parsed(text[start:end], region)
        if number is not None:
            service = dialled and phonenumbers.number_type(number) in SERVICE
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            found.append(Reading(written, start, end, service))
    return found


def _parsed(written: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """Neighbouring groups of digits, the longest first, and whether the whole is written as a number is."""
    for run in _RUN.finditer(text):
        groups = [(run.start() + each.start(), run.start() + each.end()) for each in _GROUP.finditer(run[0])]
        whole = _is_dialled(text, run.start(), len(groups), run[0])
        pairs = [(first, last) for first in range(len(groups)) for last in range(first, len(groups))]
        for first, last in sorted(pairs, key=lambda pair: pair[0] - pair[1]):
            digits = sum(end - start for start, end in groups[first : last + 1])
            if SHORTEST <= digits <= LONGEST:
                alone = (first, last) == (0, len(groups) - 1)
                yield groups[first][0], groups[last][1], alone and whole


def _is_dialled(text: str, start: int, groups: int, run: str) -> bool:
    """A plus, a double nought, a toll-free prefix in groups, or words that announce a number; an order has none."""
    if run.startswith(("+", "00")) or (run.startswith("800") and groups > 1):
        return True
    return not _DATE.fullmatch(run) and bool(_CUE.search(text[max(0, start - 40) : start]))
