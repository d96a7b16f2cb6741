"""A file of customers on its way in: what was uploaded, which column is what, what the dry run said, how it ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, of_brand, one_of, owned

STATES = ("uploaded", "checking", "checked", "running", "done", "failed", "discarded")
OPEN = ("uploaded", "checking", "checked", "running", "failed")


class CustomerImport(TenantRow, Base):
    """`headings`, `mapping` and `report` are JSON; the report holds lines, ids and codes, never what a cell says.

    `file_id` is empty once the file is no longer needed. `problem`: a sentence for people, or nothing. The row stays:
    changes of profiles name it as their source.
    """

    __tablename__ = "customer_import"
    state: Mapped[str]
    file_id: Mapped[UUID | None]
    name: Mapped[str]
    headings: Mapped[str]
    mapping: Mapped[str]
    report: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    rows: Mapped[int]
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        of_brand(),
        owned("file_id", "stored_file"),
        one_of("state", *STATES),
        Index("customer_import_at", "brand_id", "created_at"),
    )
