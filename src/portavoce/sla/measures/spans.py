"""Stretches of time as pairs of aware instants, half-open: joined, cut with one another and counted in whole seconds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
_SECOND = timedelta(seconds=1)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, without overlap; what ends before it begins, or at once, is nothing."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return found


def common(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time that is in both, in order."""
    ones, twos = joined(some), joined(others)
    found: list[Span] = []
    first = second = 0
    while first < len(ones) and second < len(twos):
        begin = max(ones[first][0], twos[second][0])
        end = min(ones[first][1], twos[second][1])
        if begin < end:
            found.append((begin, end))
        if ones[first][1] <= twos[second][1]:
            first += 1
        else:
            second += 1
    return found


def seconds(spans: Iterable[Span]) -> int:
    """Of all of them together; a part of a second at the end is not counted."""
    return sum((end - begin for begin, end in spans), timedelta(0)) // _SECOND
