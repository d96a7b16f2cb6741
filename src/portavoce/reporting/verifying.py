"""Compare what the desk keeps of each contact with what the facts tell: figures are computed from the latter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Interaction
from portavoce.conversations.moving import MOVED
from portavoce.core.db import Database
from portavoce.ledger.chain import Fault
from portavoce.ledger.models import LedgerEvent
from portavoce.ledger.verifying import BrandFault, verify_all
from portavoce.reporting.facts import Told, read_body
from portavoce.reporting.reconciling import report_faults
from portavoce.sla.clocks.facts import MERGED, OPENED, PARTED, REJOINED, SENT, Fact, is_reply

CLOSED = "interaction.closed"
ENDS = (CLOSED, MERGED, REJOINED)
MOVES = (
    OPENED,
    "interaction.assigned",
    "interaction.released",
    "interaction.snoozed",
    "interaction.pending",
    "interaction.returned",
    "interaction.transferred",
    *ENDS,
    "interaction.reopened",
    PARTED,
)


class Standing(msgspec.Struct, frozen=True):
    """How a contact stands: what the row says, or what its facts add up to."""

    lob_id: UUID | None
    channel: object
    came_by: object
    opened_at: datetime
    state: str | None
    first_response_at: datetime | None
    closed_at: datetime | None
    brand_agent_id: UUID | None


async def verify_books(database: Database, brands: Iterable[UUID]) -> list[BrandFault]:
    """Everything that can be checked of these brands: chains, tickets, contacts and reports against their facts."""
    return await verify_all(database, brands, (contact_faults, report_faults))


async def contact_faults(db: AsyncSession) -> list[Fault]:
    """Contacts of the one brand in scope that do not stand as their facts say, each named by its last fact."""
    stories = await _stories(db)
    kept = {row.id: row for row in await db.execute(_KEPT)}
    faults = [
        Fault(0, f"contact {each} has no opening in the ledger") for each in kept if each not in stories
    ]
    for interaction_id, told in stories.items():
        faults += _compare(told, kept.get(interaction_id))
    return faults


_KEPT = select(
    Interaction.id,
    Interaction.lob_id,
    Interaction.channel,
    Interaction.came_by,
    Interaction.opened_at,
    Interaction.state,
    Interaction.first_response_at,
    Interaction.closed_at,
    Interaction.brand_agent_id,
)


class _Move(msgspec.Struct, frozen=True):
    told: Told
    to_state: str | None


async def _stories(db: AsyncSession) -> dict[UUID, list[_Move]]:
    """Per interaction that was opened: the facts that move it or answer it, in order of the ledger."""
    query = (
        select(
            LedgerEvent.n,
            LedgerEvent.kind,
            LedgerEvent.interaction_id,
            LedgerEvent.at,
            LedgerEvent.lob_id,
            LedgerEvent.brand_agent_id,
            LedgerEvent.to_state,
            LedgerEvent.body,
        )
        .where(LedgerEvent.kind.in_((*MOVES, SENT, MOVED)), LedgerEvent.interaction_id.is_not(None))
        .order_by(LedgerEvent.n)
    )
    found: dict[UUID, list[_Move]] = {}
    for row in await db.execute(query):
        fact = Fact(row.kind, row.interaction_id, row.at, row.lob_id, _said(row.body))
        move = _Move(Told(row.n, fact, row.brand_agent_id, None), row.to_state)
        if row.kind == OPENED:
            found[row.interaction_id] = [move]
        elif row.interaction_id in found:
            found[row.interaction_id].append(move)
    return found


def _said(body: str) -> dict[str, object]:
    """A damaged body is the chain's fault to name."""
    try:
        return read_body(body)
    except msgspec.MsgspecError:
        return {}


def standing(moves: list[_Move]) -> Standing:
    """What the facts of one contact, its opening first, add up to."""
    opening, last = moves[0].told, [move for move in moves if move.told.fact.kind in MOVES][-1]
    replies = [move.told.fact.at for move in moves if is_reply(move.told.fact)]
    channels = [move.told.fact for move in moves if move.told.fact.kind in (OPENED, MOVED)]
    return Standing(
        lob_id=opening.fact.lob_id,
        channel=channels[-1].body.get("channel"),
        came_by=_came_by([fact.body.get("channel") for fact in channels]),
        opened_at=opening.fact.at,
        state=last.to_state,
        first_response_at=replies[0] if replies else None,
        closed_at=last.told.fact.at if last.told.fact.kind in ENDS else None,
        brand_agent_id=last.told.brand_agent_id if last.to_state != "waiting" else None,
    )


def _came_by(channels: list[object]) -> object:
    """That of the opening, unless it is there."""
    return channels[0] if channels[0] != channels[-1] else None


def _compare(moves: list[_Move], row: Any) -> Iterator[Fault]:
    n = moves[-1].told.n
    if row is None:
        yield Fault(n, "the contact of this fact is not kept")
        return
    told = standing(moves)
    for name in Standing.__struct_fields__:
        if getattr(told, name) != getattr(row, name):
            yield Fault(n, f"{name} of the contact is not what its facts tell")
