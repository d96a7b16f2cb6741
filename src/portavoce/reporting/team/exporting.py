"""A report over several brands as a file: asked for brand by brand, and put together when it is downloaded.

What is kept of a brand stands in its own storage for a day; the whole exists only in the answer to who asked for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.brands.quotas import charge
from portavoce.core.db import Database
from portavoce.core.models import StoredFile
from portavoce.core.outbox import enqueue
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage
from portavoce.core.unit import new_id, now
from portavoce.kit.ids import uuid7
from portavoce.reporting.errors import NoReport
from portavoce.reporting.months import Month
from portavoce.reporting.team.models import ReportPart
from portavoce.reporting.team.pieces import By, Piece
from portavoce.reporting.team.reading import Chosen
from portavoce.reporting.team.rows import TeamReport, put_together

TOPIC = "reports.part"
KEPT = timedelta(days=1)
MISSING = "This page does not exist."


class Export(msgspec.Struct, frozen=True):
    """How far a file is: `done` of `parts` brands; `failed` when one of them will not come."""

    id: UUID
    by: By
    first: str
    last: str
    brands: tuple[UUID, ...]
    parts: int
    done: int
    failed: bool
    created_at: datetime

    @property
    def is_ready(self) -> bool:
        return self.done == self.parts


async def begin_export(
    database: Database, person_id: UUID, brands: Sequence[Chosen], by: By, months: tuple[Month, Month]
) -> UUID:
    """One part a brand, each in a transaction of its own. TooMany before any is asked for, when a brand's quota is used up."""
    for brand in brands:
        await charge(database, brand.id, "exports_hour")
    export_id = uuid7(database.clock)
    for brand in brands:
        async with database.begin(Scope.writing(brand.id)) as db:
            part = ReportPart(
                id=new_id(db),
                export_id=export_id,
                person_id=person_id,
                grouping=by,
                first_month=str(months[0]),
                last_month=str(months[1]),
                parts=len(brands),
                created_at=now(db),
            )
            db.add(part)
            enqueue(db, TOPIC, part.id)
            audit(db, "supervisor", "report.exported", "report_part", part.id, by=by)
            audit_house(db, person_id, "report.exported", "brand", brand.id, by=by)
    return export_id


async def exports_of(db: AsyncSession, person_id: UUID) -> list[Export]:
    """The person's of the last day, newest first, of which every part is in the read scope."""
    query = (
        select(
            ReportPart.export_id, ReportPart.brand_id, ReportPart.grouping, ReportPart.first_month,
            ReportPart.last_month, ReportPart.parts, ReportPart.state, ReportPart.created_at,
        )
        .where(ReportPart.person_id == person_id, ReportPart.created_at > now(db) - KEPT)
        .order_by(ReportPart.export_id.desc(), ReportPart.brand_id)
    )  # fmt: skip
    found: dict[UUID, list[object]] = {}
    for row in await db.execute(query):
        found.setdefault(row.export_id, []).append(row)
    exports = [_export(rows) for rows in found.values()]
    return [each for each in exports if len(each.brands) == each.parts]


async def export_of(db: AsyncSession, person_id: UUID, export_id: UUID) -> Export:
    """NoReport for anybody else's, one older than a day, or one with a brand that is not in the read scope any more."""
    for each in await exports_of(db, person_id):
        if each.id == export_id:
            return each
    raise NoReport(MISSING)


async def read_export(database: Database, storage: Storage, export: Export) -> TeamReport:
    """Each part in a transaction of its brand alone. NoReport where it is not ready, or no longer there."""
    pieces = []
    for brand_id in export.brands:
        async with database.begin(Scope.reading({brand_id})) as db:
            file_id = select(ReportPart.file_id).where(ReportPart.export_id == export.id).scalar_subquery()
            file = (await db.scalars(select(StoredFile).where(StoredFile.id == file_id))).one_or_none()
        if file is None:
            raise NoReport(MISSING)
        try:
            content = await asyncio.to_thread(storage.read, file)
        except FileNotFoundError:
            raise NoReport(MISSING) from None
        pieces.append(msgspec.json.decode(content, type=Piece))
    return put_together(pieces, export.by)


async def forget_exports(db: AsyncSession) -> None:
    """Of the written brand, past their day; bytes that no row names are swept."""
    query = select(ReportPart.id, ReportPart.file_id).where(ReportPart.created_at <= now(db) - KEPT)
    rows = list(await db.execute(query))
    await db.execute(delete(ReportPart).where(ReportPart.id.in_([row.id for row in rows])))
    await _drop(db, [row.file_id for row in rows if row.file_id is not None])


async def _drop(db: AsyncSession, files: Collection[UUID]) -> None:
    await db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))


def _export(rows: Sequence[object]) -> Export:
    parts = [msgspec.convert(row, _Part, from_attributes=True) for row in rows]
    first = parts[0]
    return Export(
        first.export_id,
        By(first.grouping),
        first.first_month,
        first.last_month,
        tuple(each.brand_id for each in parts),
        first.parts,
        sum(each.state == "ready" for each in parts),
        any(each.state == "failed" for each in parts),
        first.created_at,
    )


class _Part(msgspec.Struct, frozen=True):
    export_id: UUID
    brand_id: UUID
    grouping: str
    first_month: str
    last_month: str
    parts: int
    state: str
    created_at: datetime
