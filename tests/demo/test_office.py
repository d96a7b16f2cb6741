"""What the clients' offices of the demo did before the doors open."""

from __future__ import annotations

from tests.demo.conftest import Simulated


async def test_one_client_shows_its_service_to_everybody(demo: Simulated) -> None:
    assert demo.rows(
        "SELECT b.slug, o.is_on, e.value = o.token FROM pv.open_service o "
        "JOIN pv.brand b ON b.id = o.brand_id JOIN pv.endpoint e ON e.brand_id = b.id AND e.kind = 'service'"
    ) == [("nordcaffe", True, True)]


async def test_one_task_is_done_one_late_and_one_open(demo: Simulated) -> None:
    assert demo.rows(
        "SELECT state, kind, due_at < (SELECT max(asked_at) FROM pv.client_task) FROM pv.client_task "
        "ORDER BY state, due_at"
    ) == [("done", "access", True), ("open", "product_news", True), ("open", "forecast", False)]
