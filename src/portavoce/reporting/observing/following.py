"""Follow a brand's ledger: what its new facts make of each contact is written down, and the sums move with it.

Each batch is one transaction behind the lock of the brand's head, so nothing is counted twice by whoever runs it. What
comes out depends on the facts alone and not on how they were cut into batches: each fact is a step of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import accumulate, count
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import ARRAY, Uuid, any_, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.brands.resolving import all_brand_ids
from portavoce.core.db import DISPATCH, Database
from portavoce.core.logs import about
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import insert_many, written_brand
from portavoce.kit.ids import EPOCH
from portavoce.reporting.alarms import tell_late
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.reporting.models import Observation, ReportHead, Tally
from portavoce.reporting.observing.changes import Kept, changes_of, follow
from portavoce.reporting.observing.reading import PUBLISHED, News, facts_of, news
from portavoce.reporting.observing.recontacts import tell_recontacts
from portavoce.reporting.observing.summing import add_to_sums
from portavoce.reporting.observing.units import READ, RULES, Unit, units
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.rules import Terms

BATCH = 500
LOG = structlog.get_logger()
BEHIND = trusted_sql("reporting.behind", "SELECT b FROM pv.brands_behind() AS b")
VALUES = tuple(Unit.__struct_fields__)


def follower(database: Database) -> Callable[[], Awaitable[int]]:
    """For a process that starts: its first round goes to every brand, since its rules may be newer than what was read."""
    rounds = count()

    async def follow() -> int:
        return await follow_all(database, everyone=next(rounds) == 0)

    return follow


async def follow_all(database: Database, *, everyone: bool = False) -> int:
    """Every brand whose ledger has grown; one that cannot be followed keeps no other waiting. How many facts were read."""
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db) if everyone else (await db.scalars(BEHIND)).all()
    total = 0
    for brand_id in brands:
        with about(brand=str(brand_id)):
            try:
                total += await catch_up(database, brand_id)
            except Exception:
                LOG.exception("a brand's reports fell behind", brand=str(brand_id))
    return total


async def catch_up(database: Database, brand_id: UUID, *, size: int = BATCH) -> int:
    """Until nothing is left; the number of facts that were read."""
    total = 0
    while read := await database.run(Scope.writing(brand_id), partial(_read_on, size=size)):
        total += read
    return total


async def read_anew(db: AsyncSession, *, size: int = BATCH) -> int:
    """Forget all that is kept and read the ledger from its first fact, in one transaction: nobody sees it half-way."""
    head = await _head(db)
    for table in (Tally, Observation):
        await db.execute(delete(table))
    head.n, head.at, head.rules = 0, EPOCH, RULES
    total = 0
    while read := await _read_from(db, head, size):
        await db.flush()
        total += read
    return total


async def _read_on(db: AsyncSession, *, size: int) -> int:
    head = await _head(db)
    return await (_read_from(db, head, size) if head.rules == RULES else read_anew(db, size=size))


async def _read_from(db: AsyncSession, head: ReportHead, size: int) -> int:
    found = await news(db, head.n, size)
    if not found:
        return 0
    moments = list(accumulate((each.at for each in found), max, initial=head.at))[1:]
    standing = await standing_of(db, await _touched(db, found))
    facts = await facts_of(db, standing.keys(), found[-1].n)
    terms = terms_of(await read_contract(db))
    gone: list[Unit] = []
    come: list[Kept] = []
    for interaction_id, rows in standing.items():
        before = {unit_of(row).key: row for row in rows}
        steps = _steps(facts.get(interaction_id, ()), found, moments, terms)
        ended, new = follow(map(unit_of, rows), steps)
        for key, n in ended.items():
            before[key].until_n = n
            gone.append(unit_of(before[key]))
        come += new
    head.n, head.at = found[-1].n, moments[-1]
    zone = (await db.get_one(Brand, written_brand(db))).zone
    await insert_many(db, [(Observation, _row(kept)) for kept in come])
    present = [kept.unit for kept in come if kept.until_n is None]
    await add_to_sums(db, changes_of(gone, present, zone))
    await tell_late(db, present, facts)
    await tell_recontacts(db, found, terms)
    return len(found)


def _steps(
    facts: Sequence[Fact], found: Sequence[News], moments: Sequence[datetime], terms: Sequence[Terms]
) -> Iterator[tuple[int, list[Unit]]]:
    """What stands after each new fact of one contact. What is known then is what had happened anywhere in the brand."""
    interaction_id = facts[0].interaction_id if facts else None
    for each, known_until in zip(found, moments, strict=True):
        if each.kind == PUBLISHED or (each.interaction_id == interaction_id and each.kind in READ):
            told = [fact for fact in facts if fact.n <= each.n]
            yield each.n, units(told, terms, known_until)


async def _head(db: AsyncSession) -> ReportHead:
    brand_id = written_brand(db)
    first = insert(ReportHead).values(brand_id=brand_id, n=0, at=EPOCH, rules=RULES)
    await db.execute(first.on_conflict_do_nothing(index_elements=["brand_id"]))
    return await db.get_one(ReportHead, brand_id, with_for_update=True, populate_existing=True)


async def _touched(db: AsyncSession, found: Sequence[News]) -> set[UUID]:
    """The contacts of the news; new hours touch every one that is open."""
    touched = {each.interaction_id for each in found if each.kind in READ and each.interaction_id is not None}
    if found[0].kind == PUBLISHED:
        open_ones = select(Observation.interaction_id).where(
            Observation.state == "open", Observation.until_n.is_(None)
        )
        touched |= set((await db.scalars(open_ones)).all())
    return touched


async def standing_of(db: AsyncSession, interactions: set[UUID]) -> dict[UUID, list[Observation]]:
    """What is kept of each as it stands at the head."""
    standing: dict[UUID, list[Observation]] = {each: [] for each in interactions}
    query = select(Observation).where(
        Observation.interaction_id == any_(literal(list(interactions), ARRAY(Uuid))),
        Observation.until_n.is_(None),
    )
    for row in await db.scalars(query):
        standing[row.interaction_id].append(row)
    return standing


def unit_of(row: Observation) -> Unit:
    return Unit(**{name: getattr(row, name) for name in VALUES})


def _row(kept: Kept) -> dict[str, Any]:
    values = msgspec.structs.asdict(kept.unit)
    return {**values, "from_n": kept.from_n, "until_n": kept.until_n}
