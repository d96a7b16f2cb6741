"""A final month is issued once, and again only when its figures change."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.issuing import AT_LAST, Issue, issue_months, read_issues
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import MARCH, reading, report
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
END = MARCH.bounds("Europe/Rome")[1]


@pytest_asyncio.fixture
async def march(ledger: Database, aurora: Minted, clock: SteppedClock) -> Database:
    """Two contacts of March, one in time and one late."""
    clock.move_to(END + DAY)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON + DAY, NOON + 3 * DAY))
    return ledger


async def issues(database: Database, brand: Minted) -> list[Issue]:
    async with reading(database, brand) as db:
        return await read_issues(db, MARCH)


async def test_a_month_that_is_final_is_issued_once_however_often_it_is_looked_at(
    march: Database, aurora: Minted
) -> None:
    assert [await issue_months(march, aurora.id) for _ in range(2)] == [1, 0]
    (only,) = await issues(march, aurora)
    (figure,) = only.figures.clauses
    assert (only.number, only.n, only.figures.received) == (1, 7, 2)
    assert (figure.value, figure.adjusted, figure.met, figure.decided) == ("1/2", None, 1, 2)


async def test_what_changes_it_later_is_a_further_issue_and_the_first_stays_as_it_was(
    march: Database, aurora: Minted
) -> None:
    await issue_months(march, aurora.id)
    (first,) = await issues(march, aurora)
    await tell(march, aurora, Contact(NOON + 2 * DAY, NOON + 2 * DAY + HOUR))
    assert await issue_months(march, aurora.id) == 1
    assert (await issues(march, aurora))[0] == first
    (figure,) = (await issues(march, aurora))[1].figures.clauses
    assert (figure.value, (await report(march, aurora)).count("within")) == ("2/3", 2)


async def test_what_comes_later_and_changes_no_figure_issues_nothing(
    march: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await issue_months(march, aurora.id)
    clock.advance(2 * DAY)
    await tell(march, aurora, Contact(END + DAY, END + DAY + HOUR))
    assert await issue_months(march, aurora.id) == 0


async def test_a_month_of_which_something_runs_waits_but_not_for_ever(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """A question to the client stops the clock of the solution as long as it is open."""
    await promise(
        ledger, aurora, Metric.RESOLUTION, Rule(goal=share_goal(8_000)), within_s=120 * 86_400, always=True
    )
    clock.move_to(END + AT_LAST - DAY)
    (contact,) = await tell(ledger, aurora, Contact(NOON))
    await answer(ledger, aurora, contact, NOON + HOUR)
    await issue_months(ledger, aurora.id)
    assert await issues(ledger, aurora) == []
    clock.move_to(END + AT_LAST)
    await issue_months(ledger, aurora.id)
    assert len(await issues(ledger, aurora)) == 1


async def test_the_running_month_is_never_issued(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(END - HOUR)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR))
    assert await issue_months(ledger, aurora.id) == 0


async def test_an_issue_is_a_fact(march: Database, aurora: Minted) -> None:
    await issue_months(march, aurora.id)
    async with reading(march, aurora) as db:
        fact = await db.get_one(LedgerEvent, (aurora.id, 8))
    assert (fact.kind, '"month":"2026-03"' in fact.body) == ("report.issued", True)
