"""What makes two customers of a brand look like one person: keys that can be looked up, and reasons in order of weight."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

TAIL = 9
"""Digits at the end of a number that are the same with and without its country."""
SHORT_TAIL = 6
REASONS = ("number", "mailbox", "name_and_number", "name_and_domain")
"""The same number under another channel or prefix; the same mailbox but for its tag; one name, numbers that end alike;
one name, one company's domain."""
EVERYBODYS = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "outlook.it", "hotmail.com", "hotmail.it", "live.com",
        "live.it", "yahoo.com", "yahoo.it", "icloud.com", "me.com", "libero.it", "virgilio.it", "tiscali.it",
        "alice.it", "tim.it", "fastwebnet.it", "pec.it", "gmx.de", "web.de", "proton.me", "protonmail.com",
    }
)  # fmt: skip
"""Domains where a common name says nothing."""
_BETWEEN = re.compile(r"[\W_]+")
_TAG = re.compile(r"\+[^@]*@")


class Known(NamedTuple):
    """An identity as it is stored."""

    channel: str
    value: str


def name_key(name: str) -> str:
    """`Verdi, Gìna` and `gina verdi` are one; empty for a single word, which is nobody's alone."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    words = [word for word in _BETWEEN.split(plain.lower()) if word]
    return " ".join(sorted(words)) if len(words) > 1 else ""


def match_key(channel: str, value: str) -> str:
    """Equal for identities that may be one: a mailbox without its tag, the end of a number."""
    return _TAG.sub("@", value) if channel == "email" else value[-TAIL:]


def reasons(mine: Iterable[Known], theirs: Iterable[Known], *, same_name: bool) -> list[str]:
    """Why these may be one person, the strongest first; none is no suggestion."""
    own, other = list(mine), list(theirs)
    found = set()
    if _keys(own, mail=False) & _keys(other, mail=False):
        found.add("number")
    if _keys(own, mail=True) & _keys(other, mail=True):
        found.add("mailbox")
    if same_name and _tails(own) & _tails(other):
        found.add("name_and_number")
    if same_name and (_domains(own) & _domains(other)) - EVERYBODYS:
        found.add("name_and_domain")
    return [reason for reason in REASONS if reason in found]


def _keys(known: list[Known], *, mail: bool) -> set[str]:
    return {match_key(*each) for each in known if (each.channel == "email") is mail}


def _tails(known: list[Known]) -> set[str]:
    return {each.value[-SHORT_TAIL:] for each in known if each.channel != "email"}


def _domains(known: list[Known]) -> set[str]:
    return {each.value.rpartition("@")[2] for each in known if each.channel == "email"}
