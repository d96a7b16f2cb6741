"""A brand's shops, who stands at their counters, and what a visit is beside its contact."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from portavoce.core.tables import Base, TenantRow, owned


class Shop(TenantRow, Base):
    """Its visits are contacts of the line of business. A retired one takes none, and keeps its past."""

    __tablename__ = "shop"
    lob_id: Mapped[UUID]
    name: Mapped[str]
    place: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        owned("lob_id", "line_of_business"),
        Index(
            "shop_name",
            "brand_id",
            "name",
            "place",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )


class ShopClerk(TenantRow, Base):
    """Somebody of the client, under the alias by which the brand knows them, at one shop.

    `chosen_at`: when they last said that they stand there; the newest of their shops is the one they are shown.
    """

    __tablename__ = "shop_clerk"
    shop_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    given_at: Mapped[datetime]
    chosen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        owned("shop_id", "shop"),
        owned("brand_agent_id", "brand_agent"),
        Index(
            "shop_clerk_once",
            "brand_id",
            "brand_agent_id",
            "shop_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Visit(TenantRow, Base):
    """`message_id` holds what it was about. It happened at `occurred_at`, and was `received_at` then or later.

    `continued_id`: the mail contact in which it goes on, written to `answer_to`. `form_key`: the clerk's form.
    """

    __tablename__ = "visit"
    interaction_id: Mapped[UUID]
    shop_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    message_id: Mapped[UUID]
    form_key: Mapped[UUID]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    continued_id: Mapped[UUID | None]
    answer_to: Mapped[str | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("shop_id", "shop"),
        owned("brand_agent_id", "brand_agent"),
        owned("message_id", "message"),
        owned("continued_id", "interaction"),
        CheckConstraint("(continued_id IS NULL) = (answer_to IS NULL)", name="continuing"),
        UniqueConstraint("brand_id", "interaction_id"),
        UniqueConstraint("brand_id", "message_id"),
        UniqueConstraint("brand_id", "brand_agent_id", "form_key"),
        Index(
            "visit_continued",
            "brand_id",
            "continued_id",
            unique=True,
            postgresql_where=text("continued_id IS NOT NULL"),
        ),
        Index("visit_shop", "brand_id", "shop_id", "occurred_at"),
    )
