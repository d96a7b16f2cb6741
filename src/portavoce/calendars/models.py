"""Opening hours of a brand, versioned: a closed fact keeps the version it was measured with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, of_brand, owned


class Calendar(TenantRow, Base):
    __tablename__ = "calendar"
    in_reports = True
    name: Mapped[str]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "name"))


class CalendarVersion(TenantRow, Base):
    """`document` is the JSON form of calendars.documents' Document. `zone` and `weekly`, the JSON form of calendars.hours'
    pattern, repeat what it says for channels without hours of their own, and are all there is of an old version.

    A version never changes. One that has not begun is replaced by another one that begins at the same instant.
    """

    __tablename__ = "calendar_version"
    in_reports = True
    calendar_id: Mapped[UUID]
    valid_from: Mapped[datetime]
    zone: Mapped[str]
    weekly: Mapped[str]
    document: Mapped[str | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    __table_args__ = (
        owned("calendar_id", "calendar"),
        UniqueConstraint(
            "brand_id", "calendar_id", "valid_from", "published_at", postgresql_nulls_not_distinct=True
        ),
    )
