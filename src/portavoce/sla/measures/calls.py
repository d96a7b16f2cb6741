"""The queue segments of calls, replayed from what was recorded of them.

A call may wait in several queues after one another; each wait is a segment. Source: reference/metrics.md §1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from portavoce.sla.measures.queueing import Destination, End, Segment

QUEUED = "call.queued"
ENDS: Mapping[str, End] = {
    "call.answered": End.ANSWERED,
    "call.abandoned": End.ABANDONED,
    "call.flowed_out": End.FLOWED_OUT,
    "call.dropped": End.DROPPED,
}


class Step(msgspec.Struct, frozen=True):
    """One fact of a call, `n` its number in the ledger. `to` is told of flow-outs, `number` (the one dialled) of entries."""

    n: int
    kind: str
    call: UUID
    at: datetime
    to: Destination | None = None
    number: str = ""


def queue_segments(steps: Iterable[Step]) -> Mapping[UUID, tuple[Segment, ...]]:
    """The segments of each call in order; other kinds of facts are passed over.

    In any order, and as often as you like: facts are put in order of time and number. The first end after an entry is its
    end; one without entry, or an entry while waiting, changes nothing, so what is told twice counts once.
    """
    found: dict[UUID, list[Segment]] = {}
    for step in sorted(steps, key=lambda each: (each.at, each.n)):
        segments = found.setdefault(step.call, [])
        waiting = bool(segments) and segments[-1].end is None
        if step.kind == QUEUED and not waiting:
            segments.append(Segment(step.at, number=step.number))
        elif step.kind in ENDS and waiting:
            segments[-1] = _ended(segments[-1], step)
    return {call: tuple(segments) for call, segments in found.items() if segments}


def _ended(segment: Segment, step: Step) -> Segment:
    return Segment(segment.queue_enter_at, step.at, ENDS[step.kind], step.to, segment.number)
