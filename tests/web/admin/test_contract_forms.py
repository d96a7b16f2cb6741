"""What is typed becomes a wish, and a clause that is written becomes what was typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest
from babel.support import NullTranslations

from portavoce.sla.writing import rule_of
from portavoce.web.admin.contract_forms import ClauseForm, percent, plain, wish_of, written
from portavoce.web.forms import check
from portavoce.web.i18n import Words
from tests.web.test_clause_words import row

LINE = str(UUID(int=1))
TYPED = {
    "metric": "resolution", "statistic": "share_within", "lob_id": LINE, "channel": "email", "goal": "92,5",
    "threshold": "1.5", "threshold_unit": "hour",
}  # fmt: skip


def form_of(**typed: Any) -> tuple[ClauseForm | None, dict[str, str]]:
    posted = {
        name: value if isinstance(value, list) else [value] for name, value in {**TYPED, **typed}.items()
    }
    form, errors, _ = check(posted, ClauseForm, Words("en", NullTranslations()))
    return form, errors


def test_percentages_become_shares_and_lengths_seconds() -> None:
    form, errors = form_of(steps_size="0,5", steps_percent="1", tiers="", warn="80", rank="90")
    assert (errors, form is None) == ({}, False)
    assert form is not None
    wish = wish_of(form)
    assert (wish.goal, wish.threshold_s, wish.warn_bp) == (Decimal("0.925"), 5_400, 8_000)
    assert (wish.money.step_size, wish.percentile_bp, wish.pauses) == (Decimal("0.005"), None, ())


def test_seconds_are_written_in_the_unit_one_chooses() -> None:
    form, _ = form_of(statistic="percentile", goal="2", goal_unit="minute", rank="90")
    assert form is not None
    assert (wish_of(form).goal, wish_of(form).percentile_bp) == (Decimal(120), 9_000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("goal", "1e3"), ("goal", "١٢"), ("goal", "-1"), ("goal", "9" * 10), ("breach_amount", "1.234"),
        ("breach_amount", "1.000,00"), ("tiers", "0-1"), ("tiers", "0-1: 1; 1-: 2"), ("tiers", "1-: " + "9" * 20),
        ("tiers", " " * 9_000), ("tiers", "0 - 1" + " " * 9_000 + ": 1"), ("short_s", "3601"), ("reopen_days", "367"),
        ("tolerated", "9" * 4_000), ("metric", "kindness"), ("lob_id", "1"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_at_once(name: str, value: str) -> None:
    form, errors = form_of(**{name: value})
    if not value.strip():
        assert form is not None
        return
    assert (form, set(errors)) == (None, {name})


def test_a_scale_is_read_line_by_line_with_room_around() -> None:
    form, errors = form_of(tiers="0-1: 1\r\n 1 - 2,5 : 1.5 %\n2.5-: 4")
    assert errors == {}
    assert form is not None
    assert [(each.above, each.until, each.percent) for each in wish_of(form).money.tiers] == [
        (Decimal(0), Decimal("0.01"), Decimal(1)),
        (Decimal("0.01"), Decimal("0.025"), Decimal("1.5")),
        (Decimal("0.025"), None, Decimal(4)),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {"tiers": "0-1: 1\n1-: 3", "breach_amount": "5.00", "tolerated": "3", "day_amount": "10", "pauses": ["pending", "snoozed"]},
        {"steps_size": "1", "steps_percent": "0.5", "bonus_size": "2", "bonus_percent": "1", "day_permille": "0.3", "weight": "2"},
        {"statistic": "mean", "goal": "90", "goal_unit": "minute", "interval": "1800", "interval_share": "90", "steps_size": "60", "steps_percent": "1", "nature": "PENALTY"},
        {"statistic": "percentile", "goal": "2", "goal_unit": "day", "rank": "95", "pauses": []},
        {"metric": "service_level", "channel": "phone", "variant": "SL_EXCL_SHORT", "short_s": "10", "threshold": "20", "threshold_unit": "second"},
    ],
)  # fmt: skip
def test_a_written_clause_fills_its_form_with_what_it_says(typed: dict[str, Any]) -> None:
    form, errors = form_of(**typed)
    assert errors == {}
    assert form is not None
    wish = wish_of(form)
    values, pauses = written(row(None, **{**msgspec.structs.asdict(wish)}))
    again, errors = form_of(**values, pauses=pauses)
    assert errors == {}
    assert again is not None
    assert rule_of(wish_of(again)) == rule_of(wish)


def test_numbers_are_written_without_trailing_zeros_or_exponents() -> None:
    assert [plain(Decimal(each)) for each in ("1.50", "1E+2", "0.30", "10")] == ["1.5", "100", "0.3", "10"]
    assert (percent(9_250), percent(None)) == ("92.5", "")
