"""A lead, and what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, one_of, owned

RESULTS = ("won", "lost", "unreachable")


class Lead(TenantRow, Base):
    """`with_phone` and `with_email`: which addresses of the profile its taker may see, as they are when they look.

    `taken_by` is a person of the client, of whom the ledger knows no id. `form_key`: the form it was written in.
    """

    __tablename__ = "lead"
    customer_id: Mapped[UUID]
    interaction_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    wording: Mapped[str]
    with_phone: Mapped[bool]
    with_email: Mapped[bool]
    form_key: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="open")
    passed_at: Mapped[datetime]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str | None]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("interaction_id", "interaction"),
        owned("brand_agent_id", "brand_agent"),
        one_of("state", "open", "taken", *RESULTS),
        CheckConstraint("(state = 'open') = (taken_at IS NULL)", name="taking"),
        CheckConstraint("(taken_at IS NULL) = (taken_by IS NULL)", name="taker"),
        CheckConstraint("(state IN ('open', 'taken')) = (ended_at IS NULL)", name="ending"),
        UniqueConstraint("brand_id", "interaction_id", "form_key"),
        Index("lead_state", "brand_id", "state", "passed_at"),
        Index("lead_customer", "brand_id", "customer_id", "passed_at"),
    )
