"""Agents come, pause and go; their timelines have no gap."""

from __future__ import annotations

from tests.demo.conftest import Simulated


def test_every_row_of_a_timeline_begins_where_the_one_before_ends(demo: Simulated) -> None:
    gaps = demo.rows(
        """
        SELECT s.agent_id, s.seq FROM pv.agent_state s
          LEFT JOIN pv.agent_state p ON p.agent_id = s.agent_id AND p.seq = s.seq - 1 AND p.since = s.prev_since
         WHERE s.seq > 1 AND (p.agent_id IS NULL OR p.since > s.since)
        """
    )
    assert gaps == []


def test_no_state_follows_itself(demo: Simulated) -> None:
    repeated = demo.rows(
        """
        SELECT s.agent_id, s.seq FROM pv.agent_state s JOIN pv.agent_state p
          ON p.agent_id = s.agent_id AND p.seq = s.seq - 1 WHERE p.state = s.state AND p.aux IS NOT DISTINCT FROM s.aux
        """
    )
    assert repeated == []


def test_agents_worked_paused_and_went_home(demo: Simulated) -> None:
    states = {state for (state,) in demo.rows("SELECT DISTINCT state FROM pv.agent_state")}
    assert states == {"ready", "working", "aux", "offline"}


def test_a_slot_holds_exactly_what_its_agent_has_in_hand(demo: Simulated) -> None:
    wrong = demo.rows(
        """
        SELECT s.agent_id, s.used, count(i.id) FROM pv.agent_slot s
          JOIN pv.brand_agent b ON b.agent_id = s.agent_id
          LEFT JOIN pv.interaction i ON i.brand_id = b.brand_id AND i.brand_agent_id = b.id AND i.state = 'assigned'
         GROUP BY s.agent_id, s.used HAVING s.used <> count(i.id)
        """
    )
    assert wrong == []
