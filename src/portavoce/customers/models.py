"""The brand's customer and the addresses by which it is known; the same human is another row in another brand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from portavoce.core.tables import Base, TenantRow, of_brand, owned


class Customer(TenantRow, Base):
    __tablename__ = "customer"
    name: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (of_brand(),)


class CustomerIdentity(TenantRow, Base):
    """`value` is normalised by customers.identities; one owner per brand and channel."""

    __tablename__ = "customer_identity"
    customer_id: Mapped[UUID]
    channel: Mapped[str]
    value: Mapped[str]
    shown: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (owned("customer_id", "customer"), UniqueConstraint("brand_id", "channel", "value"))
