"""A reply that the client is asked to approve, and what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, one_of, owned

WHYS = ("asked", "sensitive", "always")
"""The agent wished for it, or one of the rules of `brands.models.APPROVALS` did."""


class ReplyApproval(TenantRow, Base):
    """The text is its message's, which leaves as it is or never. Its own clock runs from `asked_at` to `due_at`, where
    the contract promises a decision; at most one is open on a contact. `decided_by` is a person of the client, of whom
    the ledger and the thread know no id.
    """

    __tablename__ = "reply_approval"
    interaction_id: Mapped[UUID]
    message_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    why: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    comment: Mapped[str | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("message_id", "message"),
        owned("brand_agent_id", "brand_agent"),
        one_of("why", *WHYS),
        one_of("state", "open", "approved", "returned", "recalled"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ending"),
        Index(
            "reply_approval_open",
            "brand_id",
            "interaction_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("reply_approval_message", "brand_id", "message_id"),
        Index("reply_approval_ended", "brand_id", "ended_at"),
    )
