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


TOGETHER = ("tests/demo", "tests/isolation", "tests/journeys", "tests/web/abuse", "tests/web/trespassing")
"""Folders whose tests share what is dear to build: one worker runs them all. Of the others it takes a file."""
WHOLE_HOUSES = ("test_restarting", "journeys", "faults", "live")
BETWEEN = 4
"""Files that compute, for each that starts a whole installation and mostly waits for it."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many again as processors: some always wait."""
    return math.ceil((os.cpu_count() or 1) * 1.5)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `deep` take minutes: they belong to `make test-deep`. First of all hooks: xdist looks for groups."""
    if not DEEP:
        left_out = [item for item in items if item.get_closest_marker("deep")]
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=left_out)
    chunks = [(name, list(found)) for name, found in groupby(items, _chunk_of)]
    for name, found in chunks:
        for item in found:
            item.add_marker(pytest.mark.xdist_group(name))
    items[:] = _mixed(chunks)


def _chunk_of(item: pytest.Item) -> str:
    file = item.path.relative_to(item.config.rootpath).as_posix()
    return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)


def _mixed(chunks: list[tuple[str, list[pytest.Item]]]) -> list[pytest.Item]:
    """Large ones first; whole installations soon, but never all at once: none is left alone at the end."""
    chunks = sorted(chunks, key=lambda chunk: chunk[0] not in TOGETHER)
    houses = [found for name, found in chunks if any(f"/{house}" in name for house in WHOLE_HOUSES)]
    others = iter([found for _, found in chunks if found not in houses])
    order = [chunk for house in houses for chunk in (house, *islice(others, BETWEEN))]
    return [item for found in (*order, *others) for item in found]


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
