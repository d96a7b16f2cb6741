"""Whatever must leave is a row in the transaction that causes it; nothing leaves that was not committed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.unit import new_id, now


def enqueue(db: AsyncSession, topic: str, ref_id: UUID, *, run_at: datetime | None = None) -> Outbox:
    """Hand `ref_id` to the handler of `topic` after commit, in the scope of the written brand."""
    at = now(db)
    row = Outbox(id=new_id(db), topic=topic, ref_id=ref_id, run_at=run_at or at, created_at=at)
    db.add(row)
    return row


def enqueue_house_mail(db: AsyncSession, recipient: str, subject: str, body: str) -> HouseOutbox:
    """Mail of the house itself, to one address."""
    at = now(db)
    row = HouseOutbox(
        id=new_id(db),
        topic="house.mail",
        recipient=recipient,
        subject=subject,
        body=body,
        run_at=at,
        created_at=at,
    )
    db.add(row)
    return row
