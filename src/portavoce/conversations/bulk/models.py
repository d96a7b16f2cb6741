"""One act on many waiting contacts of one brand: what was wished, and how far each contact got."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, one_of, owned

TAKE, ASIDE, AGENT, QUEUE, REASON, CLOSE = VERBS = ("take", "aside", "agent", "queue", "reason", "close")
PLANNED, DONE, LEFT_OUT, UNDONE, KEPT = STEP_STATES = ("planned", "done", "left_out", "undone", "kept")
"""`kept`: done, and not put back when the whole was undone, because somebody went on with it since."""


class BulkAction(TenantRow, Base):
    """Its id is that of the form it was asked for with: the same form again is the same act.

    `supervising`: by a supervisor, who needs no free hands to move what waits. Tables named `action` stay free for acts
    over several brands, which belong to the agent and not to one brand.
    """

    __tablename__ = "bulk_action"
    brand_agent_id: Mapped[UUID]
    supervising: Mapped[bool]
    verb: Mapped[str]
    until: Mapped[datetime | None]
    to_agent_id: Mapped[UUID | None]
    to_lob_id: Mapped[UUID | None]
    outcome: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        owned("brand_agent_id", "brand_agent"),
        owned("to_agent_id", "brand_agent"),
        owned("to_lob_id", "line_of_business"),
        one_of("verb", *VERBS),
        CheckConstraint("(verb = 'aside') = (until IS NOT NULL)", name="moment"),
        CheckConstraint("(verb = 'agent') = (to_agent_id IS NOT NULL)", name="receiver"),
        CheckConstraint("(verb = 'queue') = (to_lob_id IS NOT NULL)", name="line"),
    )


class BulkStep(Tenant, Base):
    """One contact of it, moved in a transaction of its own that writes this row too: never twice, whoever is killed.

    `why` is a sentence of ours about what was left out or kept. From `queued_at` on: where the contact stood before, and,
    in `left_*`, how the step left it, by which it is known whether it can still be put back.
    """

    __tablename__ = "bulk_step"
    action_id: Mapped[UUID] = mapped_column(primary_key=True)
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    state: Mapped[str]
    why: Mapped[str]
    queued_at: Mapped[datetime | None]
    ahead_since: Mapped[datetime | None]
    lob_id: Mapped[UUID | None]
    queue_id: Mapped[UUID | None]
    reason_id: Mapped[UUID | None]
    left_state: Mapped[str | None]
    left_with: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    __table_args__ = (
        owned("action_id", "bulk_action"),
        owned("interaction_id", "interaction"),
        owned("lob_id", "line_of_business"),
        owned("queue_id", "queue"),
        owned("reason_id", "disposition"),
        owned("left_with", "brand_agent"),
        one_of("state", *STEP_STATES),
        Index("bulk_step_interaction", "brand_id", "interaction_id"),
    )
