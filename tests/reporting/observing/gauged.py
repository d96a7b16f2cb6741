"""A clause beyond a brand's clocks, in the version of its contract that is in force."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.models import Clause, ContractVersion
from portavoce.core.unit import new_id
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_bp_of, write_rule
from tests.floor import Floor


async def measure(floor: Floor, metric: Metric, rule: Rule, within_s: int | None = None) -> None:
    async def add(db: AsyncSession) -> None:
        version = (await db.scalars(select(ContractVersion.id))).first()
        assert version is not None
        db.add(
            Clause(
                id=new_id(db), contract_version_id=version, lob_id=floor.aurora.lob_id, channel="email",
                metric=metric, ordinal=1, target_s=within_s, share_bp=share_bp_of(rule), calendar_id=None,
                reopen_window_s=86_400, rule=write_rule(rule),
            )
        )  # fmt: skip

    await floor.do(add)
