"""The demo's coffee brand has accepted one event and is asked about another, each around a late answer."""

from __future__ import annotations

from tests.demo.conftest import Simulated


def test_one_is_accepted_and_one_waits_for_silence_or_a_word(demo: Simulated) -> None:
    rows = demo.rows(
        "SELECT state, decided_side, due_at > proposed_at FROM pv.relief_event ORDER BY starts_at"
    )
    assert rows == [("accepted", "client", True), ("proposed", None, True)]


def test_each_lies_around_the_beginning_of_a_late_answer(demo: Simulated) -> None:
    (count,) = demo.rows(
        "SELECT count(DISTINCT r.id) FROM pv.relief_event r JOIN pv.interaction i ON i.brand_id = r.brand_id"
        " AND i.opened_at >= r.starts_at AND i.opened_at < r.ends_at AND i.first_response_at > i.due_at"
    )
    assert count == (2,)
