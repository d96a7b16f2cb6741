from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.alarms import AT_ONCE, GRACE, raise_alarms, standing_at
from portavoce.reporting.facts import read_body
from portavoce.reporting.models import ClockAlarm
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.observing.rebuilding import rebuild
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import reading
from tests.reporting.telling import Contact, answer, tell
from tests.sla.clocks.stories import at, story

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
DUE, WARNED = NOON + 4 * HOUR, NOON + 3 * HOUR
"""Four open hours from noon, three quarters of them before the warning."""


async def alarms(database: Database, brand: Minted) -> list[tuple[str, datetime, str]]:
    query = select(ClockAlarm.kind, ClockAlarm.at, ClockAlarm.standing).order_by(
        ClockAlarm.at, ClockAlarm.kind
    )
    async with reading(database, brand) as db:
        return [(row.kind, row.at, row.standing) for row in await db.execute(query)]


async def told(database: Database, brand: Minted) -> list[tuple[str, dict[str, Any]]]:
    query = select(LedgerEvent.kind, LedgerEvent.body).where(
        LedgerEvent.kind.in_(("clock.warned", "clock.breached"))
    )
    async with reading(database, brand) as db:
        return [(row.kind, read_body(row.body)) for row in await db.execute(query.order_by(LedgerEvent.n))]


async def test_a_clock_is_told_once_before_it_is_due_and_once_after(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON)
    await tell(ledger, aurora, Contact(NOON))
    for moment, expected in (
        (WARNED - SECOND, 0), (WARNED, 1), (WARNED + SECOND, 0), (DUE + GRACE - SECOND, 0), (DUE + GRACE, 1), (DUE + DAY, 0),
    ):  # fmt: skip
        clock.move_to(moment)
        assert await raise_alarms(ledger, aurora.id) == expected
    assert await alarms(ledger, aurora) == [("warned", WARNED, "waiting"), ("breached", DUE, "waiting")]
    (_, warning), (kind, breach) = await told(ledger, aurora)
    assert (warning["cycle"], kind, breach["metric"], breach["standing"]) == (
        1,
        "clock.breached",
        "first_response",
        "waiting",
    )


async def test_what_was_answered_in_time_is_told_of_never(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(DUE + DAY)
    await tell(ledger, aurora, Contact(NOON, DUE))
    assert await raise_alarms(ledger, aurora.id) == 0
    assert await alarms(ledger, aurora) == []


async def test_what_was_late_while_nobody_watched_is_told_with_its_answer(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(DUE + DAY)
    (contact,) = await tell(ledger, aurora, Contact(NOON))
    await answer(ledger, aurora, contact, DUE + HOUR)
    assert await alarms(ledger, aurora) == [("breached", DUE, "waiting")]
    assert await raise_alarms(ledger, aurora.id) == 0
    assert [kind for kind, _ in await told(ledger, aurora)] == ["clock.breached"]


async def test_making_reports_anew_raises_nothing_again(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(DUE + DAY)
    await tell(ledger, aurora, Contact(NOON, DUE + HOUR), Contact(NOON))
    await raise_alarms(ledger, aurora.id)
    before = await told(ledger, aurora)
    await rebuild(ledger, aurora.id)
    await raise_alarms(ledger, aurora.id)
    assert await told(ledger, aurora) == before
    assert len(before) == 2


async def test_however_many_watch_each_is_told_once_and_all_of_them_are(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(DUE + DAY)
    await tell(ledger, aurora, *[Contact(NOON)] * (AT_ONCE + 3))
    await asyncio.gather(*(raise_alarms(ledger, aurora.id) for _ in range(3)))
    assert len(await alarms(ledger, aurora)) == len(await told(ledger, aurora)) == AT_ONCE + 3
    assert await catch_up(ledger, aurora.id) == AT_ONCE + 3


async def test_each_brands_clocks_are_its_own(ledger: Database, aurora: Minted, clock: SteppedClock) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    clock.move_to(DUE + DAY)
    for brand in (aurora, bosco):
        await tell(ledger, brand, Contact(NOON))
    assert await raise_alarms(ledger, aurora.id) == 1
    assert await alarms(ledger, bosco) == []


@pytest.mark.parametrize(
    ("moment", "standing"),
    [(at(4, 8), ""), (at(4, 9), "waiting"), (at(4, 10), "assigned"), (at(5), "with_client")],
)
def test_an_alarm_says_how_the_contact_stood(moment: datetime, standing: str) -> None:
    facts = story(("opened", at(4, 9)), ("assigned", at(4, 10)), ("with_client", at(4, 11)))
    assert standing_at(facts, moment) == standing
