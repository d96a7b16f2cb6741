"""Who did what: per brand, for the house, and what was refused."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Ops, TenantRow, of_brand


class AuditEntry(TenantRow, Base):
    """An act inside one brand. `actor` is a brand_agent id or a system code, never a provider-wide id."""

    __tablename__ = "audit_entry"
    append_only = True
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID | None]
    detail: Mapped[str]
    __table_args__ = (of_brand(), Index("audit_entry_at", "brand_id", "at"))


class HouseAudit(Ops, Base):
    """An act of the provider that concerns no single brand: a person added, a client created, a sign-in."""

    __tablename__ = "house_audit"
    append_only = True
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID | None]
    detail: Mapped[str]
    __table_args__ = (Index("house_audit_at", "at"),)


class Denial(Ops, Base):
    """Something was refused; written in its own short transaction, since the refused one rolls back."""

    __tablename__ = "denial"
    append_only = True
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    action: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str]
    __table_args__ = (Index("denial_at", "at"),)


class IsolationProbe(TenantRow, Base):
    """What one night's attempts to cross this brand's wall came to; its client reads it. `night` is a day in UTC."""

    __tablename__ = "isolation_probe"
    in_reports = True
    night: Mapped[str]
    at: Mapped[datetime]
    refused: Mapped[int]
    failures: Mapped[int]
    detail: Mapped[str]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "night"))
