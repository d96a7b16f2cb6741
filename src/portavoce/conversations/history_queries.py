"""What was said and what came before, in pages: the newest first shown, older ones fetched, nothing lost in between.

A page that is open knows the oldest it was given. What is read for it again goes from there to the newest, however many
came meanwhile, so that nothing falls between what it fetched and what it is shown now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.joins import on
from portavoce.conversations.models import (
    Attachment,
    Closure,
    Conversation,
    Disposition,
    Interaction,
    Message,
)
from portavoce.conversations.thread_rows import AttachmentRow, EarlierRow, MessageRow
from portavoce.conversations.visits.models import Visit
from portavoce.ledger.models import Ticket

MESSAGES = 20
EARLIER = 10
MOST = 500
"""Rows of one reading, also for a page that shows everything."""
SHOWN_OF_A_VISIT = 280
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Where a page begins whose oldest row is gone."""

MESSAGE_COLUMNS: tuple[Any, ...] = (
    Message.id,
    Message.interaction_id,
    Message.conversation_id,
    Message.direction,
    Message.channel,
    Message.state,
    Message.author,
    Message.subject,
    Message.body,
    Message.quoted,
    Message.html.is_not(None).label("has_html"),
    Message.automatic,
    Message.other_sender,
    Message.at,
    Message.leaves_at,
    Message.sent_at,
    Message.failure,
    Message.resent_at,
)
IN_THREAD = select(*MESSAGE_COLUMNS).where(Message.conversation_id == bindparam("threads"))
IN_THREADS = select(*MESSAGE_COLUMNS).where(Message.conversation_id.in_(bindparam("threads", expanding=True)))
"""Of a thread and of those merged into it; most have none, and an index that gives the order."""
ATTACHMENTS = (
    select(Attachment.message_id, Attachment.id, Attachment.name, Attachment.media_type, Attachment.size)
    .where(Attachment.message_id.in_(bindparam("messages", expanding=True)))
    .order_by(Attachment.id)
)
OUTCOME = (
    select(Disposition.label)
    .join(Closure, on(Closure, Closure.disposition_id, Disposition.id))
    .where(Closure.brand_id == Interaction.brand_id, Closure.interaction_id == Interaction.id)
    .order_by(Closure.at.desc())
    .limit(1)
    .correlate(Interaction)
    .scalar_subquery()
)
VISITED = (
    select(func.concat(Message.author, ": ", func.left(Message.body, SHOWN_OF_A_VISIT)))
    .join(Visit, on(Visit, Visit.message_id, Message.id))
    .where(Visit.brand_id == Interaction.brand_id, Visit.interaction_id == Interaction.id)
    .correlate(Interaction)
    .scalar_subquery()
)
EARLIER_COLUMNS: tuple[Any, ...] = (
    Interaction.id,
    Interaction.channel,
    Conversation.subject,
    Interaction.state,
    Interaction.opened_at,
    Ticket.number,
    OUTCOME,
    Interaction.care_case_id,
    VISITED,
)
OTHERS = (
    select(*EARLIER_COLUMNS)
    .select_from(Interaction)
    .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
    .outerjoin(Ticket, on(Ticket, Ticket.interaction_id, Interaction.id))
    .where(Conversation.customer_id == bindparam("customer"), Conversation.id != bindparam("thread"))
)


class Window(msgspec.Struct, frozen=True):
    """The newest `limit`; of those before the row `before`, or from the row `since` on, MOST of these."""

    limit: int
    before: UUID | None = None
    since: UUID | None = None

    def cut(self, query: Select[Any], table: type[Any], at: Any) -> Select[Any]:
        """One row more than is shown tells that there are older ones."""
        bound = self.since or self.before
        query = query.order_by(at.desc(), table.id.desc())
        if bound is None:
            return query.limit(self.limit + 1)
        moment: Any = select(at).where(table.id == bound).scalar_subquery()
        if self.since is not None:
            moment = func.coalesce(moment, LONG_AGO)
            return query.where(at >= moment, or_(at > moment, table.id >= bound)).limit(MOST)
        return query.where(at <= moment, or_(at < moment, table.id < bound)).limit(self.limit + 1)

    def shown(self, rows: Sequence[Row[Any]]) -> tuple[list[Row[Any]], bool]:
        """The oldest first, and whether there are older ones."""
        limit = MOST if self.since else self.limit
        return list(reversed(rows[:limit])), len(rows) > limit


class Extent(msgspec.Struct, frozen=True):
    """How much of a contact's page is shown."""

    messages: Window = Window(MESSAGES)
    earlier: Window = Window(EARLIER)


NEWEST = Extent()
ALL = Extent(Window(MOST), Window(MOST))
BRIEF = Extent(Window(1), Window(1))


async def messages_of(
    db: AsyncSession, threads: Sequence[UUID], window: Window
) -> tuple[tuple[MessageRow, ...], bool]:
    """Of a thread and of those merged into it: oldest first, and whether there are older ones."""
    said, whose = (IN_THREAD, threads[0]) if len(threads) == 1 else (IN_THREADS, threads)
    rows, more = window.shown(
        (await db.execute(window.cut(said, Message, Message.at), {"threads": whose})).all()
    )
    files = await _attachments(db, [row.id for row in rows])
    return tuple(_message(row, files) for row in rows), more


async def moment_of(db: AsyncSession, message_id: UUID) -> datetime | None:
    return await db.scalar(select(Message.at).where(Message.id == message_id))


def _message(row: Row[Any], files: list[AttachmentRow]) -> MessageRow:
    values: tuple[Any, ...] = (*row, tuple(each for each in files if each.message_id == row.id))
    return MessageRow(*values)


async def _attachments(db: AsyncSession, messages: Sequence[UUID]) -> list[AttachmentRow]:
    return [AttachmentRow(*row) for row in await db.execute(ATTACHMENTS, {"messages": messages})]


async def earlier_contacts(
    db: AsyncSession, customer_id: UUID, conversation_id: UUID, window: Window
) -> tuple[tuple[EarlierRow, ...], bool]:
    """The contacts of the customer's other threads with this brand, oldest first, and whether there are older ones."""
    whose = {"customer": customer_id, "thread": conversation_id}
    rows, more = window.shown(
        (await db.execute(window.cut(OTHERS, Interaction, Interaction.opened_at), whose)).all()
    )
    values: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return tuple(EarlierRow(*each) for each in values), more
