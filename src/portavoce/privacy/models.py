"""The daily removal's own record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Ops


class RetentionRun(Ops, Base):
    """One run; whoever writes the row of `due_at` runs it, so that two timers make one run. `removed` is JSON."""

    __tablename__ = "retention_run"
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    removed: Mapped[str]
