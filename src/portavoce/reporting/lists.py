"""The contacts behind one number, in any order, a page or a stretch at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.brands.models import LineOfBusiness
from portavoce.kit.ids import EPOCH
from portavoce.ledger.models import Ticket
from portavoce.reporting.contacts import PAGE, SORTS, Contact, Page, first_of, result_of
from portavoce.reporting.cuts import QUARTER, WHOLE, Cut
from portavoce.reporting.errors import NoReport
from portavoce.reporting.models import Observation
from portavoce.reporting.month import LEADING, MonthReport
from portavoce.reporting.observing.units import CONTACT
from portavoce.reporting.sums import is_overdue, stood
from portavoce.sla.rules import Clause

BATCH = 2_000
Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a snapshot in the brand's scope, as `report`."""

_NONE = Observation.from_n < 0
"""No row; a plain false would take the brand's predicate away with it."""
_PLACE = (Observation.at, Observation.interaction_id, Observation.ordinal, Observation.clause_id)
_ORDERS: dict[str, Any] = {
    "opened": Observation.at,
    "answered": Observation.until,
    "due": Observation.due_at,
    "wait": Observation.used_s,
    "ticket": Ticket.number,
    "lob": LineOfBusiness.name,
}


async def read_page(
    db: AsyncSession,
    report: MonthReport,
    figure: str,
    cut: Cut = WHOLE,
    *,
    sort: str = "opened",
    number: int = 1,
) -> Page:
    """Two queries, three where contacts are listed without regard to a clause. NoReport for what cannot be asked."""
    order = _order(sort)
    query = _listed(report, figure, cut)
    total = await db.scalar(select(func.count(query.subquery().c.from_n))) or 0
    before = first_of(number, total)
    rows = (await db.execute(query.order_by(order, *_PLACE).offset(before).limit(PAGE))).all()
    contacts = await _contacts(db, report, rows)
    return Page(number, contacts, before + 1 if contacts else 0, before + len(contacts), total)


async def read_all(
    db: AsyncSession, report: MonthReport, figure: str, cut: Cut, *, sort: str, at_most: int
) -> list[Contact] | None:
    """In the order asked for; None when there are more. NoReport for what cannot be asked."""
    query = _listed(report, figure, cut).order_by(_order(sort), *_PLACE).limit(at_most + 1)
    rows = (await db.execute(query)).all()
    return None if len(rows) > at_most else await _contacts(db, report, rows)


async def read_latest(db: AsyncSession, report: MonthReport, figure: str, size: int) -> list[Contact]:
    """The newest of them first."""
    query = _listed(report, figure, WHOLE).order_by(Observation.at.desc(), Observation.interaction_id.desc())
    return await _contacts(db, report, (await db.execute(query.limit(size))).all())


async def read_quarters(
    db: AsyncSession, report: MonthReport, figure: str, cut: Cut
) -> list[tuple[datetime, int]]:
    """How many of them were counted in each quarter of an hour that has any, in order. One query."""
    begins = func.date_bin(QUARTER, Observation.at, EPOCH).label("begins")
    query = _listed(report, figure, cut).with_only_columns(
        begins, func.count(Observation.from_n).label("units")
    )
    return [(row.begins, row.units) for row in await db.execute(query.group_by(begins).order_by(begins))]


async def read_in_parts(
    begin: Begin, report: MonthReport, figure: str, cut: Cut = WHOLE, *, size: int = BATCH
) -> AsyncIterator[list[Contact]]:
    """All of them in order of their instants, each part in a transaction of its own.

    However slowly the parts are taken, no transaction stays open. What stood at the anchor is never changed.
    """
    place = tuple_(*_PLACE)
    query = _listed(report, figure, cut).order_by(*_PLACE).limit(size)
    last: tuple[Any, ...] | None = None
    while True:
        async with begin() as db:
            part = query if last is None else query.where(place > tuple_(*last))
            rows = (await db.execute(part)).all()
            contacts = await _contacts(db, report, rows)
        if not contacts:
            return
        last = (rows[-1].at, rows[-1].interaction_id, rows[-1].ordinal, rows[-1].clause_id)
        yield contacts


def _listed(report: MonthReport, figure: str, cut: Cut) -> Select[*tuple[Any, ...]]:
    """NoReport for what is no figure, and for a part that the month does not have."""
    leading = report.leading(cut)
    by_clause = cut.clause_id is not None or figure in ("within", "late", "decided", "running")
    measure = (leading[0].metric if leading else LEADING) if by_clause else CONTACT
    query = _rows(report, cut).where(Observation.measure == str(measure))
    if by_clause:
        query = query.where(Observation.clause_id.in_([clause.id for clause in leading]))
    if figure == "no_clause":
        return query.where(_NONE if by_clause else ~_promised(report))
    return query.where(_condition(figure, report.anchor.at))


