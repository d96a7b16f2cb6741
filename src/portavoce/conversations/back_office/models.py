"""What the client was asked, and what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, one_of, owned


class ClientRequest(TenantRow, Base):
    """A question to the client's back office; `shared` is what the agent let it read of the conversation.

    Its own clock runs from `asked_at` to `due_at`, where the contract promises an answer; at most one is open on a
    contact. `answered_by` is a person of the client, of whom the ledger and the thread know no id.
    """

    __tablename__ = "client_request"
    in_reports = True
    interaction_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    question: Mapped[str]
    shared: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    answer: Mapped[str | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("brand_agent_id", "brand_agent"),
        one_of("state", "open", "answered", "recalled"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ending"),
        Index(
            "client_request_open",
            "brand_id",
            "interaction_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("client_request_ended", "brand_id", "ended_at"),
    )
