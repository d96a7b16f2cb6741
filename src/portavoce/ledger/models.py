"""The brand's ledger: one chain head, append-only facts, ticket numbers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, of_brand


class BrandHead(Tenant, Base):
    """The one per-brand hot row: last number, last hash, last ticket. Locked last in every unit of work."""

    __tablename__ = "brand_head"
    n: Mapped[int] = mapped_column(default=0)
    hash: Mapped[bytes]
    ticket: Mapped[int] = mapped_column(default=0)
    __table_args__ = (of_brand(),)


class LedgerEvent(Tenant, Base):
    """A fact. Columns are copies of `body` (canonical JSON), which the hash covers; nothing personal in it."""

    __tablename__ = "ledger_event"
    append_only = True
    in_reports = True
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    kind: Mapped[str]
    v: Mapped[int] = mapped_column(default=1)
    lob_id: Mapped[UUID | None]
    care_case_id: Mapped[UUID | None]
    interaction_id: Mapped[UUID | None]
    brand_agent_id: Mapped[UUID | None]
    actor: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    cause_id: Mapped[UUID | None]
    contract_version_id: Mapped[UUID]
    body: Mapped[str]
    prev: Mapped[bytes]
    hash: Mapped[bytes]
    __table_args__ = (
        of_brand(),
        Index("ledger_event_id", "brand_id", "id", unique=True),
        Index("ledger_event_kind", "brand_id", "kind", "at", postgresql_include=["brand_agent_id", "n"]),
        Index("ledger_event_interaction", "brand_id", "interaction_id", "n"),
    )


class Ticket(Tenant, Base):
    """The number people quote, drawn with the fact that opened the interaction."""

    __tablename__ = "ticket"
    append_only = True
    in_reports = True
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    __table_args__ = (of_brand(), Index("ticket_number", "brand_id", "number", unique=True))
