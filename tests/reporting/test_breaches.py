from __future__ import annotations

from datetime import timedelta

from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.reporting.alarms import raise_alarms
from portavoce.reporting.breaches import read_breaches
from portavoce.reporting.observing.following import catch_up
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import counting, reading, report_in
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOON + 4 * HOUR


async def test_breaches_are_the_late_ones_of_each_clause_to_the_unit(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promise(
        ledger, aurora, Metric.EVERY_RESPONSE, Rule(goal=share_goal(9000)), within_s=3600, always=True
    )
    clock.move_to(DUE + DAY)
    await tell(
        ledger,
        aurora,
        Contact(NOON, NOON + 2 * HOUR),
        Contact(NOON, DUE + HOUR),
        Contact(NOON),
        Contact(NOON),
    )
    await raise_alarms(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        report = await report_in(db, aurora)
        with counting(ledger) as seen:
            found = await read_breaches(db, report)
    assert len(seen) == 1
    for clause in report.clauses:
        counts = report.counts(clause.metric, clauses=[clause.id])
        assert sum(each.count for each in found if each.clause == clause) == counts.late + counts.overdue
    assert [(each.clause.metric, each.count, each.standing) for each in found] == [
        (Metric.EVERY_RESPONSE, 4, "waiting"),
        (Metric.FIRST_RESPONSE, 3, "waiting"),
    ]
    assert found[1].worst == DAY


async def test_what_no_alarm_was_raised_for_yet_is_shown_without_a_cause(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(DUE + timedelta(seconds=1))
    await tell(ledger, aurora, Contact(NOON))
    async with reading(ledger, aurora) as db:
        (only,) = await read_breaches(db, await report_in(db, aurora))
    assert (only.standing, only.count, only.worst) == ("", 1, timedelta(seconds=1))


async def test_what_has_no_due_instant_is_past_none(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promise(
        ledger, aurora, Metric.FIRST_CONTACT_RESOLUTION, Rule(goal=share_goal(9000)), within_s=86_400
    )
    clock.move_to(NOON + 3 * DAY)
    [first] = await tell(ledger, aurora, Contact(NOON, NOON + HOUR, closed=NOON + 2 * HOUR))
    async with ledger.begin(aurora.writing) as db:
        record(
            db, "interaction.recontacted", at=NOON + 3 * HOUR, lob_id=aurora.lob_id, interaction_id=first,
            by=new_id(db),
        )  # fmt: skip
    await catch_up(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        found = await read_breaches(db, await report_in(db, aurora))
    assert [(each.clause.metric, each.count, each.worst) for each in found] == [
        (Metric.FIRST_CONTACT_RESOLUTION, 1, None)
    ]
