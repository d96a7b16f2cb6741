"""What we tried as often as we try: listed for a person, who lets it go out once more or gives it up with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.channels.email.errors import AlreadyLeft, MayHaveArrived, NotDead
from portavoce.channels.email.turns import TOPIC
from portavoce.conversations.delivery import mark_failed, requeue
from portavoce.conversations.models import Message
from portavoce.conversations.queries import message as load
from portavoce.core.delivering import words_of
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.unit import now

SHOWN = 200
OPEN = ("pending", "handed")
Row = TypeVar("Row", Outbox, HouseOutbox)


class DeadLetter(NamedTuple):
    """`choice`: `again`, `twice` (it may have arrived: once more only by a person who says so) or `none`."""

    id: UUID
    topic: str
    created_at: datetime
    tried_at: datetime | None
    tries: int
    reason: str
    choice: str
    interaction_id: UUID | None


async def dead_counts(db: AsyncSession) -> dict[UUID, int]:
    """By brand of the read scope; brands without any are left out."""
    query = select(Outbox.brand_id, func.count()).where(Outbox.state == "dead").group_by(Outbox.brand_id)
    return {row[0]: row[1] for row in await db.execute(query)}


async def dead_letters(db: AsyncSession) -> list[DeadLetter]:
    """Of the one brand in scope, the oldest first."""
    query = (
        select(
            Outbox.id,
            Outbox.topic,
            Outbox.created_at,
            Outbox.handed_at,
            Outbox.tries,
            Outbox.last_error,
            Message.state,
            Message.resent_at,
            Message.interaction_id,
        )
        .outerjoin(Message, (Message.brand_id == Outbox.brand_id) & (Message.id == Outbox.ref_id))
        .where(Outbox.state == "dead")
        .order_by(Outbox.created_at, Outbox.id)
        .limit(SHOWN)
    )
    return [
        DeadLetter(*row[:5], words_of(row[5]), _choice(row[6], row[7]), row[8])
        for row in await db.execute(query)
    ]


async def retry(db: AsyncSession, row_id: UUID, *, by: UUID, even_twice: bool = False) -> None:
    """Let it go out once more, with all its tries; the message waits again.

    NotDead when somebody was faster; AlreadyLeft when the message went another way; MayHaveArrived for an uncertain
    one unless the person says `even_twice`, and then once.
    """
    row = await _dead(db, row_id)
    message = await load(db, row.ref_id)
    if message.state == "uncertain" and not even_twice:
        raise MayHaveArrived(
            "This message may have arrived. Say that it may go out a second time, or give it up."
        )
    if message.state not in ("failed", "uncertain", "queued") or await _goes_another_way(db, row):
        raise AlreadyLeft("This message went out another way meanwhile. Give this one up.")
    if message.state != "queued":
        await requeue(db, message)
    _begin_anew(row, now(db))
    audit(db, "admin", "outbox.retried", "outbox", row.id, even_twice=even_twice)
    audit_house(db, by, "outbox.retried", "outbox", row.id)


async def give_up(db: AsyncSession, row_id: UUID, reason: str, *, by: UUID) -> None:
    """It will not be tried again. A message that still waited for it has failed, and its agent sees why.

    What is no message, as an import of customers, has said so itself and is begun anew where it is shown.
    """
    row = await _dead(db, row_id)
    if row.topic == TOPIC:
        message = await load(db, row.ref_id)
        if message.state == "queued" and not await _goes_another_way(db, row):
            await mark_failed(db, message, reason)
    row.state, row.done_at = "given_up", now(db)
    audit(db, "admin", "outbox.given_up", "outbox", row.id, reason=reason)
    audit_house(db, by, "outbox.given_up", "outbox", row.id)


async def house_dead_count(db: AsyncSession) -> int:
    query = select(func.count(HouseOutbox.id)).where(HouseOutbox.state == "dead")
    return (await db.execute(query)).scalar_one()


class HouseDeadLetter(NamedTuple):
    """Never the body: it may hold a link that lets somebody in."""

    id: UUID
    recipient: str
    subject: str
    created_at: datetime
    tried_at: datetime | None
    tries: int
    reason: str


async def house_dead_letters(db: AsyncSession) -> list[HouseDeadLetter]:
    query = (
        select(
            HouseOutbox.id,
            HouseOutbox.recipient,
            HouseOutbox.subject,
            HouseOutbox.created_at,
            HouseOutbox.handed_at,
            HouseOutbox.tries,
            HouseOutbox.last_error,
        )
        .where(HouseOutbox.state == "dead")
        .order_by(HouseOutbox.created_at, HouseOutbox.id)
        .limit(SHOWN)
    )
    return [HouseDeadLetter(*row[:6], words_of(row[6])) for row in await db.execute(query)]


async def retry_house(db: AsyncSession, row_id: UUID, *, by: UUID) -> None:
    row = await _house_dead(db, row_id)
    _begin_anew(row, now(db))
    audit_house(db, by, "house_outbox.retried", "house_outbox", row.id)


async def give_up_house(db: AsyncSession, row_id: UUID, reason: str, *, by: UUID) -> None:
    row = await _house_dead(db, row_id)
    row.state, row.done_at, row.body = "given_up", now(db), ""
    audit_house(db, by, "house_outbox.given_up", "house_outbox", row.id, reason=reason)


def _begin_anew(row: Outbox | HouseOutbox, at: datetime) -> None:
    """With all its tries, and as much patience as something new."""
    row.state, row.tries, row.strikes = "pending", 0, 0
    row.created_at = row.run_at = at
    row.handed_at = None


def _choice(state: str | None, resent_at: datetime | None) -> str:
    if state in ("failed", "queued"):
        return "again"
    return "twice" if state == "uncertain" and resent_at is None else "none"


async def _dead(db: AsyncSession, row_id: UUID) -> Outbox:
    query = select(Outbox).where(Outbox.id == row_id, Outbox.state == "dead").with_for_update()
    return _one((await db.scalars(query)).all())


async def _house_dead(db: AsyncSession, row_id: UUID) -> HouseOutbox:
    query = select(HouseOutbox).where(HouseOutbox.id == row_id, HouseOutbox.state == "dead").with_for_update()
    return _one((await db.scalars(query)).all())


def _one(rows: Sequence[Row]) -> Row:
    if rows:
        return rows[0]
    raise NotDead("This one does not wait for anybody any more.")


async def _goes_another_way(db: AsyncSession, row: Outbox) -> bool:
    """An agent sent the message again meanwhile: two rows of one message must never be under way."""
    query = select(Outbox.id).where(Outbox.ref_id == row.ref_id, Outbox.id != row.id, Outbox.state.in_(OPEN))
    return await db.scalar(query.limit(1)) is not None
