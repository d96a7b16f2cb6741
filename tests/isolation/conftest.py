from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.cluster import SessionCluster
from tests.database import Installation
from tests.isolation.ground import Ground


@pytest.fixture(scope="session")
def ground(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Ground]:
    """A database with rows of three brands in every table; whoever changes some puts them back."""
    installation = install()
    made = Ground(installation)
    yield made
    made.close()
    cluster.drop_database(installation.name)