def _condition(figure: str, as_of: datetime) -> ColumnElement[bool]:
    late = or_(Observation.state == "late", is_overdue(as_of))
    conditions: dict[str, ColumnElement[bool]] = {
        "received": Observation.from_n >= 0,
        "answered": Observation.until.is_not(None),
        "within": Observation.state == "met",
        "late": late,
        "decided": or_(Observation.state == "met", late),
        "running": and_(
            Observation.state == "open", or_(Observation.due_at.is_(None), Observation.due_at >= as_of)
        ),
    }
    if figure not in conditions:
        raise NoReport("This page does not exist.")
    return conditions[figure]


def _rows(report: MonthReport, cut: Cut) -> Select[*tuple[Any, ...]]:
    spans = cut.stretches(report.month, report.zone)
    inside = or_(_NONE, *(and_(Observation.at >= start, Observation.at < end) for start, end in spans))
    query = (
        select(
            Observation.from_n,
            Observation.interaction_id,
            Observation.ordinal,
            Observation.clause_id,
            Observation.at,
            Observation.since,
            Observation.until,
            Observation.due_at,
            Observation.state,
            Observation.lob_id,
            Observation.channel,
            Observation.brand_agent_id,
            Observation.used_s,
            Ticket.number,
            LineOfBusiness.name,
        )
        .outerjoin(
            Ticket,
            (Ticket.brand_id == Observation.brand_id) & (Ticket.interaction_id == Observation.interaction_id),
        )
        .outerjoin(
            LineOfBusiness,
            (LineOfBusiness.brand_id == Observation.brand_id) & (LineOfBusiness.id == Observation.lob_id),
        )
        .where(stood(report.anchor.n), inside)
    )
    return query if cut.lob_id is None else query.where(Observation.lob_id == cut.lob_id)


def _promised(report: MonthReport) -> ColumnElement[bool]:
    """Whether a contact has a clock of its first response."""
    clock = aliased(Observation)
    return (
        select(clock.from_n)
        .where(
            clock.brand_id == Observation.brand_id,
            clock.interaction_id == Observation.interaction_id,
            clock.measure == str(LEADING),
            clock.clause_id.in_([clause.id for clause in report.leading()]),
            clock.from_n <= report.anchor.n,
            or_(clock.until_n.is_(None), clock.until_n > report.anchor.n),
        )
        .exists()
    )


async def _contacts(db: AsyncSession, report: MonthReport, rows: Sequence[Any]) -> list[Contact]:
    """A contact that is listed without regard to a clause is shown by its first response, if one was promised."""
    bare = [row.interaction_id for row in rows if row.state == "counted"]
    first = await _first_responses(db, report, bare) if bare else {}
    clauses = {clause.id: clause for clause in report.clauses}
    return [_contact(report, row, first.get(row.interaction_id, row), clauses) for row in rows]


async def _first_responses(
    db: AsyncSession, report: MonthReport, interactions: list[UUID]
) -> dict[UUID, Any]:
    query = _rows(report, WHOLE).where(
        Observation.interaction_id == any_(literal(interactions, ARRAY(Uuid))),
        Observation.measure == str(LEADING),
        Observation.clause_id.in_([clause.id for clause in report.leading()]),
    )
    return {row.interaction_id: row for row in await db.execute(query)}


def _contact(report: MonthReport, row: Any, unit: Any, clauses: Mapping[UUID, Clause]) -> Contact:
    return Contact(
        interaction_id=row.interaction_id,
        ticket=row.number,
        at=row.at,
        since=unit.since,
        until=row.until,
        due_at=unit.due_at,
        result=result_of(unit.state, unit.due_at, report.anchor.at),
        lob_id=row.lob_id,
        lob=row.name or "",
        channel=row.channel,
        clause=clauses.get(unit.clause_id),
        brand_agent_id=row.brand_agent_id,
        used_s=unit.used_s,
    )


def _order(sort: str) -> Any:
    """By one of SORTS, `-` before it for downwards; missing values come last either way. NoReport for another."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise NoReport("This page does not exist.")
    column = _ORDERS[name]
    return (column.desc() if sort.startswith("-") else column.asc()).nulls_last()
