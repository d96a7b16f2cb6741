"""What may be found: one row per thing, with its words and nothing of its text."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, of_brand, one_of

KINDS = ("message", "note", "customer")


class Words(TSVECTOR):
    """Written as text made by `search.vectors`."""

    @property
    def python_type(self) -> type[str]:
        return str


class SearchEntry(Tenant, Base):
    """`subject_id` is the id of what `kind` names, in this brand. `words` is asked by `pv.search()` alone: its operator
    is not leakproof, so no policy would let it reach the index.
    """

    __tablename__ = "search_entry"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Words)
    __table_args__ = (
        of_brand(),
        one_of("kind", *KINDS),
        Index("search_entry_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )
