from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from portavoce.reporting.book import read_contacts
from portavoce.reporting.facts import Told
from portavoce.sla.first_response import OPENED, SENT, Fact, State, Terms
from tests.reporting.test_contacts import HOURS, NOON, PROMISE

HOUR = timedelta(hours=1)
ONE, LOB = UUID(int=1), UUID(int=1)
ANNA, BRUNO = UUID(int=11), UUID(int=12)
TERMS = (Terms(HOURS.valid_from, (PROMISE,)),)


def opened(lob: UUID | None = LOB) -> Told:
    return Told(1, Fact(OPENED, ONE, NOON, lob, {"channel": "email", "ticket": 7}), None, 7)


def sent(n: int, after: timedelta, by: UUID | None, *, automatic: bool = False) -> Told:
    return Told(n, Fact(SENT, ONE, NOON + after, LOB, {"automatic": automatic}), by, None)


def test_a_contact_is_told_by_its_facts() -> None:
    told = [opened(), sent(2, HOUR / 2, None, automatic=True), sent(3, 2 * HOUR, ANNA), sent(4, HOUR, BRUNO)]
    rows, contacts = read_contacts(told, TERMS, {LOB: "Assistenza"}, "Europe/Rome", NOON + 9 * HOUR)
    assert [row.interaction_id for row in rows] == [ONE]
    contact = contacts[ONE]
    assert (contact.answered_at, contact.brand_agent_id, contact.state) == (NOON + HOUR, BRUNO, State.MET)
    assert (contact.ticket, contact.lob, contact.channel, contact.promise) == (
        7,
        "Assistenza",
        "email",
        PROMISE,
    )
    assert (contact.week, contact.weekday) == (date(2026, 3, 2), 0)


def test_of_two_replies_at_one_instant_the_first_told_counts() -> None:
    told = [opened(), sent(2, HOUR, ANNA), sent(3, HOUR, BRUNO)]
    _, contacts = read_contacts(told, TERMS, {}, "Europe/Rome", NOON + 9 * HOUR)
    assert (contacts[ONE].brand_agent_id, contacts[ONE].lob) == (ANNA, "")


def test_without_a_contract_there_is_no_promise_and_without_a_reply_nobody_who_answered() -> None:
    _, contacts = read_contacts([opened()], (), {}, "Europe/Rome", NOON)
    assert (contacts[ONE].promise, contacts[ONE].clause_id, contacts[ONE].brand_agent_id) == (
        None,
        None,
        None,
    )
    assert contacts[ONE].state is State.NO_CLAUSE


def test_an_opening_without_a_line_of_business_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="line of business"):
        read_contacts([opened(None)], TERMS, {}, "Europe/Rome", NOON)
