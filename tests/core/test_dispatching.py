"""Committed rows are handed over once, and again only when they got stuck."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.dispatching import BATCH, STUCK, Head, dispatch
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.outbox import enqueue, enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from tests.database import Installation
from tests.minting import Minted, mint_brand


class Hands:
    """Where rows are handed to; `broken` ones do not take them."""

    def __init__(self) -> None:
        self.heads: list[Head] = []
        self.broken = False

    async def __call__(self, head: Head) -> None:
        if self.broken:
            raise ConnectionError("no Redis")
        self.heads.append(head)

    @property
    def ids(self) -> list[UUID]:
        return [head.id for head in self.heads]


@pytest_asyncio.fixture
async def own(empty_database: Installation, clock: SteppedClock) -> AsyncIterator[Database]:
    """Dispatching is over all brands, so each test has a database to itself."""
    database = Database(empty_database.urls, clock)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def aurora(own: Database) -> Minted:
    return await mint_brand(own)


@pytest.fixture
def hands() -> Hands:
    return Hands()


async def put(database: Database, brand: Minted, run_at: datetime | None = None) -> UUID:
    async with database.begin(brand.writing) as db:
        return enqueue(db, "email.deliver", brand.lob_id, run_at=run_at).id


async def row(database: Database, brand: Minted, row_id: UUID) -> Outbox:
    async with database.begin(brand.reading) as db:
        return await db.get_one(Outbox, (brand.id, row_id))


async def test_a_row_is_handed_over_once_and_that_is_not_a_try_yet(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    made = await put(own, aurora)
    assert [await dispatch(own, hands), await dispatch(own, hands)] == [1, 0]
    assert hands.heads == [Head(aurora.id, made, "email.deliver", 0)]
    kept = await row(own, aurora, made)
    assert (kept.state, kept.tries, kept.handed_at) == ("handed", 0, clock.now())


async def test_rows_of_every_brand_and_of_the_house_are_handed_over(
    own: Database, aurora: Minted, hands: Hands
) -> None:
    bosco = await mint_brand(own, "Bosco")
    made = {await put(own, aurora), await put(own, bosco)}
    async with own.begin(HOUSE) as db:
        made.add(enqueue_house_mail(db, "dino@voxa.example", "a", "b").id)
    assert await dispatch(own, hands) == 3
    assert set(hands.ids) == made
    assert {head.brand_id for head in hands.heads} == {aurora.id, bosco.id, None}


async def test_a_row_for_later_waits_for_its_time(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    await put(own, aurora, run_at=clock.now() + timedelta(minutes=1))
    assert await dispatch(own, hands) == 0
    clock.advance(timedelta(minutes=1))
    assert await dispatch(own, hands) == 1


async def test_a_row_whose_hand_over_was_lost_is_handed_again_when_stuck(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    made = await put(own, aurora)
    hands.broken = True
    with pytest.raises(ConnectionError):
        await dispatch(own, hands)
    hands.broken = False
    clock.advance(STUCK - timedelta(seconds=1))
    assert await dispatch(own, hands) == 0
    clock.advance(timedelta(seconds=1))
    assert await dispatch(own, hands) == 1
    assert hands.heads == [Head(aurora.id, made, "email.deliver", 0)]


async def test_one_broken_hand_over_leaves_the_other_rows_unmarked(
    own: Database, aurora: Minted, hands: Hands
) -> None:
    made = [await put(own, aurora) for _ in range(3)]
    hands.broken = True
    with pytest.raises(ConnectionError):
        await dispatch(own, hands)
    states = sorted([(await row(own, aurora, one)).state for one in made])
    assert states == ["handed", "pending", "pending"]


async def test_done_and_dead_rows_stay_where_they_are(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    for state in ("done", "dead"):
        made = await put(own, aurora)
        async with own.begin(aurora.writing) as db:
            (await db.get_one(Outbox, (aurora.id, made))).state = state
    clock.advance(timedelta(days=2))
    assert await dispatch(own, hands) == 0


async def test_dispatchers_at_once_hand_each_row_over_once(
    own: Database, aurora: Minted, hands: Hands
) -> None:
    made = {await put(own, aurora) for _ in range(20)}
    handed = await asyncio.gather(*(dispatch(own, hands) for _ in range(4)))
    assert sum(handed) == 20
    assert sorted(hands.ids) == sorted(made)


async def test_stuck_rows_are_handed_again_once_by_dispatchers_at_once(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    for _ in range(5):
        await put(own, aurora)
    await dispatch(own, hands)
    clock.advance(STUCK)
    assert sum(await asyncio.gather(*(dispatch(own, hands) for _ in range(4)))) == 5


async def test_a_row_postponed_since_it_was_seen_keeps_its_pause(
    own: Database, aurora: Minted, clock: SteppedClock
) -> None:
    made = [await put(own, aurora) for _ in range(2)]
    handed: list[UUID] = []

    async def postpone_the_other(head: Head) -> None:
        handed.append(head.id)
        other = next(one for one in made if one != head.id)
        async with own.begin(aurora.writing) as db:
            (await db.get_one(Outbox, (aurora.id, other))).run_at = clock.now() + timedelta(hours=1)

    assert await dispatch(own, postpone_the_other) == 1
    assert len(handed) == 1


async def test_a_round_takes_the_oldest_of_a_long_queue(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    late = await put(own, aurora)
    async with own.begin(aurora.writing) as db:
        (await db.get_one(Outbox, (aurora.id, late))).run_at = clock.now() - timedelta(seconds=1)
        for _ in range(BATCH):
            enqueue(db, "t", aurora.lob_id)
        await db.flush()
        (await db.get_one(Outbox, (aurora.id, late))).run_at = clock.now()
    clock.advance(timedelta(seconds=1))
    assert await dispatch(own, hands) == BATCH
    assert await dispatch(own, hands) == 1
    assert late in hands.ids


async def test_the_house_rows_are_swept_as_well(own: Database, hands: Hands, clock: SteppedClock) -> None:
    async with own.begin(HOUSE) as db:
        made = enqueue_house_mail(db, "dino@voxa.example", "a", "b").id
    await dispatch(own, hands)
    clock.advance(STUCK)
    await dispatch(own, hands)
    assert hands.ids == [made, made]
    async with own.begin(HOUSE) as db:
        assert (await db.scalars(select(HouseOutbox.state).where(HouseOutbox.id == made))).one() == "handed"


async def test_a_row_that_waits_for_an_absent_worker_uses_up_no_try(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    made = await put(own, aurora)
    for _ in range(20):
        await dispatch(own, hands)
        clock.advance(STUCK)
    assert len(hands.heads) == 20
    assert (await row(own, aurora, made)).tries == 0


async def test_what_leaves_at_once_leaves_though_our_clock_was_set_back_or_the_writers_is_ahead(
    own: Database, aurora: Minted, hands: Hands, clock: SteppedClock
) -> None:
    made = {await put(own, aurora)}
    async with own.begin(HOUSE) as db:
        made.add(enqueue_house_mail(db, "dino@voxa.example", "a", "b").id)
    later = await put(own, aurora, run_at=clock.now() + timedelta(minutes=1))
    clock.move_to(clock.now() - timedelta(hours=1))
    assert await dispatch(own, hands) == 2
    assert set(hands.ids) == made
    assert (await row(own, aurora, later)).state == "pending"
