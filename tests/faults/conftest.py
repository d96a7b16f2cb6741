from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.database import Installation
from tests.faults.site import Site, running_site


@pytest_asyncio.fixture
async def site(empty_database: Installation) -> AsyncIterator[Site]:
    """An installation of the test's own."""
    home = Path(tempfile.mkdtemp(prefix="portavoce-site-"))
    home.chmod(0o755)
    async with running_site(empty_database, home) as found:
        yield found
    shutil.rmtree(home, ignore_errors=True)
