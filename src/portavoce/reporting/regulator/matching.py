"""Which clause of a contract counts what a clause of a regime asks for.

A clause does not remember where it was taken from, so it is told by what it measures: metric, channel, statistic, formula,
time, and what stops or restarts its clock. Its target may differ: the figure is compared with the target of the regime.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from portavoce.sla.applying import can_be_written, wish_of_preset
from portavoce.sla.clocks.rules import PAUSES, Timed
from portavoce.sla.metrics import Metric
from portavoce.sla.presets import CalendarKind, PresetClause
from portavoce.sla.rules import TIMED, Clause, Rule
from portavoce.sla.writing import rule_of

ANY = UUID(int=0)


def measures(clause: Clause, preset: PresetClause) -> bool:
    if not can_be_written(preset):
        return False
    wish = wish_of_preset(preset, ANY, ANY)
    in_hours = preset.calendar is CalendarKind.OPENING_HOURS
    return (
        (clause.metric, clause.channel, clause.threshold_s) == (preset.metric, wish.channel, wish.threshold_s)
        and (clause.calendar_name is not None) is in_hours
        and _manner(clause.rule, preset.metric) == _manner(rule_of(wish), preset.metric)
    )


def leading(clauses: Iterable[Clause]) -> list[Clause]:
    """Of several in one version that count the same contacts, the first."""
    first: dict[tuple[int, UUID, str], Clause] = {}
    for clause in sorted(clauses, key=lambda each: each.ordinal):
        first.setdefault((clause.version, clause.lob_id, clause.channel), clause)
    return list(first.values())


def _manner(rule: Rule, metric: Metric) -> tuple[object, ...]:
    """How the figure is made, without what it is to reach or costs."""
    goal = rule.goal
    usual = PAUSES[Timed(metric)] if metric.value in TIMED else frozenset()
    pauses = usual if rule.pauses is None else frozenset(rule.pauses)
    return goal.statistic, goal.direction, goal.percentile_bp, rule.variant, pauses, rule.returns
