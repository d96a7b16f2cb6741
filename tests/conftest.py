"""Fixtures of every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.cluster import SessionCluster, session_cluster

pytest_plugins = ("tests.broker", "tests.database", "tests.world", "tests.floor")

settings.register_profile("house", deadline=None, database=None)
settings.register_profile("deep", settings.get_profile("house"), max_examples=2_000)
settings.load_profile(os.environ.get("PORTAVOCE_TEST_PROFILE", "house"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[SessionCluster]:
    """A real PostgreSQL as superuser; tests of the product take databases and roles made on it."""
    with session_cluster() as found:
        yield found
