"""What agents left behind: answers that count, outcomes, and nothing that would be sent a second time."""

from __future__ import annotations

from tests.demo.conftest import Simulated


def test_no_answer_of_the_past_waits_to_be_sent(demo: Simulated) -> None:
    waiting = demo.rows(
        "SELECT o.state, m.state FROM pv.outbox o JOIN pv.message m ON m.brand_id = o.brand_id AND m.id = o.ref_id"
        " WHERE (o.state = 'done') = (m.state IN ('queued', 'sending'))"
    )
    assert waiting == []


def test_answers_stop_the_clock_and_some_come_too_late_or_never(demo: Simulated) -> None:
    [(within, answered)] = demo.rows(
        "SELECT count(*) FILTER (WHERE first_response_at <= due_at), count(*) FROM pv.interaction"
        " WHERE first_response_at IS NOT NULL"
    )
    assert answered > 30
    assert answered * 0.6 < within <= answered


def test_every_closed_contact_has_an_outcome(demo: Simulated) -> None:
    bare = demo.rows(
        "SELECT i.id FROM pv.interaction i WHERE i.state = 'closed' AND NOT EXISTS"
        " (SELECT 1 FROM pv.closure c WHERE c.brand_id = i.brand_id AND c.interaction_id = i.id)"
    )
    assert bare == []


def test_no_agent_answered_for_a_brand_they_do_not_serve(demo: Simulated) -> None:
    served = demo.rows(
        "SELECT DISTINCT b.slug, a.display_name FROM pv.message m JOIN pv.brand b ON b.id = m.brand_id"
        " JOIN pv.brand_agent x ON x.brand_id = m.brand_id AND x.id = m.brand_agent_id"
        " JOIN pv.agent a ON a.agent_id = x.agent_id WHERE m.direction = 'out' ORDER BY 1, 2"
    )
    assert ("velia", "Aisha") in served
    assert [who for brand, who in served if brand != "lumi" and who in ("Marco", "Elena", "Pietro")] == []


def test_handling_time_is_more_than_a_glance(demo: Simulated) -> None:
    [(mean,)] = demo.rows(
        "SELECT avg(extract(epoch FROM ended_at - started_at)) FROM pv.handling_segment WHERE ended_at IS NOT NULL"
    )
    assert 60 < mean < 300
