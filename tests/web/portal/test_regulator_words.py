from __future__ import annotations

from decimal import Decimal

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.reporting.regulator.indicators import State
from portavoce.reporting.regulator.periods import Period
from portavoce.sla.presets import PRESETS, PresetClause, Regime, Subject
from portavoce.web.i18n import load_words
from portavoce.web.portal.regulator_words import Shown, definition_of, period_name, show
from tests.reporting.regulator.making import COMPLAINTS, preset
from tests.web.portal.test_regulator_files import filing

WORDS = load_words(frontend_dir() / "locale")
EVERY = [each for clauses in PRESETS.values() for each in clauses]


def shown(own: PresetClause = COMPLAINTS, **given: object) -> Shown:
    [found] = show(filing(own, **given), WORDS["en"])
    return found


@pytest.mark.parametrize("locale", ["it", "en"])
@pytest.mark.parametrize("own", EVERY)
def test_every_clause_of_a_regime_is_defined_with_its_time(own: PresetClause, locale: str) -> None:
    said = definition_of(own, WORDS[locale])
    assert "%(" not in said
    assert str(own.threshold_days or "") in said


def test_times_are_said_as_the_regime_counts_them() -> None:
    spanish = [preset(Regime.ES_10_2025, subject) for subject in (Subject.CALL, Subject.REQUEST)]
    assert [definition_of(each, WORDS["en"]) for each in spanish] == [
        "Calls answered within 3 minutes, divided by calls answered or abandoned",
        "Contacts solved within 15 working days, divided by contacts decided",
    ]


def test_a_figure_that_misses_by_a_hair_does_not_look_like_its_target() -> None:
    """999,999 of 1,000,000 would round to the 100 % it is not."""
    one = shown(numerator=999_999, denominator=1_000_000, state=State.MISSED, counted=6)
    assert (one.figure, one.target, one.met) == (Decimal("99.9999"), Decimal(100), False)


@pytest.mark.parametrize(
    ("own", "state", "remarks"),
    [
        (COMPLAINTS, State.NOT_AGREED, ["No clause of the contract measures this."]),
        (
            preset(Regime.AGCOM_255_24, Subject.CALL),
            State.NOT_MEASURED,
            [
                "Nothing of this service writes down yet what it is computed from.",
                "The formula stands in an annex: check it.",
            ],
        ),
        (
            preset(Regime.ES_10_2025, Subject.UNDUE_CHARGE),
            State.NOT_COUNTED,
            ["Working days cannot be written as a clause yet", "Not checked against the official text."],
        ),
    ],
)
def test_what_is_missing_or_doubtful_is_said(own: PresetClause, state: State, remarks: list[str]) -> None:
    one = shown(own, state=state)
    assert (one.figure, one.met, list(one.remarks)) == (None, None, remarks)


def test_a_figure_of_some_of_the_months_says_of_how_many() -> None:
    one = shown(numerator=1, denominator=2, state=State.PROVISIONAL, counted=2)
    assert list(one.remarks) == [
        "Counts every contact of the line, whatever it was about.",
        "Months in which it was counted: 2 of 6.",
    ]
    assert len(shown(numerator=1, denominator=2, counted=6).remarks) == 1


def test_periods_have_names() -> None:
    names = [period_name(Period(2026, half), WORDS["it"]) for half in (0, 1, 2)]
    assert names == ["2026", "2026, primo semestre", "2026, secondo semestre"]
