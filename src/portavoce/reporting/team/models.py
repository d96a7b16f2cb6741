"""A brand's part of a file that a supervisor asked for. The file itself is never kept: it would hold several brands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, of_brand, one_of, owned
from portavoce.reporting.team.pieces import By


class ReportPart(TenantRow, Base):
    """One of `parts` of the export, one a brand. `first_month` and `last_month` as `2026-03`; `file_id` once it is ready."""

    __tablename__ = "report_part"
    export_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("pv.person.id"))
    grouping: Mapped[str]
    first_month: Mapped[str]
    last_month: Mapped[str]
    parts: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    file_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        of_brand(),
        owned("file_id", "stored_file"),
        one_of("grouping", *By),
        one_of("state", "waiting", "ready", "failed"),
        UniqueConstraint("brand_id", "export_id"),
        Index("report_part_person", "brand_id", "person_id", "created_at"),
    )
