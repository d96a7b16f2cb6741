"""Tasks of the client: what is owed, until when, and what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, of_brand, one_of

KINDS = ("forecast", "product_news", "change_notice", "access", "data", "approval", "other")
"""A forecast of volumes; news of products and offers; notice of a change; access to systems; data; a decision; else."""


class ClientTask(TenantRow, Base):
    """`asked_by` is a person of the provider, `ended_by` whoever did it or withdrew it; the ledger knows no id of either.
    What ended after `due_at` was late, and stays so: a relief can name it as its evidence.
    """

    __tablename__ = "client_task"
    in_reports = True
    kind: Mapped[str]
    wording: Mapped[str]
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    state: Mapped[str] = mapped_column(default="open")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    answer: Mapped[str | None]
    __table_args__ = (
        of_brand(),
        one_of("kind", *KINDS),
        one_of("state", "open", "done", "withdrawn"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ending"),
        CheckConstraint("answer IS NULL OR state = 'done'", name="answer"),
        Index("client_task_state", "brand_id", "state", "due_at"),
    )
