"""What clauses measure of a contact that ended: the work on it, and whether it was solved at the first contact.

The version of the contract in force at the end that is measured judges it. Source: reference/metrics.md §3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from portavoce.calendars.versions import valid_at
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.lives import Life
from portavoce.sla.clocks.rules import Gauge, Terms
from portavoce.sla.metrics import Metric

WORK = frozenset({"handling.ended", "acw.ended"})
AGAIN, NOT_AGAIN = "interaction.recontacted", "interaction.recontact_withdrawn"
"""On the contact that was solved: its customer began another one about the same (`by`), or it turned out not to be."""
GAUGED = WORK | {AGAIN, NOT_AGAIN}


class Measured(NamedTuple):
    """One end of a contact as a clause sees it. `met` is what the clause hopes for."""

    gauge: Gauge
    ordinal: int
    end: Fact
    met: bool
    used_s: int


def measured(life: Life, told: Iterable[Fact], terms: Sequence[Terms]) -> Iterator[Measured]:
    """Handling once, at the last end; of solutions each end."""
    facts = list(told)
    for number, end in enumerate(life.ends, 1):
        for gauge in _gauges(life, end, terms):
            if gauge.of == Metric.FIRST_CONTACT_RESOLUTION:
                since = life.ends[number - 2].at if number > 1 else life.opening.at
                met = not _came_back(life, facts, end.at, since, end.at + gauge.window)
                yield Measured(gauge, number, end, met, 0)
            elif number == len(life.ends):
                yield Measured(gauge, 1, end, True, worked_s(facts))


def worked_s(told: Iterable[Fact]) -> int:
    """Seconds of all work on a contact and after it, each stretch by itself."""
    return sum(_worked(fact) // timedelta(seconds=1) for fact in told if fact.kind in WORK)


def _gauges(life: Life, end: Fact, terms: Sequence[Terms]) -> list[Gauge]:
    version = valid_at(terms, end.at)
    wanted = (life.opening.lob_id, life.opening.body.get("channel"))
    return [each for each in (version.gauges if version else ()) if (each.lob_id, each.channel) == wanted]


def _came_back(life: Life, told: Sequence[Fact], ended: datetime, since: datetime, until: datetime) -> bool:
    """By a return after the end, or a further contact since the earlier one began; exactly at the end of the window too."""
    return any(ended < fact.at <= until for fact in life.returns) or any(
        since < fact.at <= until for fact in _further(told).values()
    )


def _further(told: Sequence[Fact]) -> dict[object, Fact]:
    """The further contacts as the ledger tells them last."""
    standing: dict[object, Fact] = {}
    for fact in sorted(told, key=lambda each: each.n):
        if fact.kind == AGAIN:
            standing[fact.body.get("by")] = fact
        elif fact.kind == NOT_AGAIN:
            standing.pop(fact.body.get("by"), None)
    return standing


def _worked(fact: Fact) -> timedelta:
    started = datetime.fromisoformat(str(fact.body["started"]))
    return max(fact.at - started, timedelta(0))
