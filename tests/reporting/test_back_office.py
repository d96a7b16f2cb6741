"""Questions to the client's back office in a month, from bare facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from portavoce.core.db import Database
from portavoce.core.unit import now
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.ledger.writing import write_facts
from portavoce.reporting.back_office import (
    ANSWERED,
    ASKED,
    MOVED,
    RECALLED,
    End,
    Questions,
    read_questions,
    told_of,
)
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.months import Month
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import MARCH, counting, reading

HOUR = timedelta(hours=1)
AS_OF = NOON + timedelta(days=40)
EVER = 1_000


@pytest.fixture
def database(make_database: Callable[..., Database], clock: SteppedClock) -> Database:
    clock.move_to(AS_OF)
    return make_database(last_writers=(write_facts,))


async def asked(
    database: Database,
    brand: Minted,
    *,
    at: datetime = NOON,
    due: timedelta | None = 4 * HOUR,
    answered: timedelta | None = None,
    recalled: timedelta | None = None,
    moved: timedelta | None = None,
) -> UUID:
    """A question and its end, as facts; gives the contact."""
    contact, request = uuid4(), uuid4()
    async with database.begin(brand.writing) as db:
        told: dict[str, Any] = {
            "interaction_id": contact,
            "request": request,
            "due": None if due is None else at + due,
        }
        record(db, ASKED, at=at, brand_agent_id=uuid4(), **told)
        if moved is not None:
            record(db, MOVED, at=at + HOUR, **{**told, "due": at + moved})
        if answered is not None:
            record(db, ANSWERED, at=at + answered, actor="client", **told)
        if recalled is not None:
            record(db, RECALLED, at=at + recalled, **told)
    return contact


async def questions_of(database: Database, brand: Minted, month: Month = MARCH) -> Questions:
    async with reading(database, brand) as db:
        anchor = Anchor(*await last_fact(db, brand.id), now(db))
        return await read_questions(db, "Europe/Rome", month, anchor)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ({"answered": 4 * HOUR}, End.MET),
        ({"answered": 4 * HOUR + timedelta(microseconds=1)}, End.LATE),
        ({}, End.LATE),
        ({"due": timedelta(days=60)}, End.RUNNING),
        ({"due": None, "answered": HOUR}, End.NO_TARGET),
        ({"recalled": 9 * HOUR}, End.RECALLED),
        ({"answered": 5 * HOUR, "moved": 5 * HOUR}, End.MET),
        ({"answered": 4 * HOUR, "moved": 3 * HOUR}, End.LATE),
        ({"moved": timedelta(days=60)}, End.RUNNING),
    ],
)
async def test_a_question_stands_as_its_facts_say_and_the_due_instant_is_in_time(
    database: Database, given: dict[str, timedelta | None], end: End
) -> None:
    brand = await mint_brand(database)
    contact = await asked(database, brand, **given)  # type: ignore[arg-type]  # -- each a keyword of `asked`
    [found] = (await questions_of(database, brand)).asked
    assert (found.interaction_id, found.end) == (contact, end)


async def test_the_share_is_of_the_decided_and_the_month_that_of_the_asking(database: Database) -> None:
    brand = await mint_brand(database)
    assert (await questions_of(database, brand)).share_bp is None
    for answered in (HOUR, 2 * HOUR, 9 * HOUR):
        await asked(database, brand, answered=answered)
    await asked(database, brand, due=timedelta(days=60))
    last = datetime.fromisoformat("2026-03-31T21:30:00+00:00")
    await asked(database, brand, at=last, answered=HOUR)
    await asked(database, brand, at=last + HOUR)
    march = await questions_of(database, brand)
    assert [len(march.of(end)) for end in (End.MET, End.LATE, End.RUNNING)] == [3, 1, 1]
    assert march.share_bp == 7_500
    april = await questions_of(database, brand, Month(2026, 4))
    assert len(april.asked) == 1


async def test_what_came_of_a_question_in_a_later_month_is_told_and_nothing_else_of_it_is_read(
    database: Database,
) -> None:
    brand = await mint_brand(database)
    contact = await asked(database, brand, due=timedelta(days=60), answered=timedelta(days=35))
    await asked(database, brand, at=NOON + timedelta(days=33), answered=HOUR)
    [only] = (await questions_of(database, brand)).asked
    assert (only.interaction_id, only.end, only.ended_at) == (contact, End.MET, NOON + timedelta(days=35))
    async with database.begin(brand.reading) as db:
        march = MARCH.bounds("Europe/Rome")
        told = (await db.execute(told_of(*march, EVER))).all()
    assert {row.interaction_id for row in told} == {contact}


async def test_it_takes_one_statement_however_many_there_are(database: Database) -> None:
    brand = await mint_brand(database)
    for _ in range(2):
        for _ in range(3):
            await asked(database, brand, answered=HOUR)
        async with reading(database, brand) as db:
            anchor = Anchor(*await last_fact(db, brand.id), now(db))
            with counting(database) as statements:
                await read_questions(db, "Europe/Rome", MARCH, anchor)
        assert len(statements) == 1
