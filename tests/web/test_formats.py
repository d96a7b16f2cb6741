from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.web.formats import Formats, epoch_ms, mmss
from portavoce.web.i18n import load_words

NOON = datetime(2026, 11, 20, 9, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def formats() -> dict[str, Formats]:
    return {locale: Formats(words) for locale, words in load_words(frontend_dir() / "locale").items()}


@pytest.mark.parametrize(
    ("method", "arguments", "italian", "english"),
    [
        ("number", (1204,), "1.204", "1,204"),
        ("number", (None,), "–", "–"),
        ("percent", (0.048,), "4,8%", "4.8%"),
        ("percent", (1,), "100%", "100%"),
        ("percent", (None,), "–", "–"),
        ("moment", (NOON, "Europe/Rome"), "ven 20 nov, 10:42", "20 Nov, 10:42"),
        ("clock", (NOON, "Europe/London"), "09:42", "09:42"),
        ("day", (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "Europe/Rome"), "sab 21 nov", "21 Nov"),
        ("day", (date(2026, 11, 20),), "ven 20 nov", "20 Nov"),
        ("month", (date(2026, 10, 1),), "ottobre 2026", "October 2026"),
        ("spoken", (timedelta(hours=2, minutes=1),), "2 ore 1 minuto", "2 hours 1 minute"),
        ("spoken", (-3600,), "1 ora", "1 hour"),
        ("spoken", (59,), "meno di un minuto", "less than a minute"),
    ],
)
def test_each_language_writes_its_own_way(
    formats: dict[str, Formats], method: str, arguments: tuple[object, ...], italian: str, english: str
) -> None:
    assert getattr(formats["it"], method)(*arguments) == italian
    assert getattr(formats["en"], method)(*arguments) == english


@pytest.mark.parametrize(
    ("left", "state", "text", "spoken"),
    [
        (timedelta(minutes=4), "ok", "4:00", "entro 4 minuti"),
        (timedelta(seconds=75), "ok", "1:15", "entro 1 minuto"),
        (timedelta(seconds=74), "warn", "1:14", "entro 1 minuto"),
        (timedelta(0), "warn", "0:00", "entro meno di un minuto"),
        (timedelta(seconds=-96), "bad", "+1:36", "scaduto da 1 minuto"),
    ],
)
def test_a_countdown_warns_at_a_quarter_and_counts_up_past_due(
    formats: dict[str, Formats], left: timedelta, state: str, text: str, spoken: str
) -> None:
    seen = formats["it"].countdown(NOON + left, NOON, 5 * MINUTE)
    assert (seen.state, seen.text, seen.spoken) == (state, text, spoken)
    assert 0 <= seen.fraction <= 1


def test_a_promise_of_no_time_at_all_does_not_divide_by_zero(formats: dict[str, Formats]) -> None:
    assert formats["en"].countdown(NOON, NOON, 0).fraction == 0


@pytest.mark.parametrize(
    ("seconds", "text"), [(134, "2:14"), (-96, "1:36"), (5520, "1h 32m"), (0, "0:00"), (3600, "1h 00m")]
)
def test_short_durations(seconds: int, text: str) -> None:
    assert mmss(seconds) == text


def test_deadlines_travel_as_milliseconds() -> None:
    assert epoch_ms(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1000
