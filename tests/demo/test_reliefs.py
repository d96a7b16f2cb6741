"""The demo's coffee brand has accepted one event and is asked about another, each over late answers."""

from __future__ import annotations

from datetime import timedelta

from portavoce.demo.reliefs import LENGTH, worst_hours
from tests.database import NOON
from tests.demo.conftest import Simulated

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_one_is_accepted_and_one_waits_for_silence_or_a_word(demo: Simulated) -> None:
    rows = demo.rows("SELECT state, decided_side, due_at > proposed_at FROM pv.relief_event ORDER BY state")
    assert rows == [("accepted", "client", True), ("proposed", None, True)]


def test_each_holds_a_late_answer(demo: Simulated) -> None:
    (count,) = demo.rows(
        "SELECT count(DISTINCT r.id) FROM pv.relief_event r JOIN pv.interaction i ON i.brand_id = r.brand_id"
        " AND i.opened_at >= r.starts_at AND i.opened_at < r.ends_at AND i.first_response_at > i.due_at"
    )
    assert count == (2,)


def test_it_is_asked_for_where_the_late_ones_outnumber_the_others_and_clear_of_what_is_taken() -> None:
    answers = [
        (NOON + 5 * MINUTE, True), (NOON + HOUR, False),
        (NOON + 9 * HOUR + MINUTE, True), (NOON + 10 * HOUR, True), (NOON + 11 * HOUR, False),
    ]  # fmt: skip
    assert worst_hours(answers, []) == NOON + 9 * HOUR
    assert worst_hours(answers, [NOON + 9 * HOUR]) == NOON
    assert worst_hours(answers[:2], [NOON]) == NOON
    assert worst_hours([*answers, (NOON + 11 * HOUR, False)], [NOON + 9 * HOUR - LENGTH / 2]) == NOON
    assert worst_hours([(NOON, False)], []) is None


def test_what_was_accepted_raises_a_figure_of_its_month(demo: Simulated) -> None:
    (counts,) = demo.rows(
        "SELECT count(*) FILTER (WHERE i.first_response_at > i.due_at), count(*) FROM pv.relief_event r"
        " JOIN pv.interaction i ON i.brand_id = r.brand_id AND i.opened_at >= r.starts_at AND i.opened_at < r.ends_at"
        " WHERE r.state = 'accepted' AND i.first_response_at IS NOT NULL"
    )
    assert 2 * counts[0] >= counts[1] > 0
