"""Questions to the client's back office over a month: how many were asked, and how many it answered in time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.ledger.models import LedgerEvent, Ticket
from portavoce.reporting.facts import Anchor
from portavoce.reporting.months import Month
from portavoce.sla.measures.ratios import share_bp

ASKED, ANSWERED, RECALLED = "back_office.asked", "back_office.answered", "back_office.recalled"
MOVED = "back_office.moved"
"""Opening hours were published while it was open, and it is due at another instant."""


class End(StrEnum):
    """How a question stands; the due instant itself is in time. A target may be missing, then time is only measured."""

    MET = "met"
    LATE = "late"
    RUNNING = "running"
    NO_TARGET = "no_target"
    RECALLED = "recalled"


class Question(msgspec.Struct, frozen=True):
    """One question, by the facts of its asking (`n`) and of its end."""

    n: int
    interaction_id: UUID
    ticket: int | None
    brand_agent_id: UUID | None
    asked_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    end: End


class Questions(msgspec.Struct, frozen=True):
    """Of one month, in order of asking. Late is also what is open and past due; taken back is never counted as either."""

    asked: list[Question]

    def of(self, *ends: End) -> list[Question]:
        return [each for each in self.asked if each.end in ends]

    @property
    def share_bp(self) -> int | None:
        """Basis points of the decided that were in time, halves up; None when none is decided."""
        return share_bp(len(self.of(End.MET)), len(self.of(End.MET, End.LATE)))


class _Said(msgspec.Struct):
    request: str
    due: datetime | None = None


class _Body(msgspec.Struct):
    data: _Said


_decode = msgspec.json.Decoder(_Body).decode


async def read_questions(db: AsyncSession, zone: str, month: Month, anchor: Anchor) -> Questions:
    """One query: the questions asked in the month, with what became of them until the anchor."""
    start, end = month.bounds(zone)
    asked, ended, moved = [], {}, {}
    for row in await db.execute(told_of(start, end, anchor.n)):
        said = _decode(row.body).data
        if row.kind == MOVED:
            moved[said.request] = said.due
        elif row.kind != ASKED:
            ended[said.request] = row.kind, row.at
        elif row.at < end:
            asked.append((row, said))
    return Questions(
        [
            Question(
                row.n,
                row.interaction_id,
                row.number,
                row.brand_agent_id,
                row.at,
                due,
                ended[said.request][1] if said.request in ended else None,
                _end(due, ended.get(said.request), anchor.at),
            )
            for row, said in asked
            for due in [moved.get(said.request, said.due)]
        ]
    )


def told_of(start: datetime, end: datetime, upto: int) -> Select[*tuple[Any, ...]]:
    """Of later months only what is about the contacts that were asked about in this one."""
    asking = aliased(LedgerEvent)
    asked_about = select(asking.n).where(
        asking.brand_id == LedgerEvent.brand_id,
        asking.interaction_id == LedgerEvent.interaction_id,
        asking.kind == ASKED,
        asking.at >= start,
        asking.at < end,
    )
    return (
        select(
            LedgerEvent.n,
            LedgerEvent.kind,
            LedgerEvent.at,
            LedgerEvent.interaction_id,
            LedgerEvent.brand_agent_id,
            LedgerEvent.body,
            Ticket.number,
        )
        .outerjoin(
            Ticket,
            (Ticket.brand_id == LedgerEvent.brand_id)
            & (Ticket.interaction_id == LedgerEvent.interaction_id)
            & (LedgerEvent.kind == ASKED),
        )
        .where(
            LedgerEvent.kind.in_((ASKED, ANSWERED, RECALLED, MOVED)),
            LedgerEvent.at >= start,
            LedgerEvent.n <= upto,
            or_(LedgerEvent.at < end, asked_about.exists()),
        )
        .order_by(LedgerEvent.n)
    )


def _end(due: datetime | None, end: tuple[str, datetime] | None, as_of: datetime) -> End:
    if end is not None and end[0] == RECALLED:
        return End.RECALLED
    if due is None:
        return End.NO_TARGET
    if (end[1] if end else as_of) > due:
        return End.LATE
    return End.MET if end else End.RUNNING
