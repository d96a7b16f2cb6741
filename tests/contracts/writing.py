"""Wishes for clauses, and the draft of a floor's brand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from portavoce.contracts.drafting import open_draft
from portavoce.contracts.publishing import publish
from portavoce.sla.writing import Wish, write_clause
from tests.floor import Floor

WITHIN_A_DAY = {
    "metric": "resolution",
    "statistic": "share_within",
    "channel": "email",
    "goal": Decimal("0.8"),
    "threshold_s": 86_400,
}


def wish(lob_id: UUID, **said: Any) -> Wish:
    return Wish(**{**WITHIN_A_DAY, "lob_id": lob_id, **said})


async def write(floor: Floor, clause_id: UUID | None = None, *, leads: bool = False, **said: Any) -> UUID:
    given = wish(**{"lob_id": floor.aurora.lob_id, **said})
    return await floor.do(write_clause, given, clause_id=clause_id, leads=leads)


async def published(floor: Floor, **said: Any) -> None:
    """A version with one clause more, from the next minute on."""
    await floor.do(open_draft)
    await write(floor, **said)
    await floor.do(publish)
