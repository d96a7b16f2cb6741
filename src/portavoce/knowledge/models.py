"""Snippets of one brand, in the languages somebody wrote them in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, of_brand, one_of, owned

LANGUAGES = ("it", "en")


class Snippet(TenantRow, Base):
    """For one line of business and one channel, or (None) for each. `used`: how often it was inserted."""

    __tablename__ = "snippet"
    lob_id: Mapped[UUID | None]
    channel: Mapped[str | None]
    name: Mapped[str]
    shortcut: Mapped[str]
    used: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    __table_args__ = (
        of_brand(),
        owned("lob_id", "line_of_business"),
        UniqueConstraint("brand_id", "shortcut"),
    )


class SnippetText(Tenant, Base):
    """The words in one language, with their fields still open."""

    __tablename__ = "snippet_text"
    snippet_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    __table_args__ = (owned("snippet_id", "snippet"), one_of("language", *LANGUAGES))
