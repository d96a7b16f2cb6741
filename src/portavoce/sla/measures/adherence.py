"""Whether people did what the schedule said when it said so (adherence), and how much of it they did (conformance).

Source: reference/metrics.md §3. In whole seconds, not minutes: four halves of a minute early are two minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import msgspec

from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.spans import Span, common, joined, seconds


class Activity(StrEnum):
    """What a schedule can plan; every state at the contacts' disposal is work."""

    WORK = "work"
    BREAK = "break"
    MEAL = "meal"
    TRAINING = "training"


class Stretch(msgspec.Struct, frozen=True):
    """One activity of one person, half-open; aware instants."""

    begin: datetime
    end: datetime
    activity: Activity


def adherence(scheduled: Iterable[Stretch], actual: Iterable[Stretch]) -> Ratio:
    """Seconds of one person in the scheduled activity at the scheduled time, of the seconds scheduled.

    ValueError if either side has the person do two things at once.
    """
    planned, done = _alone(scheduled), _alone(actual)
    kept = sum(seconds(common(_of(planned, each), _of(done, each))) for each in Activity)
    return Ratio(kept, _total(planned))


def conformance(scheduled: Iterable[Stretch], actual: Iterable[Stretch]) -> Ratio:
    """Seconds worked, whenever, of the seconds of work scheduled; may exceed the whole. ValueError as above."""
    work = Activity.WORK
    return Ratio(seconds(joined(_of(_alone(actual), work))), seconds(joined(_of(_alone(scheduled), work))))


def _alone(stretches: Iterable[Stretch]) -> list[Stretch]:
    rows = sorted(stretches, key=lambda each: (each.begin, each.end))
    for before, after in pairwise(rows):
        if after.begin < before.end:
            raise ValueError(f"two things at once at {after.begin}")
    return rows


def _of(rows: Sequence[Stretch], activity: Activity) -> list[Span]:
    return [(each.begin, each.end) for each in rows if each.activity is activity]


def _total(rows: Sequence[Stretch]) -> int:
    return sum(seconds(joined(_of(rows, each))) for each in Activity)
