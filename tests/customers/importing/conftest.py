from __future__ import annotations

import pytest

from tests.customers.importing.files import Desk
from tests.floor import Floor


@pytest.fixture
def desk(floor: Floor) -> Desk:
    """Aurora's imports."""
    return Desk(floor, floor.aurora)
