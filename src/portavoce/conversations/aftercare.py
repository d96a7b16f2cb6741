"""What a contact leaves to do beside its answer: promises, calls back, complaints, notes that mention somebody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, one_of, owned

PROMISES = ("promise", "callback")
PROMISE_STATES = ("open", "kept", "dropped")


class Promise(TenantRow, Base):
    """What was promised to a customer, or a call back, until a moment. Whoever speaks for the brand may keep it."""

    __tablename__ = "promise"
    customer_id: Mapped[UUID]
    interaction_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    kind: Mapped[str]
    wording: Mapped[str]
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("interaction_id", "interaction"),
        owned("brand_agent_id", "brand_agent"),
        owned("ended_by", "brand_agent"),
        one_of("kind", *PROMISES),
        one_of("state", *PROMISE_STATES),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ending"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ender"),
        Index("promise_customer", "brand_id", "customer_id", "made_at"),
        Index("promise_open", "brand_id", "due_at", postgresql_where=text("state = 'open'")),
    )


class Mention(TenantRow, Base):
    """An internal note names a colleague, who has it in their list until they have looked."""

    __tablename__ = "mention"
    interaction_id: Mapped[UUID]
    message_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("message_id", "message"),
        owned("brand_agent_id", "brand_agent"),
        UniqueConstraint("brand_id", "message_id", "brand_agent_id"),
        Index("mention_unseen", "brand_id", "brand_agent_id", postgresql_where=text("seen_at IS NULL")),
    )


class Complaint(TenantRow, Base):
    """A contact that is a complaint: the customer has its code in writing, and the law its day. One a contact."""

    __tablename__ = "complaint"
    customer_id: Mapped[UUID]
    interaction_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    message_id: Mapped[UUID]
    code: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("interaction_id", "interaction"),
        owned("brand_agent_id", "brand_agent"),
        owned("message_id", "message"),
        UniqueConstraint("brand_id", "code"),
        UniqueConstraint("brand_id", "interaction_id"),
        Index("complaint_customer", "brand_id", "customer_id", "opened_at"),
    )
