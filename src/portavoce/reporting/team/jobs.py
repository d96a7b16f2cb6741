"""A brand's part of a supervisor's file, as the worker makes it: safe to be done twice, and asked again whether it may be."""

from __future__ import annotations

import asyncio

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.delivering import Job
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.storage import Storage, file_row
from portavoce.identity.granting import grants_of
from portavoce.reporting.months import Month
from portavoce.reporting.team.models import ReportPart
from portavoce.reporting.team.pieces import By, Piece, blinded, piece_of
from portavoce.reporting.team.reading import Chosen, read_brand

SUPERVISING = frozenset({"supervisor", "admin"})
"""Whoever has one of these roles at a brand may read its team report."""
JSON = "application/json"


class PartMaker:
    """Delivers parts of files into the storage of their brand."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def deliver(self, database: Database, job: Job) -> None:
        async with database.begin(Scope.reading({job.brand_id})) as db:
            part = await _waiting(db, job)
        if part is None:
            return
        if not await _may(database, part):
            await self.give_up(database, job, "")
            return
        piece = await _piece(database, part)
        content = msgspec.json.encode(blinded(piece, part.export_id))
        key = await asyncio.to_thread(self._storage.save, job.brand_id, content)
        async with database.begin(Scope.writing(job.brand_id)) as db:
            own = await _waiting(db, job)
            if own is not None:
                file = file_row(db, key, content, JSON)
                await db.flush()
                own.state, own.file_id = "ready", file.id

    async def give_up(self, database: Database, job: Job, words: str) -> None:
        async with database.begin(Scope.writing(job.brand_id)) as db:
            await db.execute(
                update(ReportPart)
                .where(ReportPart.id == job.ref_id, ReportPart.state == "waiting")
                .values(state="failed")
            )


async def _waiting(db: AsyncSession, job: Job) -> ReportPart | None:
    query = select(ReportPart).where(ReportPart.id == job.ref_id, ReportPart.state == "waiting")
    return (await db.scalars(query)).one_or_none()


async def _piece(database: Database, part: ReportPart) -> Piece:
    query = select(Brand.id, Brand.slug, Brand.name, Brand.zone).where(Brand.id == part.brand_id)
    first, last = (Month(*map(int, text.split("-"))) for text in (part.first_month, part.last_month))
    async with database.begin(Scope.reading({part.brand_id}), snapshot=True) as db:
        brand = Chosen(*(await db.execute(query)).one())
        return piece_of(await read_brand(db, brand, first, last), By(part.grouping))


async def _may(database: Database, part: ReportPart) -> bool:
    """Whether who asked still answers for the brand."""
    async with database.begin(HOUSE) as db:
        grants = await grants_of(db, [part.person_id])
    return any(each.brand_id == part.brand_id and each.role in SUPERVISING for each in grants)
