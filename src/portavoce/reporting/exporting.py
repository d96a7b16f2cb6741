"""A month as a file in the open format: its facts, the clauses they are judged by, and what the report says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.commitments import Commitment
from portavoce.reporting.contract import Version, read_contract
from portavoce.reporting.lists import Begin
from portavoce.reporting.models import Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.observing.units import READ
from portavoce.reporting.open_format import (
    FORMAT,
    AdjustedLine,
    CellLine,
    EndLine,
    FactLine,
    FigureLine,
    Line,
    MonthLine,
    ReliefLine,
    VersionLine,
    write_line,
)
from portavoce.reporting.recomputing import exact
from portavoce.reporting.relief.reading import Relief, adjusted_commitments, read_relief
from portavoce.reporting.standing import read_standing
from portavoce.reporting.sums import stood
from portavoce.sla.relief.told import KINDS

CONTACTS = 500
"""Contacts whose facts are read at once."""


async def month_file(begin: Begin, report: MonthReport, *, size: int = CONTACTS) -> AsyncIterator[bytes]:
    """Line by line, in pieces; each piece is read in a transaction of its own, and the ledger only grows."""
    async with begin() as db:
        contract = await read_contract(db)
        standing = await read_standing(db, report)
        relief = await read_relief(db, report)
        adjusted = await adjusted_commitments(db, relief, standing)
        told = await _relief_facts(db, report.anchor.n)
    lines = [*_head(report, contract, standing), *told, *_adjusted(relief, adjusted)]
    head = [write_line(line) for line in lines]
    count = len(head)
    yield b"".join(head)
    last: UUID | None = None
    while True:
        async with begin() as db:
            interactions = await _contacts(db, report, last, size)
            facts = [write_line(line) for line in await _facts(db, interactions, report.anchor.n)]
        if not interactions:
            break
        last, count = interactions[-1], count + len(facts)
        yield b"".join(facts)
    yield write_line(EndLine(count))


def _head(report: MonthReport, contract: Sequence[Version], standing: Sequence[Commitment]) -> Iterator[Line]:
    anchor = report.anchor
    yield MonthLine(
        FORMAT, report.brand_id, report.zone, str(report.month), anchor.n, anchor.hash.hex(), anchor.at
    )
    for version in contract:
        yield VersionLine(version.number, version.valid_from, version.clauses)
    for cell in report.cells:
        yield CellLine(cell)
    for each in standing:
        yield FigureLine(each.clause.id, exact(each.value))


def _adjusted(relief: Relief, adjusted: Mapping[UUID, Commitment]) -> Iterator[Line]:
    for clause_id, each in adjusted.items():
        yield AdjustedLine(clause_id, exact(each.value), relief.relieved[clause_id].units)


async def _relief_facts(db: AsyncSession, upto: int) -> list[ReliefLine]:
    """All of the ledger: whoever reads them sees for themselves which lie in this month."""
    query = select(LedgerEvent.n, LedgerEvent.prev, LedgerEvent.hash, LedgerEvent.body)
    query = query.where(LedgerEvent.kind.in_(KINDS), LedgerEvent.n <= upto).order_by(LedgerEvent.n)
    return [ReliefLine(row.n, row.prev.hex(), row.hash.hex(), row.body) for row in await db.execute(query)]


async def _contacts(db: AsyncSession, report: MonthReport, last: UUID | None, size: int) -> Sequence[UUID]:
    """Those with anything counted in the month, in order of their ids."""
    start, end = report.month.bounds(report.zone)
    query = (
        select(Observation.interaction_id)
        .distinct()
        .where(stood(report.anchor.n), Observation.at >= start, Observation.at < end)
        .order_by(Observation.interaction_id)
        .limit(size)
    )
    if last is not None:
        query = query.where(Observation.interaction_id > last)
    return (await db.scalars(query)).all()


async def _facts(db: AsyncSession, interactions: Sequence[UUID], upto: int) -> list[FactLine]:
    query = (
        select(LedgerEvent.n, LedgerEvent.prev, LedgerEvent.hash, LedgerEvent.body)
        .where(
            LedgerEvent.interaction_id == any_(literal(list(interactions), ARRAY(Uuid))),
            LedgerEvent.kind.in_(READ),
            LedgerEvent.n <= upto,
        )
        .order_by(LedgerEvent.n)
    )
    return [FactLine(row.n, row.prev.hex(), row.hash.hex(), row.body) for row in await db.execute(query)]
