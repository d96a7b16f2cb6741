"""Which of two contacts goes on when they are put together. What is fair to the customer and the client decides, not
which one the agent has open.

One that nobody has answered goes on rather than one that was answered, so that no running clock is closed away. Of two
without an answer the one that is due first goes on: an answer that keeps its promise keeps the other's too, and one that
comes too late is late once. What was decided before the merge, answered or already late, was a contact of its own and counts
as it did; what still ran is counted once, with the one it goes on in. `sla.clocks` reads it so from the facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Clock(NamedTuple):
    """Of one contact: its opening, when its first answer is due (None: nothing promised) and when it left."""

    id: UUID
    opened_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


def goes_on(clocks: Iterable[Clock]) -> UUID:
    return min(clocks, key=_rank).id


def _rank(clock: Clock) -> tuple[bool, bool, datetime, datetime, UUID]:
    due = clock.due_at if clock.answered_at is None else None
    return (clock.answered_at is not None, due is None, due or clock.opened_at, clock.opened_at, clock.id)
