"""The demo's shops: visits of the last days at two counters, one of which goes on by mail."""

from __future__ import annotations

from portavoce.demo import cast
from portavoce.demo.counter import VISITS
from tests.demo.conftest import Simulated


def test_the_clerk_wrote_down_visits_in_both_shops(demo: Simulated) -> None:
    rows = demo.rows(
        "SELECT s.name, count(*) FROM pv.visit v JOIN pv.shop s ON s.brand_id = v.brand_id AND s.id = v.shop_id GROUP BY 1"
    )
    assert {name for name, _ in rows} == {name for name, _ in cast.SHOPS}
    assert sum(count for _, count in rows) == len(VISITS)


def test_one_of_them_waits_at_the_desk_as_mail(demo: Simulated) -> None:
    rows = demo.rows(
        "SELECT i.channel, i.state FROM pv.visit v JOIN pv.interaction i ON i.brand_id = v.brand_id AND i.id = v.continued_id"
    )
    assert rows == [("email", "waiting")]


def test_one_promised_to_call_back_and_one_agreed_to_hear_of_offers(demo: Simulated) -> None:
    of_a_visit = "SELECT count(*) FROM pv.promise p JOIN pv.visit v USING (brand_id, interaction_id)"
    assert demo.rows(of_a_visit) == [(1,)]
    agreed = demo.rows("SELECT source, proof FROM pv.customer_consent WHERE source LIKE 'Negozio:%'")
    assert [source for source, _ in agreed] == ["Negozio: NordCaffè Lingotto, Torino"]
    assert "NordCaffè può contattarmi" in agreed[0][1]
