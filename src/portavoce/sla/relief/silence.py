"""Silence about a relief, by what the contract says of it: each brand by itself, in a transaction of its own."""

from __future__ import annotations

import structlog

from portavoce.brands.resolving import all_brand_ids
from portavoce.core.db import DISPATCH, Database
from portavoce.core.logs import about
from portavoce.core.scope import HOUSE, Scope
from portavoce.sla.relief.deciding import accept_by_silence

LOG = structlog.get_logger()


async def hear_silence(database: Database) -> int:
    """Every brand's events whose time to decide is over; one that fails keeps no other waiting. How many were accepted."""
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    total = 0
    for brand_id in brands:
        with about(brand=str(brand_id)):
            try:
                while found := await database.run(Scope.writing(brand_id), accept_by_silence):
                    total += found
            except Exception:
                LOG.exception("silence about a relief was not heard", brand=str(brand_id))
    return total
