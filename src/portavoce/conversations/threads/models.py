"""Which thread goes on in which other one, and which one came out of which."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from portavoce.core.tables import Base, TenantRow, owned


class ThreadMerge(TenantRow, Base):
    """`dropped_id` was closed as merged, and what its thread gets arrives in that of `kept_id`, until it is undone.

    `was_held`: the dropped one was in the hands of `brand_agent_id`, else it waited with `queued_at` and `ahead_since`;
    `was_waiting`: the kept one waited, and was taken with the merge. `care_case_id`: the case the dropped one was of.
    """

    __tablename__ = "thread_merge"
    dropped_id: Mapped[UUID]
    kept_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    into_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    was_held: Mapped[bool]
    was_waiting: Mapped[bool]
    queued_at: Mapped[datetime]
    ahead_since: Mapped[datetime | None]
    care_case_id: Mapped[UUID | None]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        owned("dropped_id", "interaction"),
        owned("kept_id", "interaction"),
        owned("conversation_id", "conversation"),
        owned("into_id", "conversation"),
        owned("brand_agent_id", "brand_agent"),
        owned("care_case_id", "care_case"),
        Index(
            "thread_merge_dropped",
            "brand_id",
            "dropped_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(
            "thread_merge_thread",
            "brand_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("thread_merge_into", "brand_id", "into_id", postgresql_where=text("undone_at IS NULL")),
    )


class ThreadSplit(TenantRow, Base):
    """So many `messages` of the contact `left_id` were about another matter, which is `opened_id` since, in a thread of its
    own: `into_id`. Undone, they are where they came from, and `opened_id` is closed and empty.
    """

    __tablename__ = "thread_split"
    left_id: Mapped[UUID]
    opened_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    into_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    messages: Mapped[int]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        owned("left_id", "interaction"),
        owned("opened_id", "interaction"),
        owned("conversation_id", "conversation"),
        owned("into_id", "conversation"),
        owned("brand_agent_id", "brand_agent"),
        Index("thread_split_opened", "brand_id", "opened_id", unique=True),
        Index("thread_split_thread", "brand_id", "conversation_id"),
        Index("thread_split_into", "brand_id", "into_id", unique=True),
    )
