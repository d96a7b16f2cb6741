"""A relief event as it stands. Its words are here alone; what it covers and who decided is told by facts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, of_brand, one_of, owned
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.told import Side, State


class ReliefEvent(TenantRow, Base):
    """From `starts_at` to before `ends_at`; of one line of business, one channel or one contact where these are given.

    `due_at` is when silence accepts, by the contract version in force at the proposal; None where it decides nothing.
    """

    __tablename__ = "relief_event"
    in_reports = True
    cause: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    lob_id: Mapped[UUID | None]
    channel: Mapped[str | None]
    interaction_id: Mapped[UUID | None]
    evidence: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.PROPOSED)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("pv.person.id"))
    due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_side: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    reason: Mapped[str | None]
    __table_args__ = (
        of_brand(),
        owned("lob_id", "line_of_business"),
        owned("interaction_id", "interaction"),
        one_of("cause", *Cause),
        one_of("state", *State),
        one_of("decided_side", *Side),
        CheckConstraint("starts_at <= ends_at", name="window"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decision"),
        CheckConstraint("(decided_at IS NULL) = (decided_side IS NULL)", name="side"),
        CheckConstraint("interaction_id IS NULL OR (lob_id IS NULL AND channel IS NULL)", name="scope"),
        Index(
            "relief_event_due", "brand_id", "due_at", postgresql_where=text("state = 'proposed' AND due_at IS NOT NULL")
        ),
        Index("relief_event_starts", "brand_id", "starts_at"),
    )  # fmt: skip
