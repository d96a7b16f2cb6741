from datetime import datetime
from uuid import UUID

import pytest

from portavoce.reporting.observing.units import CONTACT, HANDLED, NO_CLAUSE, SOLVED, TRANSFERRED, Unit, units
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.rules import Terms
from tests.sla.clocks.stories import ANNA, CLAUSE, HOUR, LOB, LONG_AGO, at, clock, story
from tests.sla.clocks.stories import CONTACT as ID

TERMS = [Terms(LONG_AGO, (clock("first_response", 2 * HOUR),))]
NEVER: list[Terms] = []
DAY = story(
    ("opened", at(4, 9)), ("customer", at(4, 9)), ("assigned", at(4, 10)), ("agent", at(4, 10, 30)),
    ("closed", at(4, 11)), ("reopened", at(5, 9)), ("closed", at(5, 10)),
)  # fmt: skip


def read(facts: list[Fact], terms: list[Terms] = TERMS, as_of: datetime = at(30)) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units(facts, terms, as_of):
        found.setdefault(unit.measure, []).append(unit)
    return found


def also(kind: str, when: datetime, n: int, **said: object) -> Fact:
    return Fact(kind, ID, when, LOB, said, n, None, ANNA)


def test_nothing_is_counted_before_the_opening() -> None:
    assert read(DAY, as_of=at(3)) == {}


def test_a_contact_runs_to_its_first_answer_and_says_why_the_customer_came() -> None:
    reasons = [
        also("reason.chosen", at(4, 10), 20, reason="bill"),
        also("reason.chosen", at(4, 11), 21, reason="moving"),
    ]
    (contact,) = read([*DAY, *reasons])[CONTACT]
    assert (contact.at, contact.since, contact.until) == (at(4, 9), at(4, 9), at(4, 10, 30))
    assert (contact.code, contact.brand_agent_id, contact.n, contact.state) == ("moving", ANNA, 4, "counted")
    assert contact.clause_id == NO_CLAUSE


def test_a_clock_is_a_unit_of_its_clause() -> None:
    (first,) = read(DAY)["first_response"]
    assert (first.clause_id, first.state, first.used_s, first.due_at) == (CLAUSE, "met", 5400, at(4, 11))
    (waits,) = read(DAY[:2])["first_response"]
    assert (waits.state, waits.used_s, waits.until, waits.due_at) == ("open", 0, None, at(4, 11))


def test_what_is_open_is_the_same_whenever_it_is_looked_at() -> None:
    assert units(DAY[:2], TERMS, at(4, 9)) == units(DAY[:2], TERMS, at(30))


def test_each_end_is_a_solution_until_somebody_comes_back_to_it() -> None:
    first, second = read(DAY)[SOLVED]
    assert (first.at, first.until, first.n, first.ordinal) == (at(4, 11), at(5, 9), 6, 1)
    assert (second.at, second.until, second.ordinal) == (at(5, 10), None, 2)


def test_handle_time_is_all_work_on_a_closed_contact_at_its_last_end() -> None:
    work = [
        also("handling.ended", at(4, 10, 30), 20, started="2026-05-04T08:20:00.000000Z"),
        also("acw.ended", at(4, 11, 2), 21, started="2026-05-04T09:00:00.000000Z"),
    ]
    (handled,) = read([*DAY, *work])[HANDLED]
    assert (handled.at, handled.used_s) == (at(5, 10), 600 + 120)
    assert HANDLED not in read([*DAY[:4], *work])


def test_a_contact_that_is_passed_on_twice_is_transferred_once() -> None:
    passed = story(
        ("opened", at(4, 9)), ("with_client", at(4, 10)), ("returned", at(4, 11)), ("with_client", at(4, 12))
    )
    (moved,) = read(passed)[TRANSFERRED]
    assert (moved.at, moved.brand_agent_id) == (at(4, 10), ANNA)


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        ([("merged", at(4, 10))], False),
        ([("agent", at(4, 9, 30)), ("merged", at(4, 10))], True),
        ([("merged", at(4, 12))], True),
        ([("merged", at(4, 10)), ("parted", at(4, 10, 5))], True),
        ([("rejoined", at(4, 10))], False),
    ],
)
def test_who_wrote_twice_is_one_contact(lines: list[tuple[str, datetime]], counts: bool) -> None:
    assert (CONTACT in read(story(("opened", at(4, 9)), *lines))) is counts


def test_without_a_contract_contacts_are_counted_all_the_same() -> None:
    assert read(DAY, NEVER).keys() == {CONTACT, SOLVED, HANDLED}
    assert {unit.clause_id for unit in units(DAY, NEVER, at(30))} == {NO_CLAUSE}
    assert {unit.interaction_id for unit in units(DAY, NEVER, at(30))} == {UUID(int=1)}
