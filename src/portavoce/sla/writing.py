"""From what somebody wishes a clause to say to the rule that is stored: every mistake at once, a sentence for each field."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import LineOfBusiness
from portavoce.calendars.models import Calendar
from portavoce.contracts.drafting import Said, put_clause
from portavoce.contracts.errors import BadClause
from portavoce.sla.clocks.rules import Return
from portavoce.sla.goals import Direction, Goal, Statistic, unit_of
from portavoce.sla.metrics import Metric, Unit
from portavoce.sla.money import OPTION, Money, option, scheme_of
from portavoce.sla.rules import INTERVALS_S, STOPPABLE, WHOLE_BP, Attainment, Rule, share_bp_of, write_rule
from portavoce.sla.shapes import SHAPES, better

CHANNELS = ("email", "phone", "chat", "visit")
LONGEST_S = 366 * 86_400
DAY_S = 86_400
HIGHEST_SCORE, MOST_OPEN = 100, 1_000_000


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says; nothing of it is checked. `goal` in the unit of the figure, seconds whole."""

    metric: str
    statistic: str
    lob_id: UUID
    channel: str
    goal: Decimal
    direction: str | None = None
    percentile_bp: int | None = None
    threshold_s: int | None = None
    calendar_id: UUID | None = None
    variant: str = ""
    short_s: int = 5
    ivr_s: int = 0
    pauses: tuple[str, ...] | None = None
    returns: str = Return.RESUME
    reopen_window_s: int = 7 * DAY_S
    warn_bp: int = 7_500
    interval_s: int | None = None
    interval_share_bp: int | None = None
    money: Money = Money()


async def write_clause(
    db: AsyncSession, wish: Wish, *, clause_id: UUID | None = None, leads: bool = False
) -> UUID:
    """Into the draft. BadClause with a sentence by field; NoClause for one that the draft does not have."""
    errors: dict[str, str] = {}
    line = select(LineOfBusiness.id).where(LineOfBusiness.id == wish.lob_id)
    if await db.scalar(line) is None:
        errors["lob_id"] = OPTION
    hours = select(Calendar.id).where(Calendar.id == wish.calendar_id)
    if wish.calendar_id is not None and await db.scalar(hours) is None:
        errors["calendar"] = OPTION
    rule = rule_of(wish, errors)
    said = Said(
        lob_id=wish.lob_id,
        channel=wish.channel,
        metric=wish.metric,
        target_s=wish.threshold_s,
        share_bp=share_bp_of(rule),
        calendar_id=wish.calendar_id,
        reopen_window_s=wish.reopen_window_s,
        rule=write_rule(rule),
    )
    return await put_clause(db, clause_id, said, leads=leads)


def rule_of(wish: Wish, found: dict[str, str] | None = None) -> Rule:
    """BadClause for what the wish, or whoever `found` something before, cannot say."""
    errors = dict(found or {})
    metric = option(Metric, wish.metric, "metric", errors)
    statistic = option(Statistic, wish.statistic, "statistic", errors)
    shape = SHAPES.get(metric) if metric else None
    if metric is None or statistic is None or shape is None or statistic not in shape.statistics:
        errors.setdefault("statistic" if shape else "metric", OPTION)
        raise BadClause("Check the fields below.", **errors)
    direction = better(metric, statistic)
    if wish.direction is not None:
        direction = option(Direction, wish.direction, "direction", errors) or direction
    _check_place(wish, errors)
    _check_goal(wish, unit_of(metric, statistic), statistic, errors)
    _check_clock(wish, metric, errors)
    returns = option(Return, wish.returns, "returns", errors) or Return.RESUME
    attainment = _attainment(wish, errors)
    scheme = scheme_of(wish.money, errors)
    if errors:
        raise BadClause("Check the fields below.", **errors)
    return Rule(
        goal=Goal(statistic, direction, wish.goal, wish.percentile_bp),
        variant=wish.variant,
        short_s=wish.short_s,
        ivr_s=wish.ivr_s,
        pauses=None if wish.pauses is None else tuple(sorted(set(wish.pauses))),
        returns=returns,
        warn_bp=wish.warn_bp,
        attainment=attainment,
        scheme=scheme,
    )


def _check_place(wish: Wish, errors: dict[str, str]) -> None:
    if wish.channel not in CHANNELS:
        errors["channel"] = OPTION
    if not 0 <= wish.reopen_window_s <= LONGEST_S:
        errors["reopen_days"] = "Write a number of days from 0 to 366."


def _check_goal(wish: Wish, unit: Unit, statistic: Statistic, errors: dict[str, str]) -> None:
    goal = wish.goal
    if not goal.is_finite():
        errors["goal"] = "Write a number, for example 92.5."
    elif unit is Unit.SHARE and not 0 < goal <= 1:
        errors["goal"] = "Write a percentage above 0, up to 100."
    elif unit is Unit.SECONDS and not (0 < goal <= LONGEST_S and goal == goal.to_integral_value()):
        errors["goal"] = "Write whole seconds, from 1 up to a year."
    elif unit is Unit.SCORE and not 0 < goal <= HIGHEST_SCORE:
        errors["goal"] = "Write a score above 0, up to 100."
    elif unit is Unit.COUNT and not 0 < goal <= MOST_OPEN:
        errors["goal"] = "Write a number above 0, up to 1,000,000."
    ranked = wish.percentile_bp is not None
    if ranked is not (statistic is Statistic.PERCENTILE) or not 0 < (wish.percentile_bp or 1) < WHOLE_BP:
        errors["rank"] = "Write which percentile, above 0 and below 100."


def _check_clock(wish: Wish, metric: Metric, errors: dict[str, str]) -> None:
    shape = SHAPES[metric]
    if shape.threshold and not 0 < (wish.threshold_s or 0) <= LONGEST_S:
        errors["threshold"] = "Write within which time, from a second up to a year."
    if not shape.threshold and wish.threshold_s is not None:
        errors["threshold"] = "This measure has no time within which it counts."
    if wish.variant not in (shape.variants or ("",)):
        errors["variant"] = OPTION
    if wish.pauses is not None and not (shape.pauses and set(wish.pauses) <= STOPPABLE):
        errors["pauses"] = "The clock of this measure cannot be stopped that way."
    if not 0 < wish.warn_bp <= WHOLE_BP:
        errors["warn"] = "Write a percentage above 0, up to 100."
    if not 0 <= wish.short_s <= 3_600:
        errors["short_s"] = "Write a number of seconds from 0 to 3600."
    if not 0 <= wish.ivr_s <= 3_600:
        errors["ivr_s"] = "Write a number of seconds from 0 to 3600."


def _attainment(wish: Wish, errors: dict[str, str]) -> Attainment | None:
    if wish.interval_s is None and wish.interval_share_bp is None:
        return None
    if wish.interval_s not in INTERVALS_S:
        errors["interval"] = "Choose the length of the intervals, or leave the share of them blank."
    if wish.statistic == Statistic.PERCENTILE:
        errors["interval"] = "A percentile is of the whole month. Leave the intervals blank."
    if not 0 < (wish.interval_share_bp or 0) <= WHOLE_BP:
        errors["interval_share"] = "Write which share of the intervals, above 0 and up to 100."
    if errors.keys() & {"interval", "interval_share"}:
        return None
    return Attainment(wish.interval_s or 0, wish.interval_share_bp or 0)
