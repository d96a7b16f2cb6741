"""The document of a clause: everything a promise says beyond whom it is for, as one JSON text.

Written once with its contract version and never changed; what reads it needs nothing else, so that it travels in exports.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from portavoce.calendars.timeline import ALWAYS
from portavoce.calendars.versions import CalendarHours
from portavoce.kit.canonical import dumps
from portavoce.sla.clocks.rules import PAUSES, Clock, Gauge, Return, Terms, Timed
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.measures.first_contact import FcrVariant
from portavoce.sla.metrics import Metric
from portavoce.sla.schemes import Scheme

WHOLE_BP = 10_000
INTERVALS_S = (900, 1800, 3600)
TIMED = frozenset(each.value for each in Timed)
GAUGED = frozenset({Metric.HANDLE_TIME, Metric.FIRST_CONTACT_RESOLUTION})
USUAL_WINDOW = timedelta(days=7)
"""How long silence must last after a solution where the clause does not say."""


class Attainment(msgspec.Struct, frozen=True):
    """Judged is the share of intervals of `interval_s` that meet the goal, at least `share_bp`. ValueError for other lengths."""

    interval_s: int
    share_bp: int

    def __post_init__(self) -> None:
        if self.interval_s not in INTERVALS_S or not 0 < self.share_bp <= WHOLE_BP:
            raise ValueError(f"{self} is no attainment")


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`variant` names the formula where a metric has several; `short_s` is what a short abandon is, `ivr_s` the constant
    path to a person that a regulator adds to a wait. `pauses` are states that stop the clock, None the usual ones.
    ValueError for a warning outside the target.
    """

    goal: Goal
    variant: str = ""
    short_s: int = 5
    ivr_s: int = 0
    pauses: tuple[str, ...] | None = None
    returns: Return = Return.RESUME
    warn_bp: int = 7_500
    attainment: Attainment | None = None
    scheme: Scheme = Scheme()

    @property
    def judged(self) -> Goal:
        """What the figure of a whole month is compared with."""
        return self.goal if self.attainment is None else share_goal(self.attainment.share_bp)

    def __post_init__(self) -> None:
        if not 0 < self.warn_bp <= WHOLE_BP or min(self.short_s, self.ivr_s) < 0:
            raise ValueError(f"{self} is no rule")
        if self.pauses is not None and not set(self.pauses) <= STOPPABLE:
            raise ValueError(f"no clock is stopped by {self.pauses}")


STOPPABLE = frozenset({"pending", "snoozed", "with_client"}).union(*PAUSES.values())


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A promise of one contract version (`version` is its number) for one line of business on one channel.

    `threshold_s` is what a unit must keep to count as within; None where the metric has none. `calendar_name` is None
    where it runs day and night.
    """

    id: UUID
    version: int
    lob_id: UUID
    channel: str
    metric: Metric
    ordinal: int
    threshold_s: int | None
    rule: Rule
    calendar_name: str | None
    calendar: tuple[CalendarHours, ...] = ALWAYS
    reopen_window_s: int = 0

    @property
    def clock(self) -> Clock | None:
        """What times it; None for a metric that is no clock."""
        if self.metric.value not in TIMED or self.threshold_s is None:
            return None
        pauses = self.rule.pauses
        return Clock(
            clause_id=self.id,
            lob_id=self.lob_id,
            channel=self.channel,
            timed=Timed(self.metric),
            target=timedelta(seconds=self.threshold_s),
            calendar=self.calendar,
            pauses=None if pauses is None else frozenset(pauses),
            returns=self.rule.returns,
            warn_bp=self.rule.warn_bp,
        )

    @property
    def gauge(self) -> Gauge | None:
        """What measures it at the end of a contact; None for what is timed, or read from facts that nobody writes yet."""
        silent = self.rule.variant in ("", FcrVariant.NO_RECONTACT)
        if self.metric not in GAUGED or (self.metric is Metric.FIRST_CONTACT_RESOLUTION and not silent):
            return None
        given = USUAL_WINDOW if self.threshold_s is None else timedelta(seconds=self.threshold_s)
        window = given if self.metric is Metric.FIRST_CONTACT_RESOLUTION else timedelta(0)
        return Gauge(
            clause_id=self.id, lob_id=self.lob_id, channel=self.channel, of=self.metric, window=window
        )

    @property
    def matures_after(self) -> timedelta:
        """How long after the last end of a month's units the figure may still change by a return."""
        if self.gauge is not None:
            return self.gauge.window
        counts = self.metric is Metric.RESOLUTION and self.rule.returns is not Return.FIRST
        return timedelta(seconds=self.reopen_window_s) if counts else timedelta(0)

    @property
    def is_measured(self) -> bool:
        """Whether the product writes every fact that its figure is made of."""
        return self.clock is not None or self.gauge is not None


def terms_from(valid_from: datetime, clauses: Iterable[Clause]) -> Terms:
    """What a version of a contract measures by."""
    told = list(clauses)
    clocks = tuple(clause.clock for clause in told if clause.clock is not None)
    return Terms(valid_from, clocks, tuple(clause.gauge for clause in told if clause.gauge is not None))


def read_rule(text: str, share_bp: int | None) -> Rule:
    """From what a clause stores; a clause older than rules has a share alone. msgspec.ValidationError if it is none."""
    if text:
        return msgspec.json.decode(text, type=Rule)
    return Rule(goal=share_goal(share_bp or WHOLE_BP))


def write_rule(rule: Rule) -> str:
    """Equal rules give equal text."""
    return dumps(msgspec.to_builtins(rule))


def share_goal(share_bp: int) -> Goal:
    """At least so many basis points within the threshold."""
    return Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal(share_bp) / WHOLE_BP)


def share_bp_of(rule: Rule) -> int | None:
    """What the column beside the rule says; None unless the goal is a share in whole basis points."""
    bp = rule.goal.target * WHOLE_BP
    is_share = rule.goal.statistic is Statistic.SHARE_WITHIN and rule.goal.direction is Direction.AT_LEAST
    return int(bp) if is_share and bp == bp.to_integral_value() and 0 < bp <= WHOLE_BP else None
