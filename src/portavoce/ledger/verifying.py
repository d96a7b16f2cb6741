"""Recompute a brand's chain from its stored bytes and compare every typed column, the head and the tickets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.ledger.chain import Fault, Head, Row, genesis, verify_rows
from portavoce.ledger.models import BrandHead, LedgerEvent, Ticket
from portavoce.ledger.writing import COPIED

PAGE = 2_000
COPIES = (*COPIED, "brand_id")

Check = Callable[[AsyncSession], Awaitable[Sequence[Fault]]]


class BrandFault(msgspec.Struct, frozen=True):
    """What does not hold in a brand's ledger; `n` is the fact where it shows, 0 when no fact of the ledger does."""

    brand_id: UUID
    n: int
    reason: str


async def verify_all(
    database: Database, brands: Iterable[UUID], checks: Sequence[Check] = ()
) -> list[BrandFault]:
    """Every fault of the ledgers of these brands, each brand read in one snapshot; empty means all hold.

    `checks` compare what modules above keep beside the ledger with its facts.
    """
    faults: list[BrandFault] = []
    for brand_id in brands:
        async with database.begin(Scope.reading({brand_id}), snapshot=True) as db:
            found = await verify_chain(db, brand_id)
            for check in checks:
                found += await check(db)
        faults += [BrandFault(brand_id, fault.n, fault.reason) for fault in found]
    return faults


async def verify_chain(db: AsyncSession, brand_id: UUID) -> list[Fault]:
    """Every fault of one brand's chain, head and tickets, read page by page. Needs a snapshot."""
    faults: list[Fault] = []
    drawn: dict[int, tuple[int, str]] = {}
    last = Head(0, genesis(brand_id))
    async for rows in _pages(db):
        faults += verify_rows(rows, after=last)
        drawn.update(_drawn(rows))
        last = Head(rows[-1].n, rows[-1].hash)
    head = (await db.execute(select(BrandHead.n, BrandHead.hash, BrandHead.ticket))).one_or_none()
    if head is None:
        return [*faults, Fault(0, "the brand has no head")]
    faults += verify_rows([], after=last, head=Head(head.n, head.hash))
    return [*faults, *await _ticket_faults(db, drawn, head.ticket)]


async def _pages(db: AsyncSession) -> AsyncIterator[list[Row]]:
    columns = [getattr(LedgerEvent, name) for name in COPIES]
    query = select(LedgerEvent.n, LedgerEvent.prev, LedgerEvent.hash, LedgerEvent.body, *columns)
    query = query.order_by(LedgerEvent.n).limit(PAGE)
    found = list(await db.execute(query))
    while found:
        yield [Row(row[0], row[1], row[2], row[3], dict(zip(COPIES, row[4:], strict=True))) for row in found]
        found = list(await db.execute(query.where(LedgerEvent.n > found[-1].n)))


def _drawn(rows: list[Row]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Per fact that drew a ticket: its n, the number, and the interaction as text."""
    for row in rows:
        if '"ticket":' not in row.body:
            continue
        data = _data(row.body)
        if isinstance(data.get("ticket"), int):
            yield row.n, (data["ticket"], str(row.columns["interaction_id"]))


def _data(body: str) -> dict[str, int]:
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


async def _ticket_faults(db: AsyncSession, drawn: dict[int, tuple[int, str]], last: int) -> list[Fault]:
    rows = await db.execute(select(Ticket.number, Ticket.interaction_id))
    kept = {row.number: str(row.interaction_id) for row in rows}
    faults = [
        Fault(n, f"ticket {number} is not kept for the contact that drew it")
        for n, (number, interaction) in drawn.items()
        if kept.pop(number, None) != interaction
    ]
    faults += [Fault(0, f"no fact drew ticket {number}") for number in sorted(kept)]
    if sorted(number for number, _ in drawn.values()) != list(range(1, last + 1)):
        faults.append(Fault(0, f"the facts did not draw the tickets 1 to {last}, each once"))
    return faults
