"""Imports of one brand as its administrators see them: the latest, one with its columns, its report a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.customers.importing.errors import NoImport
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.importing.planning import CHANGED, CONFLICT, NEW, SAME, WRONG, Entry
from portavoce.customers.models import Customer

SHOWN = 20
MISSING = "This import does not exist."
TROUBLE = (WRONG, CONFLICT)
VERDICTS = (*TROUBLE, CHANGED, NEW, SAME)
"""In the order in which a report lists them."""


class ImportRow(NamedTuple):
    """`added`, `changed`, `same`, `wrong`: lines by what the dry run said of them."""

    id: UUID
    state: str
    name: str
    problem: str
    rows: int
    added: int
    changed: int
    same: int
    wrong: int
    created_at: datetime
    ended_at: datetime | None


COLUMNS = tuple(getattr(CustomerImport, name) for name in ImportRow._fields)


class Columns(NamedTuple):
    """Headings of the file, and the field chosen for each."""

    headings: Sequence[str]
    mapping: Sequence[str]


class Page(NamedTuple):
    """Entries from number `first`, of `total`; `names` of the customers they name."""

    entries: Sequence[Entry]
    first: int
    total: int
    names: dict[UUID, str]


async def imports(db: AsyncSession) -> list[ImportRow]:
    """Of the one brand in scope, the latest first."""
    query = select(*COLUMNS).order_by(CustomerImport.created_at.desc(), CustomerImport.id.desc())
    return [ImportRow(*row) for row in await db.execute(query.limit(SHOWN))]


async def import_of(db: AsyncSession, import_id: UUID) -> ImportRow:
    """NoImport when the brand in scope has no such one."""
    row = (await db.execute(select(*COLUMNS).where(CustomerImport.id == import_id))).one_or_none()
    if row is None:
        raise NoImport(MISSING)
    return ImportRow(*row)


async def columns_of(db: AsyncSession, import_id: UUID) -> Columns:
    query = select(CustomerImport.headings, CustomerImport.mapping).where(CustomerImport.id == import_id)
    headings, mapping = (await db.execute(query)).one()
    return Columns(_texts(headings), _texts(mapping))


async def report_of(
    db: AsyncSession, import_id: UUID, verdicts: Collection[str], *, first: int, most: int
) -> Page:
    """What is wrong comes first, then in the order of the lines; two statements."""
    told = await db.scalar(select(CustomerImport.report).where(CustomerImport.id == import_id))
    entries = msgspec.json.decode(told, type=list[Entry]) if told else []
    wanted = sorted(
        (each for each in entries if each.verdict in verdicts),
        key=lambda each: (each.verdict not in TROUBLE, each.line),
    )
    shown = wanted[first : first + most]
    ids = sorted({each.customer_id for each in shown if each.customer_id is not None})
    names = await db.execute(select(Customer.id, Customer.name).where(Customer.id.in_(ids)))
    return Page(shown, first, len(wanted), {row[0]: row[1] for row in names})


def _texts(value: str) -> list[str]:
    found: list[str] = msgspec.json.decode(value)
    return found
