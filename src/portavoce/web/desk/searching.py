"""Search over an agent's brands, each asked in a transaction of its own that reads this one brand and no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.faces import BrandFace
from portavoce.conversations.found import (
    FoundContact,
    FoundCustomer,
    found_by_number,
    found_customers,
    found_messages,
)
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.search.finding import Hit, find
from portavoce.search.marking import Piece, passage
from portavoce.search.models import KINDS
from portavoce.search.vectors import asked
from portavoce.web.desk.items import contact_url

AT_MOST = 10
"""Of each brand: whoever needs more writes more."""
LONGEST = 200
NUMBER = re.compile(r"(?:#|n\.?\s?|no\.?\s?)?(\d{1,9})", re.IGNORECASE)


class Row(msgspec.Struct, frozen=True):
    """`kind`: number, customer, or the direction of a message (in, out, note). `href` is empty for who has no contact."""

    kind: str
    id: UUID
    href: str
    name: str
    lang: str
    at: datetime
    channel: str
    ticket: int | None
    title: list[Piece]
    pieces: list[Piece]


class Group(msgspec.Struct, frozen=True):
    """What one brand gave, best first. `more`: it would have given more."""

    brand: BrandFace
    rows: list[Row]
    more: bool
    rank: float


def asks_something(text: str) -> bool:
    return bool(asked(text) or number_in(text))


def number_in(text: str) -> int | None:
    """The number of a contact, when that is all somebody wrote."""
    found = NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


async def search(
    database: Database,
    brands: Iterable[BrandFace],
    text: str,
    *,
    kinds: Sequence[str] = KINDS,
    at_most: int = AT_MOST,
) -> list[Group]:
    """The brands that have something, the best hit's first. As many questions as brands, whatever they hold."""
    if not asks_something(text):
        return []
    groups = []
    for brand in brands:
        async with database.begin(Scope.reading({brand.id})) as db:
            groups.append(await _of_brand(db, brand, text, kinds, at_most))
    return sorted((group for group in groups if group.rows), key=lambda group: -group.rank)


async def _of_brand(
    db: AsyncSession, brand: BrandFace, text: str, kinds: Sequence[str], at_most: int
) -> Group:
    number = number_in(text)
    numbered = await found_by_number(db, number) if number is not None else None
    hits = await find(db, brand.id, text, kinds=kinds, at_most=at_most + 1)
    shown = hits[:at_most]
    people = await found_customers(db, [hit.subject_id for hit in shown if hit.kind == "customer"])
    said = await found_messages(db, [hit.subject_id for hit in shown if hit.kind != "customer"])
    rows = [_contact(brand, numbered, text)] if numbered else []
    rows += [row for hit in shown if (row := _row(brand, hit, people, said, text))]
    rank = 1.0 if numbered else max((hit.rank for hit in shown), default=0.0)
    return Group(brand, rows, len(hits) > at_most, rank)


def _row(
    brand: BrandFace,
    hit: Hit,
    people: dict[UUID, FoundCustomer],
    said: dict[UUID, FoundContact],
    text: str,
) -> Row | None:
    """None for what went since the index told of it."""
    if hit.kind == "customer":
        return _customer(brand, people[hit.subject_id], text) if hit.subject_id in people else None
    return _contact(brand, said[hit.subject_id], text) if hit.subject_id in said else None


def _customer(brand: BrandFace, found: FoundCustomer, text: str) -> Row:
    return Row(
        kind="customer",
        id=found.id,
        href=contact_url(brand.slug, found.interaction_id) if found.interaction_id else "",
        name=found.name,
        lang="",
        at=found.since,
        channel="",
        ticket=None,
        title=passage(found.name, text),
        pieces=passage(", ".join(found.identities), text),
    )


def _contact(brand: BrandFace, found: FoundContact, text: str) -> Row:
    url = contact_url(brand.slug, found.interaction_id)
    return Row(
        kind=found.direction or "number",
        id=found.message_id or found.interaction_id,
        href=f"{url}#m-{found.message_id}" if found.message_id else url,
        name=found.customer,
        lang=found.language,
        at=found.at,
        channel=found.channel,
        ticket=found.ticket,
        title=passage(found.subject, text),
        pieces=passage(found.body, text),
    )
