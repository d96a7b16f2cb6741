"""What became of contacts that waited in a queue: one segment each, and the sums all figures are made of.

A segment is the time in one queue with exactly one end. Time in a menu before it is no wait (a regulator's addition is
`answering.mean_answer_s`). Source: reference/metrics.md §1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from portavoce.sla.measures.waits import Waits, waits

_SECOND = timedelta(seconds=1)


class End(StrEnum):
    """How a segment ends. Flowing out is neither answered nor abandoned; `dropped` is the system's own failure."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    FLOWED_OUT = "flowed_out"
    DROPPED = "dropped"


class Destination(StrEnum):
    """Where a contact flows out to."""

    QUEUE = "queue"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    BOT = "bot"
    OVERFLOW = "overflow"


class Segment(msgspec.Struct, frozen=True):
    """Instants are aware. `ended_at` and `end` are None while it waits; `to` is told of flow-outs alone. `number` is the
    brand's own number that was dialled, where menus differ by number. ValueError for what cannot be.
    """

    queue_enter_at: datetime
    ended_at: datetime | None = None
    end: End | None = None
    to: Destination | None = None
    number: str = ""

    def __post_init__(self) -> None:
        if (self.ended_at is None) is not (self.end is None):
            raise ValueError("an end without its instant, or an instant without an end")
        if (self.end is End.FLOWED_OUT) is not (self.to is not None):
            raise ValueError("a flow-out goes somewhere, and nothing else does")
        if self.ended_at is not None and self.ended_at < self.queue_enter_at:
            raise ValueError(f"ended at {self.ended_at}, before {self.queue_enter_at}")

    @property
    def wait_s(self) -> int | None:
        """Whole seconds that have passed, a part of a second not counted; None while it waits."""
        return None if self.ended_at is None else (self.ended_at - self.queue_enter_at) // _SECOND


class Tally(msgspec.Struct, frozen=True):
    """Sums over segments; the sum of two tallies is the tally of both. `waiting` had not ended and is in nothing else.

    `flowed_out` counts by destination, `answered_on` the answered by the number dialled; numbers without one are left out.
    """

    answered: Waits = Waits()
    abandoned: Waits = Waits()
    dropped: Waits = Waits()
    flowed_out: Mapping[Destination, int] = {}
    answered_on: Mapping[str, int] = {}
    waiting: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.answered + other.answered,
            self.abandoned + other.abandoned,
            self.dropped + other.dropped,
            dict(Counter(self.flowed_out) + Counter(other.flowed_out)),
            dict(Counter(self.answered_on) + Counter(other.answered_on)),
            self.waiting + other.waiting,
        )

    @property
    def flows(self) -> int:
        return sum(self.flowed_out.values())

    @property
    def offered(self) -> int:
        """Answered and abandoned: what every formula calls offered."""
        return self.answered.n + self.abandoned.n


def tally(segments: Iterable[Segment], as_of: datetime) -> Tally:
    """The segments as they stood at `as_of`, in any order: what entered later is not there yet, what ended later waits."""
    entered = [each for each in segments if each.queue_enter_at <= as_of]
    ended = [each for each in entered if each.ended_at is not None and each.ended_at <= as_of]
    return Tally(
        answered=_waits(ended, End.ANSWERED),
        abandoned=_waits(ended, End.ABANDONED),
        dropped=_waits(ended, End.DROPPED),
        flowed_out=dict(Counter(each.to for each in ended if each.to is not None)),
        answered_on=dict(Counter(each.number for each in ended if each.end is End.ANSWERED and each.number)),
        waiting=len(entered) - len(ended),
    )


def _waits(ended: Iterable[Segment], end: End) -> Waits:
    return waits(each.wait_s for each in ended if each.end is end and each.wait_s is not None)
