"""The private page of numbers: on a loopback port of its own, with labels of few values."""

from __future__ import annotations

import re
from urllib.request import urlopen

from structlog.testing import capture_logs

from portavoce.core import metrics
from tests.ports import free_ports

UNBOUNDED = {"path", "url", "person", "address", "subject", "sender", "recipient", "id", "brand_id", "email"}


def test_it_is_served_on_loopback_one_port_a_process_and_a_taken_port_stops_nobody() -> None:
    base = free_ports(3)
    metrics.CLAIMS.labels("won").inc()
    listener = metrics.expose(base, "engine")
    with urlopen(f"http://127.0.0.1:{listener.port}/metrics") as answer:
        text = answer.read().decode()
    assert (listener.host, listener.port) == ("127.0.0.1", base)
    assert re.search(r'portavoce_claims_total\{outcome="won"\} [1-9]', text)
    with capture_logs() as lines:
        assert metrics.expose(base, "engine").port == 0
    assert [line["event"] for line in lines] == ["no port for the metrics"]
    listener.close()


def test_further_web_workers_take_the_next_free_port() -> None:
    base = free_ports(12)
    listeners = [metrics.expose(base, "serve") for _ in range(2)]
    assert listeners[0].port != listeners[1].port
    assert all(base + 2 <= each.port < base + 2 + metrics.ATTEMPTS for each in listeners)
    for each in listeners:
        each.close()


def test_without_a_port_nothing_listens() -> None:
    assert metrics.expose(0, "engine").port == 0


def test_no_label_can_have_endless_values() -> None:
    labels = {
        label for each in metrics.REGISTRY.collect() for sample in each.samples for label in sample.labels
    }
    named = {name for each in vars(metrics).values() for name in getattr(each, "_labelnames", ())}
    assert named
    assert not (labels | named) & UNBOUNDED


async def test_the_lag_of_the_loop_is_measured() -> None:
    metrics.LAG.set(-1)
    await metrics.measure_lag()
    assert metrics.REGISTRY.get_sample_value("portavoce_loop_lag_seconds") >= 0  # type: ignore[operator]  # -- it is there
