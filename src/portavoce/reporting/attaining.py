"""Clauses judged interval by interval: in which share of those with anything decided the goal was met. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction

from portavoce.reporting.counts import Counts, counts_of
from portavoce.reporting.figures import value_of
from portavoce.reporting.observing.units import Unit
from portavoce.sla.goals import Verdict, verdict
from portavoce.sla.measures.intervals import interval_attainment, interval_of
from portavoce.sla.rules import Clause

Slots = Mapping[datetime, Counts]
"""Counts of one clause by instants: of units, or of whatever divides its intervals."""


def attained(clause: Clause, slots: Slots) -> Fraction | None:
    """None when no interval has data, or the clause knows no intervals."""
    rule = clause.rule
    if rule.attainment is None:
        return None
    found: dict[datetime, Counts] = defaultdict(Counts)
    for at, counts in slots.items():
        found[interval_of(at, rule.attainment.interval_s // 60)] += counts
    judged = [verdict(rule.goal, value_of(clause, counts)) for counts in found.values()]
    return interval_attainment(
        None if each is Verdict.NO_DATA else each is Verdict.MET for each in judged
    ).value


def slots_of(units: Iterable[Unit], as_of: datetime) -> Slots:
    """Of the units of one clause."""
    found: dict[datetime, Counts] = defaultdict(Counts)
    for unit in units:
        found[unit.at] += counts_of(unit, as_of)
    return found
