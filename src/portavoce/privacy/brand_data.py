"""What of one brand is past its period, a small batch a transaction. Rows first, then the files no row names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.limits import limits_of
from portavoce.brands.quotas import forget_windows
from portavoce.channels.email.models import InboundEvent, Mail, MailboxCheck
from portavoce.conversations.models import Attachment
from portavoce.core.db import Database
from portavoce.core.models import Outbox, StoredFile
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage
from portavoce.core.sweeping import forget_files
from portavoce.customers.importing.beginning import forget
from portavoce.customers.importing.models import CustomerImport
from portavoce.privacy.periods import cutoff
from portavoce.reporting.models import IntervalFeed
from portavoce.reporting.team.exporting import forget_exports

BATCH = 200
Batch = Callable[[AsyncSession, datetime], Awaitable[tuple[int, list[str]]]]
"""Removes up to BATCH that ended before the instant; gives how many, and the keys of files that lost a row."""


async def remove_of_brand(database: Database, storage: Storage, brand_id: UUID) -> dict[str, int]:
    """Everything past its period, by the name of the period."""
    async with database.begin(Scope.writing(brand_id)) as db:
        limits = await limits_of(db)
        await forget_windows(db)
        await forget_exports(db)
    at = database.clock.now()
    return {
        name: await _all_of(database, storage, brand_id, batch, cutoff(at, limits[name]))
        for name, batch in BATCHES.items()
    }


async def _all_of(
    database: Database, storage: Storage, brand_id: UUID, batch: Batch, before: datetime
) -> int:
    removed = 0
    while True:
        async with database.begin(Scope.writing(brand_id)) as db:
            count, keys = await batch(db, before)
        await forget_files(database, storage, brand_id, keys)
        removed += count
        if count < BATCH:
            return removed


async def raw_mails(db: AsyncSession, before: datetime) -> tuple[int, list[str]]:
    """The bytes as they arrived. The message that was read from them stays, and so does what a person can open."""
    attached = exists().where(
        Attachment.file_id == InboundEvent.file_id, Attachment.brand_id == InboundEvent.brand_id
    )
    query = select(InboundEvent.id, InboundEvent.file_id).where(
        InboundEvent.file_id.is_not(None),
        InboundEvent.received_at < before,
        InboundEvent.state != "quarantined",
        ~attached,
    )
    rows = list(await db.execute(query.limit(BATCH)))
    files = [file_id for _, file_id in rows if file_id is not None]
    mails = [event_id for event_id, _ in rows]
    await db.execute(update(InboundEvent).where(InboundEvent.id.in_(mails)).values(file_id=None))
    await db.execute(update(Mail).where(Mail.file_id.in_(files)).values(file_id=None))
    return len(rows), await _drop_files(db, files)


async def quarantined_mails(db: AsyncSession, before: datetime) -> tuple[int, list[str]]:
    query = select(InboundEvent.id, InboundEvent.file_id).where(
        InboundEvent.state == "quarantined", InboundEvent.received_at < before
    )
    rows = list(await db.execute(query.limit(BATCH)))
    await db.execute(delete(InboundEvent).where(InboundEvent.id.in_([event_id for event_id, _ in rows])))
    return len(rows), await _drop_files(db, [file_id for _, file_id in rows if file_id is not None])


async def ended_outbox_rows(db: AsyncSession, before: datetime) -> tuple[int, list[str]]:
    """Never one that waits for a person."""
    query = select(Outbox.id).where(Outbox.state.in_(("done", "given_up")), Outbox.done_at < before)
    ids = list((await db.scalars(query.limit(BATCH))).all())
    await db.execute(delete(Outbox).where(Outbox.id.in_(ids)))
    return len(ids), []


async def old_checks(db: AsyncSession, before: datetime) -> tuple[int, list[str]]:
    query = select(MailboxCheck.id).where(MailboxCheck.asked_at < before)
    ids = list((await db.scalars(query.limit(BATCH))).all())
    await db.execute(delete(MailboxCheck).where(MailboxCheck.id.in_(ids)))
    return len(ids), []


async def old_imports(db: AsyncSession, before: datetime) -> tuple[int, list[str]]:
    """File, headings and report; the row stays, since changes of profiles name it as their source."""
    kept = or_(
        CustomerImport.file_id.is_not(None), CustomerImport.report != "", CustomerImport.headings != "[]"
    )
    query = (
        select(CustomerImport)
        .where(CustomerImport.created_at < before, kept)
        .with_for_update(skip_locked=True)
    )
    rows = list(await db.scalars(query.limit(BATCH)))
    files = [row.file_id for row in rows if row.file_id is not None]
    for row in rows:
        row.state = row.state if row.state == "done" else "discarded"
        forget(row)
    await db.flush()
    return len(rows), await _drop_files(db, files)


async def old_feeds(db: AsyncSession, before: datetime) -> tuple[int, list[str]]:
    """The figures stay in the reports."""
    query = select(IntervalFeed.id, IntervalFeed.file_id).where(IntervalFeed.as_of < before)
    rows = list(await db.execute(query.limit(BATCH)))
    await db.execute(delete(IntervalFeed).where(IntervalFeed.id.in_([feed_id for feed_id, _ in rows])))
    return len(rows), await _drop_files(db, [file_id for _, file_id in rows])


async def _drop_files(db: AsyncSession, files: Sequence[UUID]) -> list[str]:
    keys = list((await db.scalars(select(StoredFile.key).where(StoredFile.id.in_(files)))).all())
    await db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
    return keys


BATCHES: dict[str, Batch] = {
    "raw_mail_days": raw_mails,
    "quarantine_days": quarantined_mails,
    "outbox_days": ended_outbox_rows,
    "check_days": old_checks,
    "import_days": old_imports,
    "feed_days": old_feeds,
}
