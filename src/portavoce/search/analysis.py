"""Text as the index sees it: words without case and accents, and their Italian and English stems.

Both languages for every word, since a mail may be in either. Light stemming on purpose: what is found can be shown, and
the same few rules mark it in the text. No dictionary and no extension of PostgreSQL is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 40
"""Characters of a word that count."""
SHORTEST_STEM = 4
TOKEN = re.compile(r"[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)*|\w+")
_LITTLE = """
a ad al alla alle ai agli allo anche che chi ci co col come con cosa cui da dai dal dalla dalle dei del della delle
degli dello di e ed era essere fa gia gli ha hai hanno ho i il in io la le lei li lo loro lui ma mi mia mie miei mio ne
nei nel nella nelle negli nello noi non o per piu poi qui se sei si sia siamo solo sono su sua sue suo suoi sul sulla ti
tra tu tua tuo un una uno vi voi
an and are as at be been but by can do for from had has have he her his how if is it its me my no not of on or our she
so that the their them then there they this to us was we were what when which who will with you your
"""
STOP = frozenset(_LITTLE.split())
"""Words that say nothing by themselves, folded: neither entered nor asked for."""


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and folded form of each word and mail address of a text in NFC."""
    for found in TOKEN.finditer(text):
        yield found.start(), found.end(), fold(found[0])


@lru_cache(maxsize=8_192)
def fold(word: str) -> str:
    """Without case and accents, never longer than counts."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))[:LONGEST]


def terms(word: str) -> set[str]:
    """A folded word and its stems; a mail address also by its parts. Nothing of a word that says nothing."""
    if "@" in word:
        return {word, *(each for part in re.findall(r"\w+", word) for each in terms(part))}
    return set() if word in STOP else {word, *stems(word)}


@lru_cache(maxsize=8_192)
def stems(word: str) -> frozenset[str]:
    """What is left of a folded word in Italian and in English; itself where no rule applies."""
    return frozenset({word}) if word.isdigit() else frozenset({_italian(word), _english(word)})


def _italian(word: str) -> str:
    """Without the vowels that say gender and number: pacco, pacchi; fattura, fatture; servizio, servizi."""
    if len(word) <= SHORTEST_STEM or word[-1] not in "aeio":
        return word
    stem = word[:-1]
    if len(stem) > SHORTEST_STEM and (stem[-1] == "i" or (stem[-1] == "h" and word[-1] in "ei")):
        stem = stem[:-1]
    return stem


def _english(word: str) -> str:
    """Without plural, past and -ing: delays, delayed, delaying; parties, party."""
    if word.endswith("ies") and len(word) > SHORTEST_STEM:
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def digits(text: str) -> str:
    """The digits of what looks like a phone number, without the zeros that call abroad; else nothing."""
    if not re.fullmatch(r"[+\d\s()./-]+", text):
        return ""
    return re.sub(r"\D", "", text).removeprefix("00")
