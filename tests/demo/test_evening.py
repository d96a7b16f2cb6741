"""When the doors open there is something to do."""

from __future__ import annotations

from portavoce.demo import cast
from tests.demo.conftest import END, Simulated


def test_every_brand_has_contacts_that_wait_and_one_in_hand(demo: Simulated) -> None:
    rows = demo.rows(
        "SELECT b.slug, i.state, count(*) FROM pv.interaction i JOIN pv.brand b ON b.id = i.brand_id"
        " WHERE i.state <> 'closed' GROUP BY 1, 2"
    )
    found = {(slug, state): count for slug, state, count in rows}
    for team in cast.TEAMS:
        assert found[team.slug, "waiting"] >= 3
        assert found[team.slug, "assigned"] >= 1


def test_giulia_holds_contacts_of_two_brands(demo: Simulated) -> None:
    agent = demo.founded.agents[cast.GIULIA]
    held = demo.rows(
        f"SELECT DISTINCT i.brand_id FROM pv.interaction i JOIN pv.brand_agent x ON x.brand_id = i.brand_id"
        f" AND x.id = i.brand_agent_id WHERE i.state = 'assigned' AND x.agent_id = '{agent}'"
    )
    assert len(held) == 2


def test_some_clocks_have_run_out_and_most_have_not(demo: Simulated) -> None:
    due = [row[0] for row in demo.rows("SELECT due_at FROM pv.interaction WHERE state <> 'closed'")]
    late = [each for each in due if each < END]
    assert 0 < len(late) < len(due) / 2


def test_one_of_hers_the_brand_has_answered_and_one_goes_on_by_phone(demo: Simulated) -> None:
    twists = demo.rows(
        "SELECT b.slug, i.channel, i.came_by, count(m.id) FROM pv.interaction i JOIN pv.brand b ON b.id = i.brand_id"
        " LEFT JOIN pv.message m ON m.brand_id = i.brand_id AND m.interaction_id = i.id AND m.direction = 'native'"
        " GROUP BY 1, 2, 3, i.id HAVING count(m.id) > 0 OR i.came_by IS NOT NULL ORDER BY 1"
    )
    assert twists == [("lumi", "phone", "email", 0), ("nordcaffe", "email", None, 1)]
