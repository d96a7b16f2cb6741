"""Fixtures of every test."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Iterator
from itertools import groupby, islice

import pytest
import structlog
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

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


BEGIN_TOGETHER = ("journeys", "demo", "backups", "web/trespassing")
"""Folders whose beginning is dear: one worker runs all of one, so that it begins once."""
WHOLE_HOUSES = ("journeys", "test_running", "test_restarting", "faults", "live")
BETWEEN = 4
"""Files that compute, for each that starts a whole installation and mostly waits for it."""


class ByUnit(LoadFileScheduling):  # type: ignore[misc]  # -- xdist has no types
    """A worker takes a whole unit: a file, or a folder that begins together."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(str(super()._split_scope(nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByUnit:
    return ByUnit(config, log)


def unit_of(file: str) -> str:
    """`file` as node ids name it."""
    return next((folder for folder in BEGIN_TOGETHER if file.startswith(f"tests/{folder}/")), file)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many again as processors: some always wait."""
    return math.ceil((os.cpu_count() or 1) * 1.5)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `deep` take minutes: they belong to `make test-deep`."""
    if not DEEP:
        left_out = [item for item in items if item.get_closest_marker("deep")]
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=left_out)
    items[:] = _mixed(
        [list(found) for _, found in groupby(items, lambda item: unit_of(item.nodeid.split("::")[0]))]
    )


def _mixed(units: list[list[pytest.Item]]) -> list[pytest.Item]:
    """Whole installations come soon, but never all at once: of all workers none is left alone with one at the end."""
    houses = [unit for unit in units if any(f"/{name}" in unit[0].nodeid for name in WHOLE_HOUSES)]
    houses.sort(key=len, reverse=True)
    others = iter([unit for unit in units if unit not in houses])
    order = [each for house in houses for each in (house, *islice(others, BETWEEN))]
    return [item for unit in (*order, *others) for item in unit]


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
