"""Bring a file, say which column is what, start it once the dry run found nothing wrong, or put it away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.limits import MEGABYTE, limit_of
from portavoce.core.models import StoredFile
from portavoce.core.outbox import enqueue
from portavoce.core.storage import Storage, file_row
from portavoce.core.unit import new_id, now, written_brand
from portavoce.customers.defining import attributes
from portavoce.customers.importing.errors import BadFile, NoImport, NotNow
from portavoce.customers.importing.fields import checked, field_of, guess
from portavoce.customers.importing.models import OPEN, CustomerImport
from portavoce.customers.importing.reading import read_sheet

TOPIC = "customers.import"
MOST_OPEN = 10
LONGEST_NAME = 120
MISSING = "This import does not exist."
BUSY = "This import is under way. Wait for its end."
ENDED = "This import has ended. Upload the file again."
NOT_CHECKED = "Only a file without any mistake can be brought in."
NOTHING_NEW = "This file says nothing new. There is nothing to bring in."


async def bring_file(db: AsyncSession, storage: Storage, content: bytes, name: str) -> UUID:
    """Keep the file until it is brought in or put away. BadFile with a sentence when it cannot be read."""
    sheet = await asyncio.to_thread(read_sheet, content)
    stored = (await db.execute(select(func.coalesce(func.sum(StoredFile.size), 0)))).scalar_one()
    if stored + len(content) > await limit_of(db, "stored_mb") * MEGABYTE:
        raise BadFile("This brand's room for files is full. Ask for more under Limits.")
    count = (
        await db.execute(select(func.count(CustomerImport.id)).where(CustomerImport.state.in_(OPEN)))
    ).scalar_one()
    if count >= MOST_OPEN:
        raise BadFile("Ten imports are open already. Bring them in or put them away first.")
    asked = [(field_of(each.id), each.label, each.key) for each in await attributes(db) if not each.retired]
    key = await asyncio.to_thread(storage.save, written_brand(db), content)
    row = CustomerImport(
        id=new_id(db),
        state="uploaded",
        file_id=file_row(db, key, content, "text/csv").id,
        name="".join(filter(str.isprintable, name))[:LONGEST_NAME],
        headings=_json(sheet.headings),
        mapping=_json(guess(sheet.headings, asked)),
        rows=len(sheet.rows),
        created_at=now(db),
    )
    db.add(row)
    audit(db, "admin", "customers.uploaded", "customer_import", row.id, rows=row.rows)
    return row.id


async def choose_mapping(db: AsyncSession, import_id: UUID, mapping: Sequence[str]) -> None:
    """Begin the dry run. BadMapping with a sentence."""
    row = await _held(db, import_id, "uploaded", "checked", "failed")
    asked = [field_of(each.id) for each in await attributes(db) if not each.retired]
    headings: list[str] = msgspec.json.decode(row.headings)
    row.mapping = _json(checked(mapping, len(headings), asked))
    row.state, row.report, row.problem = "checking", "", ""
    enqueue(db, TOPIC, row.id)


async def start(db: AsyncSession, import_id: UUID) -> None:
    """Bring it in as the dry run said, all of it or nothing."""
    row = await _held(db, import_id, "checked")
    if row.wrong:
        raise NotNow(NOT_CHECKED)
    if not row.added + row.changed:
        raise NotNow(NOTHING_NEW)
    row.state, row.problem = "running", ""
    enqueue(db, TOPIC, row.id)
    audit(db, "admin", "customers.import_started", "customer_import", row.id)


async def put_away(db: AsyncSession, import_id: UUID) -> None:
    """The file goes, and what it was called."""
    row = await _held(db, import_id, "uploaded", "checked", "failed")
    file_id = row.file_id
    row.state, row.ended_at = "discarded", now(db)
    forget(row)
    await db.flush()
    await drop_files(db, [file_id] if file_id else [])
    audit(db, "admin", "customers.import_put_away", "customer_import", row.id)


def forget(row: CustomerImport) -> None:
    """All that may name somebody."""
    row.file_id, row.name, row.headings, row.mapping, row.report = None, "", "[]", "[]", ""


async def drop_files(db: AsyncSession, files: Sequence[UUID]) -> None:
    """The rows; bytes that no row names are swept."""
    await db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))


async def _held(db: AsyncSession, import_id: UUID, *states: str) -> CustomerImport:
    """Locked, in one of these states; whoever is bringing it in holds it too, and is not waited for."""
    known = await db.scalar(select(CustomerImport.state).where(CustomerImport.id == import_id))
    if known is None:
        raise NoImport(MISSING)
    query = select(CustomerImport).where(CustomerImport.id == import_id).with_for_update(skip_locked=True)
    row = (await db.scalars(query)).one_or_none()
    if row is None or row.state in ("checking", "running"):
        raise NotNow(BUSY)
    if row.state not in states:
        raise NotNow(ENDED if row.state in ("done", "discarded") else NOT_CHECKED)
    return row


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
