"""Rows of the core itself: what must leave (outbox), files, and the pulse of each process."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Ops, TenantRow, of_brand, one_of

OUTBOX_STATES = ("pending", "handed", "done", "dead", "given_up")
"""`dead`: tried as often as we try, and waiting for a person, who sets it pending again or gives it up."""


class Outbox(TenantRow, Base):
    """Written with the change that causes it; `ref_id` names the row to work on, never content.

    `tries` counts every beginning; `strikes` those since the last one that ended as a worker's work should.
    """

    __tablename__ = "outbox"
    topic: Mapped[str]
    ref_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="pending")
    run_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    strikes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    handed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        of_brand(),
        one_of("state", *OUTBOX_STATES),
        Index(
            "outbox_waiting", "brand_id", "run_at", postgresql_where=text("state IN ('pending', 'handed')")
        ),
        Index("outbox_due", "run_at", postgresql_where=text("state IN ('pending', 'handed')")),
        Index("outbox_dead", "brand_id", "created_at", postgresql_where=text("state = 'dead'")),
        Index("outbox_ended", "brand_id", "done_at", postgresql_where=text("state IN ('done', 'given_up')")),
    )


class HouseOutbox(Ops, Base):
    """Mail that belongs to no brand: invitations, resets, notices to staff."""

    __tablename__ = "house_outbox"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    run_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    strikes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    handed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        one_of("state", *OUTBOX_STATES),
        Index("house_outbox_due", "run_at", postgresql_where=text("state IN ('pending', 'handed')")),
    )


class StoredFile(TenantRow, Base):
    """A file under `brand/<id>/…`; served only after this row was found in scope."""

    __tablename__ = "stored_file"
    key: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (of_brand(), Index("stored_file_key", "brand_id", "key"))


class Heartbeat(Ops, Base):
    """Last sign of life of a process; readiness reads it."""

    __tablename__ = "heartbeat"
    process: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
