"""The paying client, its brands (the tenant), their lines of business and queues, and the addresses of a brand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Reference, Tenant, TenantRow, of_brand, one_of, owned

SHAPES = ("circle", "square", "leaf", "hex", "shield")


class Client(Reference, Base):
    __tablename__ = "client"
    name: Mapped[str]
    legal_name: Mapped[str]
    created_at: Mapped[datetime]


class Brand(Reference, Base):
    """The tenant. Readable by scope only: the client list is confidential. `tokens` is JSON of brands.accent."""

    __tablename__ = "brand"
    client_id: Mapped[UUID] = mapped_column(ForeignKey("pv.client.id"))
    slug: Mapped[str]
    name: Mapped[str]
    legal_name: Mapped[str]
    voice: Mapped[str]
    language: Mapped[str]
    accent: Mapped[str]
    tokens: Mapped[str]
    shape: Mapped[str]
    monogram: Mapped[str]
    zone: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("slug"), one_of("shape", *SHAPES))


class Endpoint(Reference, Base):
    """Where the world reaches a brand, provider-wide unique; `pv.resolve()` reads it before a scope exists.

    Of a token the value is the hash of its secret.
    """

    __tablename__ = "endpoint"
    kind: Mapped[str]
    value: Mapped[str]
    brand_id: Mapped[UUID] = mapped_column(ForeignKey("pv.brand.id"))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("kind", "value"),
        one_of("kind", "email", "api_token", "service"),
        Index("endpoint_brand", "brand_id"),
    )


class BrandLimit(Tenant, Base):
    """Where a brand's number of `brands.limits` differs from the house's; no row means the default."""

    __tablename__ = "brand_limit"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    changed_at: Mapped[datetime]
    __table_args__ = (of_brand(),)


class QuotaWindow(Tenant, Base):
    """How much of a quota was handed out since `window_start`; see `brands.quotas`."""

    __tablename__ = "quota_window"
    name: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int]
    __table_args__ = (of_brand(),)


ACW_MODES = ("off", "optional", "timed")
APPROVALS = ("never", "sensitive", "always")
"""Which replies the client approves before they leave: none, those to a complaint, all."""


class LineOfBusiness(TenantRow, Base):
    """The unit of SLA, staffing and price. `work_mode`: push, assisted or free; see `brands.lines` for the rest."""

    __tablename__ = "line_of_business"
    in_reports = True
    name: Mapped[str]
    language: Mapped[str]
    work_mode: Mapped[str] = mapped_column(default="assisted")
    reason_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    acw_mode: Mapped[str] = mapped_column(default="off", server_default="off")
    acw_s: Mapped[int] = mapped_column(default=120, server_default="120")
    approval: Mapped[str] = mapped_column(default="never", server_default="never")
    __table_args__ = (
        of_brand(),
        UniqueConstraint("brand_id", "name"),
        one_of("work_mode", "push", "assisted", "free"),
        one_of("acw_mode", *ACW_MODES),
        one_of("approval", *APPROVALS),
        CheckConstraint("acw_s BETWEEN 10 AND 900", name="acw_length"),
    )


class Queue(TenantRow, Base):
    __tablename__ = "queue"
    lob_id: Mapped[UUID]
    name: Mapped[str]
    __table_args__ = (owned("lob_id", "line_of_business"), UniqueConstraint("brand_id", "lob_id", "name"))


SIGNAL_ORIGINS = ("name", "address", "signature", "added", "allowed", "used")


class BrandSignal(TenantRow, Base):
    """What marks a text as this brand's, or may stand in one; `key` as `brands.traces` makes it, `shown` as written.

    `added` by an administrator; `allowed` and `used` are nobody's marks: the former is never a mistake in a text of
    this brand, the latter was sent once with a reason and is not taken for a stranger's again.
    """

    __tablename__ = "brand_signal"
    key: Mapped[str]
    origin: Mapped[str]
    shown: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (
        of_brand(),
        one_of("origin", *SIGNAL_ORIGINS),
        UniqueConstraint("brand_id", "key", "origin"),
        Index("brand_signal_key", "key"),
    )
