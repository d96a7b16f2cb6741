"""What a brand may ask about its customers, and one spelling per kind of value. A value is text; "" is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

KINDS = ("text", "number", "date", "choice", "yes_no")
YES, NO = "yes", "no"
LONGEST_VALUE = 500
LONGEST_NOTE = 4_000
LONGEST_NAME = 200
MOST_DIGITS = 18
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")

LANGUAGES = ("it", "en", "de", "fr", "es")
NEEDS = ("no_calls", "more_time", "plain_words", "large_print", "screen_reader", "someone_speaks")
"""What whoever answers must do or leave: write instead of calling, wait longer, use easy words, send large letters,
send what a screen reader reads, talk to the person who speaks for the customer."""
CHANNELS = ("", "email", "phone", "sms", "whatsapp")
MOMENTS = ("", "morning", "midday", "afternoon", "evening")


class BadValue(ValueError):
    """The message says what to write instead."""


def spelling(kind: str, choices: Sequence[str], value: str) -> str:
    """The value as it is stored and compared. BadValue when it is none of its kind."""
    value = value.strip()
    if len(value) > LONGEST_VALUE:
        raise BadValue("Shorten this text to 500 characters.")
    if kind == "choice":
        return _choice(value, choices)
    return SPELLINGS[kind](value) if value else ""


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def _number(value: str) -> str:
    """`1.50` and `1,5` are `1.5`; a comma is a decimal one, as our customers write."""
    if not _NUMBER.fullmatch(value):
        raise BadValue("Write a number, for example 12 or 12.5.")
    try:
        number = Decimal(value.replace(",", ".")).normalize()
    except InvalidOperation:
        raise BadValue("Write a number, for example 12 or 12.5.") from None
    text = format(number, "f")
    if len(text) > MOST_DIGITS:
        raise BadValue("Write a shorter number.")
    return "0" if text in ("-0", "+0") else text


def _date(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadValue("Write a date as year, month and day, for example 2026-11-30.") from None


def _choice(value: str, choices: Sequence[str]) -> str:
    if value and value not in choices:
        raise BadValue("Choose one of the options shown.")
    return value


def _yes_no(value: str) -> str:
    return _choice(value, (YES, NO))


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "text": str,
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
}
