"""A contract as it is shown: its versions, their clauses and those of the draft with the names beside them, and what a draft changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import LineOfBusiness
from portavoce.calendars.models import Calendar
from portavoce.contracts.drafting import CLIENTS, SAID
from portavoce.contracts.errors import NoClause
from portavoce.contracts.models import Clause, ClauseDraft, ContractDraft, ContractVersion


class VersionRow(NamedTuple):
    """Without `published_by` nobody published it: the brand was born with it."""

    id: UUID
    number: int
    valid_from: datetime
    fee_cents: int
    credit_cap_bp: int | None
    bonus_cap_bp: int | None
    relief_silence_days: int | None
    published_at: datetime | None
    published_by: UUID | None


class ClauseRow(NamedTuple):
    """`of` is the version it stands in, or for one of a draft the clause it continues."""

    id: UUID
    of: UUID | None
    ordinal: int
    lob: str
    calendar: str | None
    lob_id: UUID
    channel: str
    metric: str
    target_s: int | None
    share_bp: int | None
    calendar_id: UUID | None
    reopen_window_s: int
    rule: str

    @property
    def said(self) -> tuple[object, ...]:
        return (self.ordinal, *(getattr(self, name) for name in SAID))


class DraftRow(NamedTuple):
    id: UUID
    fee_cents: int
    credit_cap_bp: int | None
    bonus_cap_bp: int | None
    relief_silence_days: int | None
    opened_at: datetime
    opened_by: UUID | None


class Changes(NamedTuple):
    """`changed`: before and after."""

    added: list[ClauseRow]
    changed: list[tuple[ClauseRow, ClauseRow]]
    gone: list[ClauseRow]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


async def versions(db: AsyncSession) -> list[VersionRow]:
    """Of the one brand in scope, oldest first."""
    columns = [getattr(ContractVersion, name) for name in VersionRow._fields]
    query = select(*columns).order_by(ContractVersion.number)
    return [VersionRow(*row) for row in await db.execute(query)]


async def clauses_of(db: AsyncSession, *version_ids: UUID) -> list[ClauseRow]:
    """In the order in which they are read; the client's own promises are left out."""
    query = _rows(Clause, Clause.contract_version_id).where(
        Clause.contract_version_id == any_(literal(version_ids, ARRAY(Uuid))), Clause.metric.not_in(CLIENTS)
    )
    return [ClauseRow(*row) for row in await db.execute(query)]


async def draft_row(db: AsyncSession) -> DraftRow | None:
    columns = [getattr(ContractDraft, name) for name in DraftRow._fields]
    row = (await db.execute(select(*columns))).one_or_none()
    return DraftRow(*row) if row else None


async def draft_clauses(db: AsyncSession) -> list[ClauseRow]:
    return [ClauseRow(*row) for row in await db.execute(_rows(ClauseDraft, ClauseDraft.copied_from))]


async def draft_clause(db: AsyncSession, clause_id: UUID) -> ClauseRow:
    query = _rows(ClauseDraft, ClauseDraft.copied_from).where(ClauseDraft.id == clause_id)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoClause("This page does not exist.")
    return ClauseRow(*row)


def changes(before: Iterable[ClauseRow], draft: Sequence[ClauseRow]) -> Changes:
    """Of a draft to the version that it continues."""
    old = {each.id: each for each in before}
    kept = [(old[each.of], each) for each in draft if each.of in old]
    continued = {each.id for each, _ in kept}
    return Changes(
        added=[each for each in draft if each.of not in old],
        changed=[(was, each) for was, each in kept if was.said != each.said],
        gone=[each for each in old.values() if each.id not in continued],
    )


def _rows(table: Any, of: Any) -> Any:
    said = [getattr(table, name) for name in SAID]
    return (
        select(table.id, of, table.ordinal, LineOfBusiness.name, Calendar.name, *said)
        .join(
            LineOfBusiness,
            (LineOfBusiness.brand_id == table.brand_id) & (LineOfBusiness.id == table.lob_id),
        )
        .outerjoin(Calendar, (Calendar.brand_id == table.brand_id) & (Calendar.id == table.calendar_id))
        .order_by(LineOfBusiness.name, table.channel, table.metric, table.ordinal, table.id)
    )
