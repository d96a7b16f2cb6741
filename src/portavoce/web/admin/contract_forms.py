"""The form of one clause: what it asks for, the wish it makes, and the values of a clause that is written already."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from portavoce.contracts.reading import ClauseRow
from portavoce.sla.goals import Statistic, unit_of
from portavoce.sla.metrics import Metric, Unit
from portavoce.sla.money import Band, Money
from portavoce.sla.rules import Rule, read_rule
from portavoce.sla.schemes import PerBreach, PerDay, Steps, Tier, Tiers
from portavoce.sla.shapes import SHAPES
from portavoce.sla.writing import DAY_S, Wish
from portavoce.web.i18n import N_

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": DAY_S}
HUNDRED = Decimal(100)
_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,4})?"
_GAP = "[ \t]{0,3}"
Number = Annotated[
    str,
    msgspec.Meta(pattern=f"^{_NUMBER}$", extra={"message": N_("Write a number, for example 92.5.")}),
]
Amount = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{1,10}([.,][0-9]{1,2})?$",
        extra={"message": N_("Write an amount, for example 1800.00.")},
    ),
]
Scale = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^({_GAP}{_NUMBER}{_GAP}-{_GAP}({_NUMBER})?{_GAP}:{_GAP}{_NUMBER}{_GAP}%?{_GAP}(\n|$))+$",
        max_length=500,
        extra={"lines": True, "message": N_("Write each line as from-to: percent, for example 1-2: 1.5.")},
    ),
]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=3_600)]
Code = Annotated[str, msgspec.Meta(max_length=40)]


class ClauseForm(msgspec.Struct, kw_only=True):
    """Numbers as people write them, percentages as such. `leads`: the first of its metric, line and channel."""

    metric: Metric
    statistic: Statistic
    lob_id: UUID
    channel: Code
    goal: Number
    goal_unit: Code = "second"
    direction: Code = ""
    rank: Number = ""
    threshold: Number = ""
    threshold_unit: Code = "hour"
    calendar: UUID | None = None
    variant: Code = ""
    short_s: Seconds = 5
    ivr_s: Seconds = 0
    pauses: list[Code] = []
    returns: Code = "resume"
    reopen_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 7
    warn: Number = "75"
    interval: Annotated[int, msgspec.Meta(ge=1, le=86_400)] | None = None
    interval_share: Number = ""
    steps_size: Number = ""
    steps_percent: Number = ""
    tiers: Scale = ""
    breach_amount: Amount = ""
    tolerated: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    day_amount: Amount = ""
    day_permille: Number = ""
    bonus_size: Number = ""
    bonus_percent: Number = ""
    bonus_tiers: Scale = ""
    weight: Number = "1"
    nature: Code = "PRICE_REDUCTION"
    leads: bool = False


def wish_of(form: ClauseForm) -> Wish:
    """Nothing is judged here. What its metric does not ask for is left out, as the page does not show it."""
    shape, unit = SHAPES.get(form.metric), unit_of(form.metric, form.statistic)
    clocked, threshold = bool(shape and shape.clock), bool(shape and shape.threshold)
    goal = number(form.goal)
    return Wish(
        metric=form.metric,
        statistic=form.statistic,
        lob_id=form.lob_id,
        channel=form.channel,
        goal=goal / HUNDRED if unit is Unit.SHARE else goal * _length(form.goal_unit) if unit is Unit.SECONDS else goal,
        direction=form.direction or None,
        percentile_bp=_bp(form.rank) if form.statistic is Statistic.PERCENTILE else None,
        threshold_s=int(number(form.threshold) * _length(form.threshold_unit)) if threshold and form.threshold else None,
        calendar_id=form.calendar,
        variant=form.variant,
        short_s=form.short_s,
        ivr_s=form.ivr_s,
        pauses=tuple(form.pauses) if form.pauses or (shape and shape.pauses) else None,
        returns=form.returns,
        reopen_window_s=form.reopen_days * DAY_S,
        warn_bp=(_bp(form.warn) or 0) if clocked else 7_500,
        interval_s=form.interval,
        interval_share_bp=_bp(form.interval_share),
        money=_money(form, HUNDRED if unit is Unit.SHARE else Decimal(1)),
    )  # fmt: skip


def written(row: ClauseRow) -> tuple[dict[str, str], list[str]]:
    """What the form would have to say to mean this clause, and which states stop its clock."""
    rule, metric = read_rule(row.rule, row.share_bp), Metric(row.metric)
    unit = unit_of(metric, rule.goal.statistic)
    factor = HUNDRED if unit is Unit.SHARE else Decimal(1)
    goal, goal_unit = (
        _split(int(rule.goal.target)) if unit is Unit.SECONDS else (plain(rule.goal.target * factor), "")
    )
    threshold, threshold_unit = _split(row.target_s) if row.target_s else ("", "hour")
    form = {
        "metric": metric,
        "statistic": rule.goal.statistic,
        "lob_id": str(row.lob_id),
        "channel": row.channel,
        "goal": goal,
        "goal_unit": goal_unit,
        "direction": rule.goal.direction,
        "rank": percent(rule.goal.percentile_bp),
        "threshold": threshold,
        "threshold_unit": threshold_unit,
        "calendar": str(row.calendar_id or ""),
        "variant": rule.variant,
        "short_s": str(rule.short_s),
        "ivr_s": str(rule.ivr_s),
        "returns": rule.returns,
        "reopen_days": str(row.reopen_window_s // DAY_S),
        "warn": percent(rule.warn_bp),
        "interval": str(rule.attainment.interval_s) if rule.attainment else "",
        "interval_share": percent(rule.attainment.share_bp) if rule.attainment else "",
        "weight": plain(rule.scheme.weight),
        "nature": rule.scheme.nature,
        "leads": "on" if row.ordinal == 1 else "",
        **_priced(rule, factor),
    }
    usual = ("pending",) if SHAPES[metric].pauses else ()
    return form, list(usual if rule.pauses is None else rule.pauses)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def cents(text: str) -> int | None:
    return int(number(text) * 100) if text else None


def plain(value: Decimal) -> str:
    """Without trailing zeros or an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(bp: int | None) -> str:
    return "" if bp is None else plain(Decimal(bp) / 100)


