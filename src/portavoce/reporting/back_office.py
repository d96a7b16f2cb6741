"""Questions to the client's back office over a month: how many were asked, and how many it answered in time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent, Ticket
from portavoce.reporting.facts import Anchor, read_body
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


async def read_questions(db: AsyncSession, zone: str, month: Month, anchor: Anchor) -> Questions:
    """One query: the questions asked in the month, with what became of them until the anchor."""
    start, end = month.bounds(zone)
    query = (
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
            (Ticket.brand_id == LedgerEvent.brand_id) & (Ticket.interaction_id == LedgerEvent.interaction_id),
        )
        .where(
            LedgerEvent.kind.in_((ASKED, ANSWERED, RECALLED, MOVED)),
            LedgerEvent.at >= start,
            LedgerEvent.n <= anchor.n,
        )
        .order_by(LedgerEvent.n)
    )
    asked, ended, moved = [], {}, {}
    for row in await db.execute(query):
        data = read_body(row.body)
        if row.kind == MOVED:
            moved[data["request"]] = _instant(data["due"])
        elif row.kind != ASKED:
            ended[data["request"]] = row.kind, row.at
        elif row.at < end:
            asked.append((row, data["request"], _instant(data["due"])))
    return Questions(
        [
            Question(
                row.n,
                row.interaction_id,
                row.number,
                row.brand_agent_id,
                row.at,
                due,
                ended[request][1] if request in ended else None,
                _end(due, ended.get(request), anchor.at),
            )
            for row, request, first_due in asked
            for due in [moved.get(request, first_due)]
        ]
    )


def _end(due: datetime | None, end: tuple[str, datetime] | None, as_of: datetime) -> End:
    if end is not None and end[0] == RECALLED:
        return End.RECALLED
    if due is None:
        return End.NO_TARGET
    if (end[1] if end else as_of) > due:
        return End.LATE
    return End.MET if end else End.RUNNING


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
