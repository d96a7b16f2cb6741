"""What a process counts, for Prometheus. Labels have few values: never a person, a path as asked, an address."""

from __future__ import annotations

import asyncio
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

LOG = structlog.get_logger()
REGISTRY = CollectorRegistry()
LOOPBACK = "127.0.0.1"
OFFSETS = {"engine": 0, "worker": 1, "serve": 2}
"""Beside PORTAVOCE_METRICS_PORT, one port a process; further web workers take the next free ones."""
ATTEMPTS = 8

REQUESTS = Histogram(
    "portavoce_request_seconds",
    "Answers of the web by surface, method and class of status",
    ("surface", "method", "status"),
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
STREAMS = Gauge("portavoce_streams_open", "Screens that listen", registry=REGISTRY)
MAILS = Counter(
    "portavoce_mails", "Mails that came in, by what became of them", ("outcome", "reason"), registry=REGISTRY
)
OUTBOX = Gauge(
    "portavoce_outbox_rows", "Rows of the outbox not yet done", ("outbox", "state"), registry=REGISTRY
)
OUTBOX_AGE = Gauge(
    "portavoce_outbox_oldest_seconds", "How long the oldest row is overdue", ("outbox",), registry=REGISTRY
)
DELIVERIES = Counter(
    "portavoce_deliveries", "Replies by what became of them", ("outcome",), registry=REGISTRY
)
JOBS = Counter("portavoce_jobs", "Tries of outbox rows", ("topic", "outcome"), registry=REGISTRY)
CLAIMS = Counter("portavoce_claims", "Contacts that agents reached for", ("outcome",), registry=REGISTRY)
REFUSALS = Counter(
    "portavoce_quota_refusals", "What a brand's limit turned away", ("quota",), registry=REGISTRY
)
DENIALS = Counter("portavoce_denials", "Asked for what is not theirs", ("reason",), registry=REGISTRY)
POOL = Gauge("portavoce_pool_in_use", "Connections to PostgreSQL in use", ("role",), registry=REGISTRY)
LAG = Gauge("portavoce_loop_lag_seconds", "How late the event loop wakes", registry=REGISTRY)
HEARTBEAT = Gauge(
    "portavoce_heartbeat_age_seconds", "Since the last sign of life", ("process",), registry=REGISTRY
)
DATABASE = Gauge("portavoce_database_bytes", "Size of the database", registry=REGISTRY)
BACKUP = Gauge("portavoce_backup_age_seconds", "Since the last backup that left its mark", registry=REGISTRY)


class Listener:
    """The private page of one process; never on the port the public reaches."""

    def __init__(self, server: WSGIServer | None) -> None:
        self._server = server
        self.host, self.port = server.server_address[:2] if server else ("", 0)

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


def expose(base: int, process: str) -> Listener:
    """Serve the numbers on a loopback port of this process; base 0 means not at all. Never raises: work goes first."""
    if not base:
        return Listener(None)
    first = base + OFFSETS[process]
    for port in range(first, first + (ATTEMPTS if process == "serve" else 1)):
        try:
            return Listener(start_http_server(port, addr=LOOPBACK, registry=REGISTRY)[0])
        except OSError:
            continue
    LOG.error("no port for the metrics", port=first)
    return Listener(None)


async def measure_lag() -> None:
    """One look: how much longer a tenth of a second took."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.sleep(0.1)
    LAG.set(max(0.0, loop.time() - begun - 0.1))
