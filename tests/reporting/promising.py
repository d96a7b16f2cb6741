"""Clauses beyond the one that a minted brand has, and versions of its contract."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portavoce.contracts.models import Clause, ContractVersion
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_bp_of, write_rule
from tests.minting import Minted


async def promise(
    database: Database, brand: Minted, metric: Metric, rule: Rule, *, within_s: int | None = None,
    ordinal: int = 1, version_id: UUID | None = None, always: bool = False,
) -> UUID:  # fmt: skip
    """In the version that the brand was born with unless another is given, in its opening hours unless `always`."""
    async with database.begin(brand.writing) as db:
        clause = Clause(
            id=new_id(db), contract_version_id=version_id or brand.contract_version_id, lob_id=brand.lob_id,
            channel="email", metric=metric, ordinal=ordinal, target_s=within_s, share_bp=share_bp_of(rule),
            calendar_id=None if always else brand.calendar_id, reopen_window_s=86_400, rule=write_rule(rule),
        )  # fmt: skip
        db.add(clause)
        return clause.id


async def new_version(database: Database, brand: Minted, valid_from: datetime, number: int = 2) -> UUID:
    async with database.begin(brand.writing) as db:
        version = ContractVersion(
            id=new_id(db), contract_id=brand.contract_id, number=number, valid_from=valid_from, state="signed"
        )
        db.add(version)
        return version.id
