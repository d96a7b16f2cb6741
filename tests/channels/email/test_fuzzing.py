"""FT-23: whatever the octets, reading them ends soon, in a mail that can be stored or in a reason."""

from __future__ import annotations

import time

import msgspec
import pytest

from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.parsing import parse
from tests.channels.email.poisons import BOMBS, ODDITIES, fuzzed
from tests.depth import scaled

SEED = 20261126
NUMBER = scaled(500, deep=250_000)
SLOW = 20.0
"""Seconds of processor time for one mail, on any machine."""


def read(raw: bytes) -> ParsedMail | None:
    """Raises nothing; an accident nobody foresaw would be a reason that begins with `unexpected`."""
    began = time.process_time()
    found: ParsedMail | None = None
    reason = ""
    try:
        found = parse(raw)
    except Unparsable as error:
        reason = error.reason
    assert not reason.startswith("unexpected"), (reason, raw[:2_000])
    assert time.process_time() - began < SLOW, raw[:500]
    return found


def storable(value: object) -> bool:
    """PostgreSQL takes every text in it: no NUL, no half of a pair."""
    if isinstance(value, str):
        return "\0" not in value and value == value.encode("utf-8", "ignore").decode()
    if isinstance(value, msgspec.Struct):
        return all(storable(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, tuple | list):
        return all(storable(each) for each in value)
    return True


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_refused_in_bounded_time(name: str) -> None:
    found = read(BOMBS[name]())
    assert found is None or storable(found)


@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_is_read_or_refused(name: str) -> None:
    found = read(ODDITIES[name])
    assert found is None or storable(found)


def test_mutants_of_all_our_mails_are_read_or_refused_and_can_be_stored() -> None:
    outcomes = {True: 0, False: 0}
    for raw in fuzzed(SEED, NUMBER):
        found = read(raw)
        outcomes[found is not None] += 1
        assert found is None or storable(found), raw[:2_000]
    assert min(outcomes.values()) > 0
