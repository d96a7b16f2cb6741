"""A clause as a sentence, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from portavoce.contracts.reading import ClauseRow
from portavoce.core.paths import frontend_dir
from portavoce.sla.money import Band, Money
from portavoce.sla.rules import share_bp_of, write_rule
from portavoce.sla.shapes import SHAPES
from portavoce.sla.writing import Wish, rule_of
from portavoce.web.clause_words import OPENING, ClauseWords
from portavoce.web.i18n import load_words
from tests.contracts.writing import wish

NOBODY = UUID(int=0)
POINT = Decimal("0.01")


@pytest.fixture(scope="module")
def english() -> ClauseWords:
    return ClauseWords(load_words(frontend_dir() / "locale")["en"])


@pytest.fixture(scope="module")
def italian() -> ClauseWords:
    return ClauseWords(load_words(frontend_dir() / "locale")["it"])


def row(calendar: str | None = OPENING, **said: Any) -> ClauseRow:
    made: Wish = wish(**{"lob_id": NOBODY, **said})
    rule = rule_of(made)
    return ClauseRow(
        NOBODY, None, 1, "", calendar, NOBODY, made.channel, made.metric, made.threshold_s, share_bp_of(rule), None, 0,
        write_rule(rule),
    )  # fmt: skip


def test_the_sentence_of_the_brief(english: ClauseWords, italian: ClauseWords) -> None:
    said = row(
        metric="first_response", goal=Decimal("0.9"), threshold_s=4 * 3_600,
        money=Money(step_size=POINT, step_percent=Decimal(1)),
    )  # fmt: skip
    assert english.sentence(said) == (
        "90% of first replies by email within 4 hours of opening hours; each full point below costs 1%"
    )
    assert italian.sentence(said) == (
        "90% delle prime risposte via email entro 4 ore di orario di apertura; ogni punto intero sotto costa 1%"
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (row(None), "80% of contacts solved by email within 1 day, day and night"),
        (row("Notte"), "80% of contacts solved by email within 1 day in the hours “Notte”"),
        (
            row(statistic="mean", goal=Decimal(5_400)),
            "Solutions by email: 1 hour 30 minutes on average at most of opening hours",
        ),
        (
            row(statistic="percentile", goal=Decimal(90), percentile_bp=9_000),
            "Solutions by email: 90% of them within 1 minute 30 seconds of opening hours",
        ),
        (
            row(metric="abandonment", channel="phone", goal=Decimal("0.05"), threshold_s=None, variant="AB_NET"),
            "at most 5% of calls abandoned by phone",
        ),
        (
            row(metric="quality", statistic="mean", goal=Decimal("4.4"), threshold_s=None),
            "Quality score by email: at least 4.4 on average",
        ),
        (
            row(None, money=Money(tiers=(Band(Decimal(0), POINT, Decimal(1)), Band(POINT, None, Decimal("2.5"))))),
            "80% of contacts solved by email within 1 day, day and night; it costs 1% from the target on, "
            "2.5% from 1 point below on",
        ),
        (
            row(None, statistic="mean", goal=Decimal(60), money=Money(step_size=Decimal(30), step_percent=Decimal(1))),
            "Solutions by email: 1 minute on average at most, day and night; "
            "each full step of 30 seconds above costs 1%",
        ),
        (
            row(None, money=Money(breach_cents=500, day_cents=1_000, bonus_size=2 * POINT, bonus_percent=Decimal(1))),
            "80% of contacts solved by email within 1 day, day and night; €5.00 for each late contact; "
            "€10.00 for each day of default; each full step of 2 points above earns 1%",
        ),
    ],
)  # fmt: skip
def test_everything_a_clause_says_is_in_its_sentence(
    english: ClauseWords, said: ClauseRow, sentence: str
) -> None:
    assert english.sentence(said) == sentence


def test_what_few_look_at_stands_in_the_notes(english: ClauseWords) -> None:
    said = row(
        pauses=(), interval_s=1_800, interval_share_bp=9_500, money=Money(step_size=POINT, step_percent=Decimal(1),
        weight=Decimal(2), nature="PENALTY"),
    )  # fmt: skip
    assert list(english.notes(said)) == [
        "never stopped",
        "a return goes on with the same clock",
        "warning at 75% of the time",
        "kept in at least 95% of intervals of 30 minutes",
        "weight 2",
        "as a penalty, not a price reduction",
    ]
    wait = row(metric="speed_of_answer", statistic="mean", channel="phone", goal=Decimal(150), threshold_s=None, variant="AGCOM_MAT", ivr_s=30)  # fmt: skip
    assert list(english.notes(wait)) == ["formula AGCOM_MAT", "plus 30 seconds of menu"]
    short = row(metric="service_level", channel="phone", threshold_s=20, variant="SL_EXCL_SHORT")
    assert "abandoned within 5 seconds is short" in list(english.notes(short))


def test_every_measure_and_way_of_counting_has_its_words(italian: ClauseWords) -> None:
    for metric, shape in SHAPES.items():
        for way in shape.statistics:
            said = row(
                metric=metric, statistic=way, goal=Decimal(1), threshold_s=60 if shape.threshold else None,
                variant=shape.variants[0] if shape.variants else "", percentile_bp=9_000 if way == "percentile" else None,
            )  # fmt: skip
            assert italian.sentence(said)
