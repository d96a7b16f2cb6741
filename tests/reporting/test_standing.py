"""When a figure is final: each metric matures at its own time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.reporting.commitments import Commitment
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.relief.holding import relieved
from portavoce.reporting.standing import read_standing
from portavoce.sla.clocks.rules import Return
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.windows import Window
from portavoce.sla.rules import Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import MARCH, reading, report_in
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
END = MARCH.bounds("Europe/Rome")[1]
SHARE = share_goal(8_000)


def solved(opened: datetime, closed: datetime) -> Contact:
    return Contact(opened, opened + HOUR, closed=closed)


async def standing(ledger: Database, brand: Minted, metric: Metric) -> Commitment:
    async with reading(ledger, brand) as db:
        found = await read_standing(db, await report_in(db, brand))
    return next(each for each in found if each.clause.metric == metric)


@pytest.mark.parametrize(
    ("metric", "rule", "within", "after"),
    [
        (Metric.FIRST_CONTACT_RESOLUTION, Rule(goal=SHARE), timedelta(days=7), timedelta(days=7)),
        (Metric.FIRST_CONTACT_RESOLUTION, Rule(goal=SHARE), timedelta(hours=24), timedelta(hours=24)),
        (Metric.RESOLUTION, Rule(goal=SHARE), 90 * DAY, DAY),
        (Metric.RESOLUTION, Rule(goal=SHARE, returns=Return.FIRST), 90 * DAY, timedelta(0)),
        (Metric.HANDLE_TIME, Rule(goal=Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(600))), None, timedelta(0)),
    ],
)  # fmt: skip
async def test_a_figure_is_final_when_no_return_can_change_it(
    ledger: Database,
    aurora: Minted,
    clock: SteppedClock,
    metric: Metric,
    rule: Rule,
    within: timedelta | None,
    after: timedelta,
) -> None:
    await promise(
        ledger, aurora, metric, rule, within_s=None if within is None else int(within.total_seconds())
    )
    await tell(ledger, aurora, solved(NOON + DAY, NOON + DAY + 2 * HOUR))
    for moment, is_final in ((END + after - HOUR, False), (END + after, True)):
        clock.move_to(moment)
        found = await standing(ledger, aurora, metric)
        assert (found.final_from, found.is_final) == (END + after, is_final)
        assert found.value is not None


async def test_a_contact_solved_after_its_month_matures_later_than_the_month(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promise(ledger, aurora, Metric.RESOLUTION, Rule(goal=SHARE), within_s=90 * 86_400)
    clock.move_to(END + 3 * DAY)
    await tell(ledger, aurora, solved(END - DAY, END + 2 * DAY))
    found = await standing(ledger, aurora, Metric.RESOLUTION)
    assert (found.final_from, found.is_final) == (END + 3 * DAY, True)
    assert found.counts.met == 1


async def test_what_a_relief_takes_out_keeps_no_figure_from_being_final(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promise(ledger, aurora, Metric.RESOLUTION, Rule(goal=SHARE), within_s=90 * 86_400)
    clock.move_to(END + 3 * DAY)
    await tell(ledger, aurora, solved(END - DAY, END + 2 * DAY), solved(NOON + DAY, NOON + DAY + 2 * HOUR))
    window = Window(cause=Cause.FORCE_MAJEURE, starts_at=END - DAY, ends_at=END)
    async with reading(ledger, aurora) as db:
        found = await read_standing(db, await report_in(db, aurora), besides=relieved([window]))
    (without,) = [each for each in found if each.clause.metric == Metric.RESOLUTION]
    assert without.final_from == END + DAY


async def test_who_comes_back_about_the_same_is_counted_against_the_month_of_the_solution(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promise(ledger, aurora, Metric.FIRST_CONTACT_RESOLUTION, Rule(goal=SHARE), within_s=7 * 86_400)
    clock.move_to(END + 40 * DAY)
    _, _, _, back = await tell(ledger, aurora, *[solved(END - 2 * DAY, END - DAY)] * 4)
    async with ledger.begin(aurora.writing) as db:
        record(
            db, "interaction.recontacted", at=END + DAY, lob_id=aurora.lob_id, interaction_id=back, by=new_id(db)
        )  # fmt: skip
    await catch_up(ledger, aurora.id)
    found = await standing(ledger, aurora, Metric.FIRST_CONTACT_RESOLUTION)
    assert (found.counts.met, found.counts.late) == (3, 1)
    assert (found.on_target, found.is_final) == (False, True)