def euros(amount: int | None) -> str:
    return "" if amount is None else f"{Decimal(amount) / 100:.2f}"


def _priced(rule: Rule, factor: Decimal) -> dict[str, str]:
    found: dict[str, str] = {}
    for parts, steps, tiers in (
        (rule.scheme.malus, "steps", "tiers"),
        (rule.scheme.bonus, "bonus", "bonus_tiers"),
    ):
        for part in parts:
            match part:
                case Steps(size, share):
                    found |= {f"{steps}_size": plain(size * factor), f"{steps}_percent": plain(share)}
                case Tiers(lines):
                    found[tiers] = _scale(lines, factor)
                case PerBreach(amount, tolerated):
                    found |= {"breach_amount": euros(amount), "tolerated": str(tolerated)}
                case PerDay(amount, permille):
                    found |= {
                        "day_amount": euros(amount or None),
                        "day_permille": plain(permille) if permille else "",
                    }
    return found


def _scale(tiers: tuple[Tier, ...], factor: Decimal) -> str:
    ends = [plain(each.above * factor) for each in tiers[1:]] + [""]
    lines = [
        f"{plain(each.above * factor)}-{end}: {plain(each.percent)}"
        for each, end in zip(tiers, ends, strict=True)
    ]
    return "\n".join(lines)


def _money(form: ClauseForm, factor: Decimal) -> Money:
    return Money(
        step_size=_sized(form.steps_size, factor),
        step_percent=_sized(form.steps_percent, Decimal(1)),
        tiers=_bands(form.tiers, factor),
        breach_cents=cents(form.breach_amount),
        tolerated=form.tolerated,
        day_cents=cents(form.day_amount),
        day_permille=_sized(form.day_permille, Decimal(1)),
        bonus_size=_sized(form.bonus_size, factor),
        bonus_percent=_sized(form.bonus_percent, Decimal(1)),
        bonus_tiers=_bands(form.bonus_tiers, factor),
        weight=number(form.weight),
        nature=form.nature,
    )


def _bands(text: str, factor: Decimal) -> tuple[Band, ...]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        stretch, _, share = line.partition(":")
        first, _, last = stretch.partition("-")
        until = number(last.strip()) / factor if last.strip() else None
        found.append(Band(number(first.strip()) / factor, until, number(share.strip(" %"))))
    return tuple(found)


def _sized(text: str, factor: Decimal) -> Decimal | None:
    return number(text) / factor if text else None


def _bp(text: str) -> int | None:
    """Two decimals of a percentage are whole basis points; more are cut to none, which nothing accepts."""
    if not text:
        return None
    bp = number(text) * 100
    return int(bp) if bp == bp.to_integral_value() else 0


def _length(unit: str) -> int:
    """An unknown unit makes a length of nothing, which nothing accepts."""
    return UNITS.get(unit, 0)


def _split(seconds: int) -> tuple[str, str]:
    """In the largest unit of which it is a whole number."""
    name = next(name for name, size in reversed(UNITS.items()) if seconds % size == 0)
    return str(seconds // UNITS[name]), name
