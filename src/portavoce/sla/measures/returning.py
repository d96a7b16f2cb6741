"""Who came back: repeated contacts and reopened cases.

Source: reference/metrics.md §3.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from portavoce.sla.measures.first_contact import Contact
from portavoce.sla.measures.ratios import Ratio


class Solve(msgspec.Struct, frozen=True):
    """One solving of a case, and when it was reopened after it, if it was. Counted on the day it was solved."""

    case: UUID
    solved_at: datetime
    reopened_at: datetime | None = None


def repeated(contacts: Iterable[Contact], *, window: timedelta, since: datetime, until: datetime) -> Ratio:
    """Contacts of [since, until) that follow one of the same customer and reason no longer than the window before, of all
    of that time. It looks back only, so it is final at once; the contacts given must reach back a window before `since`.
    """
    before: dict[tuple[UUID, str], datetime] = {}
    repeats = counted = 0
    for each in sorted(contacts, key=lambda each: each.at):
        last = before.get((each.customer, each.reason))
        before[each.customer, each.reason] = each.at
        if since <= each.at < until:
            counted += 1
            repeats += last is not None and each.at - last <= window
    return Ratio(repeats, counted)


def reopened(solves: Iterable[Solve], *, since: datetime, until: datetime, as_of: datetime) -> Ratio:
    """Solvings of [since, until) that were reopened by `as_of`, of all of them: a reopening in May of what was solved in
    April is April's.
    """
    counted = [each for each in solves if since <= each.solved_at < until and each.solved_at <= as_of]
    back = [each for each in counted if each.reopened_at is not None and each.reopened_at <= as_of]
    return Ratio(len(back), len(counted))
