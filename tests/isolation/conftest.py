from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import pytest_asyncio

from portavoce.core.db import Database
from tests.cluster import SessionCluster
from tests.core.conftest import aurora, bosco, sent
from tests.database import Installation
from tests.faults.conftest import site
from tests.isolation.ground import Ground
from tests.minting import Minted, mint_brand, mint_customer
from tests.web.conftest import browser, templates, the_site
from tests.web.desk.conftest import desk, desk_database, settings
from tests.web.portal.conftest import carla, house

__all__ = [
    "aurora", "bosco", "browser", "carla", "desk", "desk_database", "house", "sent", "settings", "site", "templates",
    "the_site",
]  # fmt: skip
"""Fixtures of the guards that `test_mutations` runs on sabotaged code."""


@pytest.fixture(scope="session")
def ground(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Ground]:
    """A database with rows of three brands in every table; whoever changes some puts them back."""
    installation = install()
    made = Ground(installation)
    yield made
    made.close()
    cluster.drop_database(installation.name)


@pytest_asyncio.fixture
async def brands(database: Database) -> list[Minted]:
    """Twelve, with a customer each."""
    made = [await mint_brand(database, f"Marca{n}") for n in range(12)]
    for brand in made:
        await mint_customer(database, brand)
    return made
