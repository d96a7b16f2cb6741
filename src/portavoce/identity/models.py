"""People of the provider and of client companies, what they may do, and how they sign in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Ops, Reference, TenantRow, of_brand, one_of

ROLES = (
    "agent",
    "supervisor",
    "admin",
    "client_viewer",
    "client_approver",
    "client_back_office",
    "client_lead_taker",
    "client_shop_clerk",
)
PROVIDER_ROLES = frozenset({"agent", "supervisor", "admin"})
CLIENT_ROLES = frozenset(
    {"client_viewer", "client_approver", "client_back_office", "client_lead_taker", "client_shop_clerk"}
)


class Person(Reference, Base):
    """`client_id` names the employer of a client's person; NULL for the provider's own."""

    __tablename__ = "person"
    email: Mapped[str]
    name: Mapped[str]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("pv.client.id"))
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="it")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("email"), one_of("locale", "it", "en"))


class AccessGrant(Reference, Base):
    """A role for a brand, for all brands of a client, or (admin only, both empty) for the provider's house."""

    __tablename__ = "access_grant"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("pv.person.id"))
    role: Mapped[str]
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey("pv.brand.id"))
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("pv.client.id"))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (
        one_of("role", *ROLES),
        CheckConstraint("brand_id IS NULL OR client_id IS NULL", name="target"),
        CheckConstraint("role = 'admin' OR brand_id IS NOT NULL OR client_id IS NOT NULL", name="house"),
        Index(
            "access_grant_once",
            "person_id",
            "role",
            "brand_id",
            "client_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("access_grant_brand", "brand_id"),
    )


class UserSession(Ops, Base):
    """A signed-in browser; keyed by the hash of its cookie."""

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("pv.person.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str]
    __table_args__ = (Index("session_person", "person_id"),)


class LoginToken(Ops, Base):
    """A one-time link sent by mail: invitation or password reset; keyed by its hash."""

    __tablename__ = "login_token"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("pv.person.id"))
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (one_of("purpose", "invitation", "reset"), Index("login_token_person", "person_id"))


class Throttle(Ops, Base):
    """Attempts counted atomically per key and window."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)


class ApiToken(TenantRow, Base):
    """What a program of the client shows to read the brand's figures. The hash of its secret is the endpoint's value.

    `person_id` made it, and it is good no longer than that person may make one. `used_at` is known to the hour.
    """

    __tablename__ = "api_token"
    endpoint_id: Mapped[UUID]
    name: Mapped[str]
    person_id: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "endpoint_id"))
