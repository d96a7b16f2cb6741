"""What a cell says of a field, in the house's spelling, or what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping

from portavoce.customers.attributes import (
    CHANNELS,
    LANGUAGES,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOMENTS,
    NEEDS,
    NO,
    YES,
    BadValue,
    spelling,
)
from portavoce.customers.importing.fields import folded

_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what is read."""
LANGUAGE_WORDS = {
    "it": ("italiano", "italian", "ita"),
    "en": ("inglese", "english", "eng"),
    "de": ("tedesco", "german", "deutsch"),
    "fr": ("francese", "french", "francais"),
    "es": ("spagnolo", "spanish", "espanol"),
}
CHANNEL_WORDS = {
    "email": ("e mail", "mail", "posta elettronica"),
    "phone": ("telefono", "telephone", "tel", "chiamata", "call"),
}
MOMENT_WORDS = {
    "morning": ("mattina", "mattino", "al mattino", "in the morning"),
    "midday": ("mezzogiorno", "pranzo", "verso mezzogiorno", "around midday"),
    "afternoon": ("pomeriggio", "nel pomeriggio", "in the afternoon"),
    "evening": ("sera", "la sera", "di sera", "in the evening"),
}
NEEDED = (
    "Write codes with a comma between them: "
    "no_calls, more_time, plain_words, large_print, screen_reader, someone_speaks."
)
YES_WORDS = {YES: ("si", "y", "true", "vero", "1", "x"), NO: ("n", "false", "falso", "0")}


def column_of(field: str, cell: str) -> str:
    """Of one of `fields.COLUMNS`; the cell is not blank. BadValue with what to write."""
    text = _clean(cell, lines=field == "note")
    match field:
        case "name":
            return _short(text, LONGEST_NAME, "Shorten this text to 200 characters.")
        case "note":
            return _short(text, LONGEST_NOTE, "Shorten this text to 4000 characters.")
        case "needs":
            return _needs(text)
        case "language":
            return _one(text, LANGUAGES, LANGUAGE_WORDS, "Write it, en, de, fr or es.")
        case "preferred_channel":
            return _one(text, CHANNELS, CHANNEL_WORDS, "Write email, phone, sms or whatsapp.")
        case _:
            return _one(text, MOMENTS, MOMENT_WORDS, "Write morning, midday, afternoon or evening.")


def answer_of(kind: str, options: tuple[str, ...], cell: str) -> str:
    """Of an attribute of this kind; the cell is not blank. BadValue with what to write."""
    text = _clean(cell, lines=False)
    if kind == "yes_no":
        return _one(text, (YES, NO), YES_WORDS, "Write yes or no.")
    if kind == "choice":
        return _one(text, options, {}, "Write one of the options of this attribute.")
    return spelling(kind, options, text)


def _clean(cell: str, *, lines: bool) -> str:
    """A line may end as on any system."""
    text = cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    if _HIDDEN.search(text):
        raise BadValue("Remove the invisible character from this text and try again.")
    if "\n" in text and not lines:
        raise BadValue("Write this on one line.")
    return text


def _short(text: str, longest: int, advice: str) -> str:
    if len(text) > longest:
        raise BadValue(advice)
    return text


def _one(text: str, codes: tuple[str, ...], words: Mapping[str, tuple[str, ...]], advice: str) -> str:
    """As it is written, or the one code that is the same but for case and accents, or that the word means."""
    if text in codes:
        return text
    wanted = folded(text)
    meant = {code for code in codes if folded(code) == wanted or wanted in words.get(code, ())}
    if len(meant) != 1:
        raise BadValue(advice)
    return meant.pop()


def _needs(text: str) -> str:
    """In the house's order, so that equal needs are equal text."""
    asked = {each.strip() for each in text.split(",")} - {""}
    if not asked <= set(NEEDS):
        raise BadValue(NEEDED)
    return ",".join(need for need in NEEDS if need in asked)
