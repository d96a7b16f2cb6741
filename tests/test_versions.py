from __future__ import annotations

from typing import Any

import psycopg
import pytest

from portavoce.core.db import Database
from tests.minting import mint_brand, mint_customer
from tests.versions import changed, versions


@pytest.mark.parametrize(
    "act",
    [
        "INSERT INTO pv.site VALUES (gen_random_uuid(), 'Torino', 'IT', 'Europe/Rome', false)",
        "UPDATE pv.customer SET name = 'Ugo'",
        "UPDATE pv.customer SET name = name",
        "DELETE FROM pv.customer WHERE id = (SELECT id FROM pv.customer LIMIT 1)",
    ],
)
async def test_whatever_is_written_is_seen(
    database: Database, superuser: psycopg.Connection[Any], act: str
) -> None:
    brand = await mint_brand(database)
    await mint_customer(database, brand)
    with superuser.transaction(force_rollback=True):
        before = versions(superuser)
        superuser.execute(act)
        assert changed(before, versions(superuser)) == [act.split("pv.")[1].split()[0]]
        superuser.execute("SELECT * FROM pv.customer FOR UPDATE")
    assert changed(before, versions(superuser)) == []
