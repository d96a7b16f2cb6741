"""Do report and ledger agree? Every unit is computed again from its facts and compared with what is kept, and so is every
sum and what each relief holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.ledger.chain import Fault
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.reporting.models import Observation, ReportHead, Tally
from portavoce.reporting.observing.changes import COUNTS, Sum, changes_of
from portavoce.reporting.observing.following import VALUES
from portavoce.reporting.observing.reading import facts_of
from portavoce.reporting.observing.units import RULES, Unit, units
from portavoce.reporting.relief.proving import begin_proof, row_faults
from portavoce.sla.clocks.facts import OPENED

CONTACTS = 500


async def report_faults(db: AsyncSession) -> list[Fault]:
    """Of the one brand in scope, up to the fact that its reports have read; empty when all agrees,
    or nothing was read by the rules of today yet."""
    columns = (ReportHead.brand_id, ReportHead.n, ReportHead.at, ReportHead.rules)
    head = (await db.execute(select(*columns))).one_or_none()
    if head is None or head.rules != RULES:
        return []
    zone = (await db.scalars(select(Brand.zone).where(Brand.id == head.brand_id))).one()
    terms = terms_of(await read_contract(db))
    faults: list[Fault] = []
    sums: dict[Sum, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    proof = await begin_proof(db, head.n, head.at)
    async for interactions in _contacts(db, head.n):
        facts = await facts_of(db, interactions, head.n)
        kept = await _kept(db, interactions)
        for interaction_id in interactions:
            found = units(facts.get(interaction_id, ()), terms, head.at)
            faults += _differences(interaction_id, found, kept.get(interaction_id, ()))
            proof.gather(found)
            for key, counts in changes_of((), found, zone).items():
                sums[key] = [one + two for one, two in zip(sums[key], counts, strict=True)]
    faults += [*_sums_that_differ(sums, await _kept_sums(db)), *await proof.faults(db)]
    return [*faults, *await row_faults(db)]


async def _contacts(db: AsyncSession, upto: int) -> AsyncIterator[Sequence[UUID]]:
    """Every contact that was opened, some at a time, in order of their ids."""
    query = (
        select(LedgerEvent.interaction_id)
        .where(LedgerEvent.kind == OPENED, LedgerEvent.n <= upto)
        .order_by(LedgerEvent.interaction_id)
        .limit(CONTACTS)
    )
    part = (await db.scalars(query)).all()
    while part:
        yield [each for each in part if each is not None]
        part = (await db.scalars(query.where(LedgerEvent.interaction_id > part[-1]))).all()


async def _kept(db: AsyncSession, interactions: Sequence[UUID]) -> Mapping[UUID, list[Unit]]:
    columns = [getattr(Observation, name) for name in VALUES]
    query = select(*columns).where(
        Observation.interaction_id.in_(interactions), Observation.until_n.is_(None)
    )
    found: dict[UUID, list[Unit]] = defaultdict(list)
    for row in await db.execute(query):
        found[row.interaction_id].append(Unit(**row._mapping))
    return found


def _differences(interaction_id: UUID, found: Iterable[Unit], kept: Iterable[Unit]) -> Iterator[Fault]:
    ours, theirs = {unit.key: unit for unit in found}, {unit.key: unit for unit in kept}
    for key in ours.keys() | theirs.keys():
        if ours.get(key) != theirs.get(key):
            yield Fault(0, f"{key[0]} of contact {interaction_id} is not what its facts give")


async def _kept_sums(db: AsyncSession) -> Mapping[Sum, list[int]]:
    key, counts = ([getattr(Tally, name) for name in names] for names in (Sum._fields, COUNTS))
    rows = await db.execute(select(*key, *counts))
    return {Sum(*row[: len(key)]): list(row[len(key) :]) for row in rows}


def _sums_that_differ(found: Mapping[Sum, list[int]], kept: Mapping[Sum, list[int]]) -> Iterator[Fault]:
    for key in found.keys() | kept.keys():
        if found.get(key) != kept.get(key):
            yield Fault(
                0,
                f"the sum of {key.measure} over the {key.grain} from {key.starts_at} is not that of its units",
            )
