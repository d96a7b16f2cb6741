from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL
from sqlalchemy import func, select, update

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.models import Observation, ReportHead, Tally
from portavoce.reporting.observing.following import catch_up, follow_all, follower
from portavoce.reporting.observing.rebuilding import fingerprint, rebuild
from portavoce.reporting.reconciling import report_faults
from tests.database import NOON, Installation
from tests.minting import Minted, mint_brand
from tests.reporting.reading import MARCH, reading, report
from tests.reporting.telling import Contact, answer, record_contacts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def chance_contacts(chance: Random, count: int) -> list[Contact]:
    """Over five days, some answered in time, some late, some by a machine only, some never."""
    openings = [NOON + chance.randrange(5 * 24 * 60) * timedelta(minutes=1) for _ in range(count)]
    return [
        Contact(
            opened,
            opened + chance.randrange(1, 40) * HOUR if chance.random() < 0.7 else None,
            automatic=chance.random() < 0.3,
            channel=chance.choice(["email", "email", "chat"]),
        )
        for opened in openings
    ]


async def print_of(database: Database, brand: Minted) -> str:
    async with reading(database, brand) as db:
        return await fingerprint(db)


async def test_in_any_batches_and_made_anew_it_comes_out_the_same(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 8 * DAY)
    contacts = await record_contacts(ledger, aurora, *chance_contacts(Random(7), 40))
    await catch_up(ledger, aurora.id)
    for each in contacts[:10]:
        await answer(ledger, aurora, each, NOON + 7 * DAY)
        await catch_up(ledger, aurora.id)
    followed = await print_of(ledger, aurora)
    for size in (1, 7, 1000):
        await rebuild(ledger, aurora.id, size=size)
        assert await print_of(ledger, aurora) == followed


async def test_sums_are_those_of_what_stands_and_the_month_is_that_of_the_facts(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 8 * DAY)
    await record_contacts(ledger, aurora, *chance_contacts(Random(8), 60))
    await catch_up(ledger, aurora.id)
    found = await report(ledger, aurora, MARCH)
    async with reading(ledger, aurora) as db:
        for grain in ("interval", "hour", "day", "month"):
            sums = {
                row.measure: row
                for row in await db.execute(
                    select(
                        Tally.measure,
                        func.sum(Tally.units).label("units"),
                        func.sum(Tally.ended).label("ended"),
                        func.sum(Tally.met).label("met"),
                    )
                    .where(Tally.grain == grain)
                    .group_by(Tally.measure)
                )
            }
            assert sums["contact"].units == found.count("received")
            assert sums["contact"].ended == found.count("answered")
            assert sums["first_response"].met == found.count("within")


async def test_each_state_of_the_ledger_can_be_told_again(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    (contact,) = await record_contacts(ledger, aurora, Contact(NOON))
    await answer(ledger, aurora, contact, NOON + HOUR)
    await catch_up(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        rows = await db.execute(
            select(Observation.from_n, Observation.until_n, Observation.state, Observation.until)
            .where(Observation.measure == "first_response")
            .order_by(Observation.from_n)
        )
        assert [tuple(row) for row in rows] == [(1, 3, "open", None), (3, None, "met", NOON + HOUR)]


async def test_who_follows_at_the_same_time_counts_nothing_twice(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 8 * DAY)
    await record_contacts(ledger, aurora, *chance_contacts(Random(9), 30))
    await asyncio.gather(*(catch_up(ledger, aurora.id, size=5) for _ in range(4)))
    together = await print_of(ledger, aurora)
    await rebuild(ledger, aurora.id)
    assert await print_of(ledger, aurora) == together


async def test_the_head_stands_at_the_last_fact_and_each_brand_has_its_own(
    ledger: Database, aurora: Minted
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    await record_contacts(ledger, aurora, Contact(NOON))
    await record_contacts(ledger, bosco, Contact(NOON, NOON + HOUR))
    assert (await catch_up(ledger, aurora.id), await catch_up(ledger, bosco.id)) == (2, 3)
    assert await catch_up(ledger, aurora.id) == 0
    async with reading(ledger, aurora) as db:
        assert await db.scalar(select(ReportHead.n)) == await db.scalar(select(func.max(LedgerEvent.n)))
        assert set(await db.scalars(select(Tally.brand_id))) == {aurora.id}


@pytest.mark.parametrize("changed", [1, 3])
async def test_a_cut_connection_leaves_all_of_a_batch_or_nothing(
    ledger: Database, aurora: Minted, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch, changed: int
) -> None:
    clock.move_to(NOON + DAY)
    await record_contacts(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON + HOUR))
    await catch_up(ledger, aurora.id, size=changed)
    whole = await print_of(ledger, aurora)

    def fall(*_: object) -> UUID:
        raise ConnectionError("cut")

    await record_contacts(ledger, aurora, Contact(NOON + 2 * HOUR))
    with monkeypatch.context() as patch:
        patch.setattr("portavoce.reporting.observing.following.changes_of", fall)
        with pytest.raises(ConnectionError):
            await catch_up(ledger, aurora.id)
    assert await print_of(ledger, aurora) == whole
    assert await catch_up(ledger, aurora.id) == 2


async def test_every_brand_that_lags_is_followed_and_one_that_cannot_be_keeps_nobody_waiting(
    quiet_ledger: Database, empty_database: Installation
) -> None:
    aurora, bosco = [await mint_brand(quiet_ledger, name) for name in ("Aurora", "Bosco")]
    for brand in (aurora, bosco):
        await record_contacts(quiet_ledger, brand, Contact(NOON))
    with psycopg.connect(empty_database.superuser_dsn, autocommit=True) as superuser:
        check = SQL("ALTER TABLE pv.report_head ADD CONSTRAINT cut CHECK (brand_id <> {}) NOT VALID")
        superuser.execute(check.format(str(aurora.id)))
        assert await follow_all(quiet_ledger) == 2
        for brand, expected in ((aurora, 0), (bosco, 1)):
            async with reading(quiet_ledger, brand) as db:
                counted = select(func.count(Observation.from_n)).where(Observation.measure == "contact")
                assert await db.scalar(counted) == expected
        superuser.execute("ALTER TABLE pv.report_head DROP CONSTRAINT cut")
    assert await follow_all(quiet_ledger) == 2
    assert await follow_all(quiet_ledger) == 0


async def test_what_was_read_by_older_rules_is_read_anew_at_once(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 8 * DAY)
    await record_contacts(ledger, aurora, *chance_contacts(Random(10), 10))
    await catch_up(ledger, aurora.id)
    followed = await print_of(ledger, aurora)
    async with ledger.begin(aurora.writing) as db:
        (await db.get_one(ReportHead, aurora.id)).rules = 1
        await db.execute(update(Observation).values(used_s=1))
    async with reading(ledger, aurora) as db:
        assert await report_faults(db) == []
    await catch_up(ledger, aurora.id)
    assert await print_of(ledger, aurora) == followed


async def test_a_process_that_starts_looks_at_every_brand_once(quiet_ledger: Database) -> None:
    aurora = await mint_brand(quiet_ledger, "Aurora")
    await record_contacts(quiet_ledger, aurora, Contact(NOON))
    assert await follow_all(quiet_ledger) == 2
    async with quiet_ledger.begin(aurora.writing) as db:
        (await db.get_one(ReportHead, aurora.id)).rules = 1
    assert await follow_all(quiet_ledger) == 0
    follow = follower(quiet_ledger)
    assert [await follow(), await follow()] == [2, 0]
