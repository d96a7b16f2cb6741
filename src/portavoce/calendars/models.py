"""Opening hours of a brand, versioned: a closed fact keeps the version it was measured with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from portavoce.core.tables import Base, TenantRow, of_brand, owned


class Calendar(TenantRow, Base):
    __tablename__ = "calendar"
    in_reports = True
    name: Mapped[str]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "name"))


class CalendarVersion(TenantRow, Base):
    """`weekly` is the JSON form of calendars.hours' weekly pattern, wall-clock in `zone`."""

    __tablename__ = "calendar_version"
    in_reports = True
    calendar_id: Mapped[UUID]
    valid_from: Mapped[datetime]
    zone: Mapped[str]
    weekly: Mapped[str]
    __table_args__ = (
        owned("calendar_id", "calendar"),
        UniqueConstraint("brand_id", "calendar_id", "valid_from"),
    )
