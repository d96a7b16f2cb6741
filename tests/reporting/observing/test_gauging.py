from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portavoce.reporting.observing.units import Unit, units
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.rules import Gauge, Terms
from portavoce.sla.metrics import Metric
from tests.sla.clocks.stories import ANNA, CLAUSE, CONTACT, LOB, LONG_AGO, MOMENT, at, story

WEEK = timedelta(days=7)
LATER, OTHER = UUID(int=901), UUID(int=902)
SOLVED = story(("opened", at(4, 9)), ("agent", at(4, 10)), ("closed", at(4, 11)))


def gauge(of: Metric, channel: str = "email", clause: UUID = CLAUSE) -> Gauge:
    return Gauge(clause_id=clause, lob_id=LOB, channel=channel, of=of, window=WEEK)


def terms(*gauges: Gauge, since: datetime = LONG_AGO) -> Terms:
    return Terms(since, (), gauges)


def also(kind: str, when: datetime, n: int, **said: object) -> Fact:
    return Fact(kind, CONTACT, when, LOB, said, n, None, ANNA)


def again(when: datetime, n: int = 90, by: UUID = LATER) -> Fact:
    return also("interaction.recontacted", when, n, by=str(by))


def withdrawn(when: datetime, n: int = 95, by: UUID = LATER) -> Fact:
    return also("interaction.recontact_withdrawn", when, n, by=str(by))


def first_contact(facts: list[Fact], known: datetime | None = None) -> list[tuple[str, datetime]]:
    found = units(facts, [terms(gauge(Metric.FIRST_CONTACT_RESOLUTION))], known or at(30))
    return [(unit.state, unit.at) for unit in found if unit.measure == Metric.FIRST_CONTACT_RESOLUTION]


@pytest.mark.parametrize(
    ("more", "states"),
    [
        ([], ["met"]),
        ([again(at(4, 11) + MOMENT)], ["late"]),
        ([again(at(11, 11))], ["late"]),
        ([again(at(11, 11) + MOMENT)], ["met"]),
        ([again(at(4, 9))], ["met"]),
        ([again(at(4, 10))], ["late"]),
        ([again(at(5)), withdrawn(at(5))], ["met"]),
        ([again(at(5)), again(at(6), 91, OTHER), withdrawn(at(5))], ["late"]),
        ([again(at(5)), withdrawn(at(5)), again(at(5), 96)], ["late"]),
    ],
    ids=[
        "silence", "at once", "at the end of the window", "past it", "no later than the opening", "while it was open",
        "it was about something else", "another one was not", "said again",
    ],
)  # fmt: skip
def test_solved_at_the_first_contact_is_silence_within_the_window(
    more: list[Fact], states: list[str]
) -> None:
    assert [state for state, _ in first_contact([*SOLVED, *more])] == states


def test_a_return_is_a_further_contact_and_the_next_end_is_judged_by_what_follows_it() -> None:
    back = story(
        ("opened", at(4, 9)), ("closed", at(4, 11)), ("customer_reopened", at(6, 9)), ("closed", at(6, 10))
    )
    assert first_contact(back) == [("late", at(4, 11)), ("met", at(6, 10))]
    assert first_contact(back, at(5)) == [("met", at(4, 11))]


def test_handling_is_measured_for_its_clause_once_at_the_last_end() -> None:
    work = [
        also("handling.ended", at(4, 10, 30), 20, started="2026-05-04T08:20:00.000000Z"),
        also("acw.ended", at(4, 11, 2), 21, started="2026-05-04T09:00:00.000000Z"),
    ]
    twice = [*SOLVED, also("interaction.reopened", at(5), 30), also("interaction.closed", at(5, 13), 31)]
    (unit,) = _of(units([*twice, *work], [terms(gauge(Metric.HANDLE_TIME))], at(30)))
    assert (unit.at, unit.used_s, unit.state, unit.clause_id) == (at(5, 13), 720, "met", CLAUSE)


def test_the_version_in_force_at_the_end_judges_it() -> None:
    newer = UUID(int=8)
    both = [
        terms(gauge(Metric.HANDLE_TIME)),
        terms(gauge(Metric.HANDLE_TIME, clause=newer), since=at(4, 10, 30)),
    ]
    (unit,) = _of(units(SOLVED, both, at(30)))
    assert unit.clause_id == newer


@pytest.mark.parametrize("other", [gauge(Metric.HANDLE_TIME, channel="chat"), None])
def test_what_no_clause_measures_is_no_unit(other: Gauge | None) -> None:
    assert _of(units(SOLVED, [terms(*[other] if other else [])], at(30))) == []


def _of(found: list[Unit]) -> list[Unit]:
    return [unit for unit in found if unit.measure == Metric.HANDLE_TIME]
