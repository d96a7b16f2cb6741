from __future__ import annotations

from typing import Any

import psycopg
import pytest

from portavoce.core.db import Database
from tests.minting import mint_brand, mint_customer
from tests.versions import changed, versions

ADD_A_SITE = "INSERT INTO pv.site VALUES (gen_random_uuid(), 'Nowhere', 'IT', 'Europe/Rome', false)"


@pytest.mark.parametrize(
    "act",
    [
        ADD_A_SITE,
        "UPDATE pv.customer SET name = 'Ugo'",
        "UPDATE pv.customer SET name = name",
        "DELETE FROM pv.site WHERE name = 'Nowhere'",
    ],
)
async def test_whatever_is_written_is_seen(
    database: Database, superuser: psycopg.Connection[Any], act: str
) -> None:
    brand = await mint_brand(database)
    await mint_customer(database, brand)
    begun = versions(superuser)
    with superuser.transaction(force_rollback=True):
        superuser.execute(ADD_A_SITE)
        before = versions(superuser)
        superuser.execute("SELECT * FROM pv.customer FOR UPDATE")
        superuser.execute(act)
        assert changed(before, versions(superuser)) == [act.split("pv.")[1].split()[0]]
    assert changed(begun, versions(superuser)) == []
