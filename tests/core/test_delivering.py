"""The worker's side: one effect per row, pauses that grow, an end that is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from sqlalchemy.exc import OperationalError

from portavoce.core.db import Database
from portavoce.core.delivering import (
    BACKOFF,
    PATIENT_FOR,
    STRIKES,
    Handler,
    Hopeless,
    Job,
    Retry,
    work_on,
)
from portavoce.core.jobs import Envelope
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.outbox import enqueue, enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from tests.minting import Minted, mint_brand

TOPIC = "t"


@dataclass
class Work:
    """A handler that keeps what it was asked, and raises what it is told, one after the other."""

    troubles: list[Exception | None] = field(default_factory=list)
    delivered: list[Job] = field(default_factory=list)
    given_up: list[tuple[Job, str]] = field(default_factory=list)
    house: list[UUID] = field(default_factory=list)

    async def deliver(self, _database: Database, job: Job) -> None:
        self.delivered.append(job)
        self._stumble()

    async def give_up(self, _database: Database, job: Job, words: str) -> None:
        self.given_up.append((job, words))

    async def deliver_house(self, row: HouseOutbox) -> None:
        self.house.append(row.id)
        self._stumble()

    def _stumble(self) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble


async def handed(
    database: Database,
    brand: Minted,
    *,
    tries: int = 0,
    strikes: int = 0,
    age: timedelta = timedelta(0),
    topic: str = TOPIC,
) -> Envelope:
    """A row as the dispatcher leaves it, with the envelope it sends."""
    async with database.begin(brand.writing) as db:
        row = enqueue(db, topic, brand.lob_id)
        row.state, row.tries, row.strikes, row.handed_at = "handed", tries, strikes, database.clock.now()
        row.created_at = database.clock.now() - age
    return envelope(brand.id, row.id, tries, database)


def envelope(brand_id: UUID | None, row_id: UUID, tries: int, database: Database) -> Envelope:
    return Envelope(1, TOPIC, brand_id, row_id, tries, database.clock.now())


async def stored(database: Database, brand: Minted, sealed: Envelope) -> Outbox:
    async with database.begin(brand.reading) as db:
        return await db.get_one(Outbox, (brand.id, sealed.outbox_id))


async def run(database: Database, work: Work, sealed: Envelope, topics: Sequence[str] = (TOPIC,)) -> None:
    handlers = {topic: Handler(work.deliver, work.give_up) for topic in topics}
    await work_on(database, sealed, handlers, work.deliver_house)


async def test_a_row_is_worked_on_and_done(database: Database, clock: SteppedClock) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora)
    await run(database, work, sealed)
    row = await stored(database, aurora, sealed)
    assert work.delivered == [Job(aurora.id, aurora.lob_id)]
    assert (row.state, row.done_at, row.last_error) == ("done", clock.now(), None)


async def test_the_same_envelope_twice_has_one_effect(database: Database) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora)
    for _ in range(2):
        await run(database, work, sealed)
    assert len(work.delivered) == 1


async def test_an_envelope_of_an_earlier_try_is_left_alone(database: Database) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora, tries=1)
    await run(database, work, envelope(aurora.id, sealed.outbox_id, 0, database))
    assert work.delivered == []
    assert (await stored(database, aurora, sealed)).state == "handed"


async def test_an_envelope_that_names_the_wrong_brand_finds_nothing(database: Database) -> None:
    aurora, bosco, work = await mint_brand(database), await mint_brand(database, "Bosco"), Work()
    sealed = await handed(database, aurora)
    for brand_id in (bosco.id, None):
        await run(database, work, envelope(brand_id, sealed.outbox_id, 0, database))
    assert work.delivered == []
    assert work.house == []


async def test_work_that_begins_late_is_not_stuck_yet(database: Database, clock: SteppedClock) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora)
    clock.advance(timedelta(seconds=59))
    seen = []

    async def look(_database: Database, _job: Job) -> None:
        seen.append((await stored(database, aurora, sealed)).handed_at)

    await work_on(database, sealed, {TOPIC: Handler(look, work.give_up)}, work.deliver_house)
    assert seen == [clock.now()]


async def test_what_is_put_off_is_tried_for_two_days_after_pauses_that_double_to_a_limit(
    database: Database, clock: SteppedClock
) -> None:
    aurora, pauses = await mint_brand(database), []
    for tries in (0, 1, 2, 10, 200):
        work = Work([Retry("the relay is busy", longest=timedelta(minutes=4))])
        sealed = await handed(database, aurora, tries=tries, age=PATIENT_FOR - timedelta(seconds=1))
        await run(database, work, sealed)
        row = await stored(database, aurora, sealed)
        assert (row.state, row.last_error, row.strikes) == ("pending", "Retry: the relay is busy", 0)
        assert work.given_up == []
        pauses.append((row.run_at - clock.now()).total_seconds())
    for pause, middle in zip(pauses, (10, 20, 40, 240, 240), strict=True):
        assert 0.8 * middle <= pause <= 1.2 * middle
    work = Work([Retry("the relay is busy")])
    sealed = await handed(database, aurora, tries=200, age=PATIENT_FOR)
    await run(database, work, sealed)
    assert (await stored(database, aurora, sealed)).state == "dead"
    assert work.given_up == [(Job(aurora.id, aurora.lob_id), "the relay is busy")]


async def test_what_was_put_off_together_comes_back_apart(database: Database, clock: SteppedClock) -> None:
    aurora, due = await mint_brand(database), set()
    for _ in range(6):
        sealed = await handed(database, aurora, tries=9)
        await run(database, Work([Retry("away")]), sealed)
        due.add((await stored(database, aurora, sealed)).run_at)
    assert len(due) == 6


async def test_what_is_hopeless_is_given_up_at_once(database: Database) -> None:
    aurora, work = await mint_brand(database), Work([Hopeless("no such person")])
    sealed = await handed(database, aurora)
    await run(database, work, sealed)
    assert (await stored(database, aurora, sealed)).state == "dead"
    assert [words for _, words in work.given_up] == ["no such person"]


async def test_a_bug_is_tried_a_handful_of_times_and_its_text_is_not_for_people(
    database: Database, clock: SteppedClock
) -> None:
    aurora = await mint_brand(database)
    for strikes in range(STRIKES - 1):
        sealed = await handed(database, aurora, tries=90, strikes=strikes)
        await run(database, Work([KeyError("secret")]), sealed)
        row = await stored(database, aurora, sealed)
        assert (row.state, row.run_at) == ("pending", clock.now() + BACKOFF[strikes])
    work = Work([KeyError("secret")])
    last = await handed(database, aurora, tries=90, strikes=STRIKES - 1)
    await run(database, work, last)
    row = await stored(database, aurora, last)
    assert (row.state, row.last_error) == ("dead", "KeyError: 'secret'")
    assert [words for _, words in work.given_up] == ["an unexpected error on our side"]


async def test_a_database_that_went_away_under_a_job_is_no_bug(database: Database) -> None:
    aurora = await mint_brand(database)
    away = OperationalError("UPDATE", {}, psycopg.errors.AdminShutdown())
    sealed = await handed(database, aurora, strikes=STRIKES - 1)
    await run(database, Work([away]), sealed)
    row = await stored(database, aurora, sealed)
    assert (row.state, row.strikes, row.last_error) == ("pending", 0, "Retry: our database was away")


async def test_what_was_cut_off_at_every_try_is_given_up_without_another(database: Database) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora, strikes=STRIKES)
    await run(database, work, sealed)
    assert work.delivered == []
    assert [words for _, words in work.given_up] == ["cut off at every try"]
    assert (await stored(database, aurora, sealed)).state == "dead"


async def test_one_cut_off_after_many_put_offs_is_tried_again(database: Database) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora, tries=300, strikes=1)
    await run(database, work, sealed)
    assert (await stored(database, aurora, sealed)).state == "done"


async def test_a_topic_nobody_handles_ends_as_a_dead_letter(database: Database) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora, strikes=STRIKES - 1)
    await run(database, work, sealed, topics=())
    row = await stored(database, aurora, sealed)
    assert (row.state, row.last_error) == ("dead", "KeyError: 't'")


async def house_row(database: Database, strikes: int = 0) -> Envelope:
    async with database.begin(HOUSE) as db:
        row = enqueue_house_mail(db, "dino@voxa.example", "a", "b")
        row.state, row.strikes, row.handed_at = "handed", strikes, database.clock.now()
    return envelope(None, row.id, 0, database)


async def house_state(database: Database, sealed: Envelope) -> tuple[str, str | None]:
    async with database.begin(HOUSE) as db:
        row = await db.get_one(HouseOutbox, sealed.outbox_id)
    return row.state, row.last_error


async def test_house_mail_is_worked_on_once_however_often_it_is_handed(database: Database) -> None:
    work, sealed = Work(), await house_row(database)
    for _ in range(2):
        await run(database, work, sealed)
    assert work.house == [sealed.outbox_id]
    assert await house_state(database, sealed) == ("done", None)


async def test_house_mail_is_tried_again_and_buried_with_its_reason(database: Database) -> None:
    first = await house_row(database)
    await run(database, Work([Retry("no")]), first)
    assert await house_state(database, first) == ("pending", "Retry: no")
    bug = await house_row(database)
    await run(database, Work([ValueError("newline")]), bug)
    assert await house_state(database, bug) == ("pending", "ValueError: newline")
    last = await house_row(database, STRIKES - 1)
    await run(database, Work([ValueError("newline")]), last)
    assert await house_state(database, last) == ("dead", "ValueError: newline")
    refused = await house_row(database)
    await run(database, Work([Hopeless("no such person")]), refused)
    assert await house_state(database, refused) == ("dead", "Hopeless: no such person")


async def test_two_workers_with_the_same_envelope_at_once_work_on_it_once(database: Database) -> None:
    aurora, work = await mint_brand(database), Work()
    sealed = await handed(database, aurora)
    await asyncio.gather(*(run(database, work, sealed) for _ in range(4)))
    assert len(work.delivered) == 1


async def test_work_begun_by_a_clock_that_is_behind_is_no_older_than_its_hand_over(
    database: Database, clock: SteppedClock
) -> None:
    """Or the dispatcher would take it for stuck while it runs, and hand it to a second worker."""
    aurora, seen = await mint_brand(database), list[datetime | None]()
    sealed, at = await handed(database, aurora), clock.now()
    clock.move_to(at - timedelta(minutes=2))

    async def look(_database: Database, _job: Job) -> None:
        seen.append((await stored(database, aurora, sealed)).handed_at)

    await work_on(database, sealed, {TOPIC: Handler(look, Work().give_up)}, Work().deliver_house)
    assert seen == [at]


async def test_a_row_that_nobody_can_be_told_of_is_dead_all_the_same(database: Database) -> None:
    aurora = await mint_brand(database)
    sealed = await handed(database, aurora, strikes=STRIKES - 1)

    async def gone(_database: Database, _job: Job, *_words: str) -> None:
        raise LookupError("what it was about is not there")

    await work_on(database, sealed, {TOPIC: Handler(gone, gone)}, Work().deliver_house)
    row = await stored(database, aurora, sealed)
    assert (row.state, row.last_error) == ("dead", "LookupError: what it was about is not there")
