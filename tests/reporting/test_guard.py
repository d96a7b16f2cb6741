"""Near misses and false alarms of a month, from bare facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from portavoce.core.db import Database
from portavoce.core.unit import now
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.ledger.writing import write_facts
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.guard import OVERRIDDEN, STOPPED, GuardMonth, answers_sent, read_guard
from tests.database import NOON
from tests.minting import Minted, mint_agent, mint_brand
from tests.reporting.reading import MARCH, counting, reading
from tests.reporting.telling import Contact, tell

HOUR = timedelta(hours=1)


@pytest.fixture
def database(make_database: Callable[..., Database], clock: SteppedClock) -> Database:
    clock.move_to(NOON + timedelta(days=40))
    return make_database(last_writers=(write_facts,))


async def told(database: Database, brand: Minted, kind: str, form: UUID | None, *, after: timedelta = HOUR, reason: str | None = None) -> None:  # fmt: skip
    async with database.begin(brand.writing) as db:
        record(
            db, kind, at=NOON + after, interaction_id=uuid4(), brand_agent_id=uuid4(), kinds=["domain"],
            form=None if form is None else str(form), reason=reason,
        )  # fmt: skip


async def guard_of(database: Database, brand: Minted) -> GuardMonth:
    async with reading(database, brand) as db:
        anchor = Anchor(*await last_fact(db, brand.id), now(db))
        return await read_guard(db, "Europe/Rome", MARCH, anchor)


async def test_a_form_counts_once_and_as_what_became_of_it(database: Database) -> None:
    brand = await mint_brand(database)
    corrected, overridden = uuid4(), uuid4()
    for form in (corrected, corrected, overridden, None, None):
        await told(database, brand, STOPPED, form)
    await told(database, brand, OVERRIDDEN, overridden, after=2 * HOUR, reason="quotation")
    found = await guard_of(database, brand)
    assert (len(found.near_misses), len(found.false_alarms)) == (3, 1)
    assert (found.false_alarms[0].reason, found.false_alarms[0].kinds) == ("quotation", ("domain",))


async def test_a_month_holds_its_own_and_an_override_of_the_next_is_no_near_miss_of_this(
    database: Database,
) -> None:
    brand, form = await mint_brand(database), uuid4()
    await told(database, brand, STOPPED, None, after=timedelta(days=-5))
    await told(database, brand, STOPPED, None, after=timedelta(days=35))
    await told(database, brand, STOPPED, form)
    await told(database, brand, OVERRIDDEN, form, after=timedelta(days=35), reason="needed")
    found = await guard_of(database, brand)
    assert (found.near_misses, found.false_alarms) == ([], [])


async def test_shares_are_taken_of_what_people_sent(database: Database) -> None:
    brand = await mint_brand(database)
    _, anna = await mint_agent(database, brand)
    await tell(database, brand, *[Contact(NOON, NOON + HOUR, anna)] * 3, Contact(NOON, None, automatic=True))
    await told(database, brand, STOPPED, uuid4())
    found = await guard_of(database, brand)
    assert found.sends == 3
    assert found.per_thousand(found.near_misses) == Decimal("333.33")
    assert GuardMonth([], [], 0).per_thousand([]) is None
    async with reading(database, brand) as db:
        anchor = Anchor(*await last_fact(db, brand.id), now(db))
        pages = [
            await answers_sent(db, "Europe/Rome", MARCH, anchor, first=n, size=2) for n in range(0, 4, 2)
        ]
    assert [len(page) for page in pages] == [2, 1]
    assert all(act.ticket is not None for page in pages for act in page)


async def test_however_many_there_are_two_queries_read_them(database: Database) -> None:
    brand = await mint_brand(database)
    for count in (1, 4):
        for _ in range(count):
            await told(database, brand, STOPPED, uuid4())
        async with reading(database, brand) as db:
            anchor = Anchor(*await last_fact(db, brand.id), now(db))
            with counting(database) as seen:
                await read_guard(db, "Europe/Rome", MARCH, anchor)
        assert len(seen) == 2
