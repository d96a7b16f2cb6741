from decimal import Decimal

import msgspec
import pytest

from portavoce.sla.goals import Direction, Statistic
from portavoce.sla.presets import PRESETS, CalendarKind, PresetClause, Regime, Subject

EVERY = [(regime, clause) for regime in Regime for clause in PRESETS[regime]]
Row = tuple[str, str | None, str, int | None, int | None, str, str, str, str]


def row(clause: PresetClause) -> Row:
    goal = clause.goal
    return (
        clause.metric,
        clause.variant,
        clause.subject,
        clause.threshold_s,
        clause.threshold_days,
        goal.statistic,
        goal.direction,
        str(goal.target),
        clause.calendar,
    )


def switched_on(regime: Regime) -> list[Row]:
    return [row(each) for each in PRESETS[regime] if each.on]


def share(
    metric: str, variant: str | None, subject: str, s: int | None, days: int | None, target: str
) -> Row:
    calendar = "opening_hours" if days is None else "solar_days"
    return metric, variant, subject, s, days, "share_within", "at_least", target, calendar


def mean(variant: str, target: str) -> Row:
    return (
        "speed_of_answer", variant, "call", None, None, "mean", "at_most", target, "opening_hours",
    )  # fmt: skip


def test_the_telecom_regime_is_as_published() -> None:
    assert switched_on(Regime.AGCOM_255_24) == [
        mean("AGCOM_MAT", "150"),
        share("service_level", "SL_OFFERED", "call", 20, None, "0.40"),
        share("resolution", None, "complaint", None, 30, "1"),
    ]


def test_the_energy_regime_is_as_published() -> None:
    assert switched_on(Regime.ARERA_TIQV_2026) == [
        share("accessibility", "LINES_OPEN", "call", None, None, "0.95"),
        mean("ASA", "180"),
        share("accessibility", "ANSWERED_OFFERED", "call", None, None, "0.85"),
        share("resolution", None, "complaint", None, 30, "0.95"),
        share("resolution", None, "information", None, 30, "0.95"),
        share("resolution", None, "billing_correction", None, 60, "0.95"),
        share("resolution", None, "double_billing", None, 15, "0.95"),
    ]


def test_the_spanish_regime_is_as_published() -> None:
    answered, replied = switched_on(Regime.ES_10_2025)
    assert answered == share("service_level", "SL_OFFERED", "call", 180, None, "0.95")
    assert replied == (
        *share("resolution", None, "request", None, 15, "1")[:-1],
        CalendarKind.WORKING_DAYS,
    )


def test_what_is_not_verified_ships_switched_off() -> None:
    off = [(regime, each.subject) for regime, each in EVERY if not each.verified]
    assert off == [
        (Regime.ARERA_TIQV_2026, Subject.BILLING_CORRECTION),
        (Regime.ES_10_2025, Subject.UNDUE_CHARGE),
        (Regime.ES_10_2025, Subject.CONTINUITY_INCIDENT),
    ]
    assert all(each.on is each.verified for _, each in EVERY)
    assert all(each.doubt for _, each in EVERY if not each.verified)


@pytest.mark.parametrize(("regime", "clause"), EVERY)
def test_a_preset_names_its_law_and_can_be_stored(regime: Regime, clause: PresetClause) -> None:
    assert clause.source
    days = clause.calendar in (CalendarKind.SOLAR_DAYS, CalendarKind.WORKING_DAYS)
    assert (clause.threshold_days is not None) is days
    if clause.goal.statistic is Statistic.SHARE_WITHIN:
        assert Decimal(0) < clause.goal.target <= 1
        assert clause.goal.direction is Direction.AT_LEAST
    assert msgspec.json.decode(msgspec.json.encode(clause), type=PresetClause) == clause
