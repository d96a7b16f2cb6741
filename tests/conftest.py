"""Fixtures of every test."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from tests.cluster import SessionCluster, session_cluster
from tests.depth import DEEP

# Tracebacks as text: drawing each with its variables takes seconds, and tests log many.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.dev.ConsoleRenderer(colors=False)]
)

pytest_plugins = ("tests.broker", "tests.database", "tests.molds", "tests.world", "tests.floor")

settings.register_profile("house", deadline=None, database=None, max_examples=60)
settings.register_profile("deep", settings.get_profile("house"), max_examples=2_000)
settings.load_profile("deep" if DEEP else "house")


WHOLE_HOUSES = ("test_running", "test_restarting", "journeys", "faults", "live")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `deep` take minutes: they belong to `make test-deep`.

    Files that start whole installations come first: of two workers none is left alone with one at the end.
    """
    items.sort(key=lambda item: not any(f"/{name}" in item.path.as_posix() for name in WHOLE_HOUSES))
    if not DEEP:
        left_out = [item for item in items if item.get_closest_marker("deep")]
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Whoever starts a process configures its logs: the next test finds them as this one did."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.configure(**before)
    root.handlers, root.level = handlers, level


@pytest.fixture(scope="session")
def cluster() -> Iterator[SessionCluster]:
    """A real PostgreSQL as superuser; tests of the product take databases and roles made on it."""
    with session_cluster() as found:
        yield found
