"""Every brand is born with a contract, version 1 unpriced; clauses are added to a version before work begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.models import Clause, Contract, ContractVersion
from portavoce.core.unit import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstResponsePromise:
    """`share_bp` basis points of contacts answered within `target` of open time of the calendar."""

    lob_id: UUID
    channel: str
    target: timedelta
    share_bp: int
    calendar_id: UUID
    reopen_window: timedelta = timedelta(days=7)


def found_contract(db: AsyncSession, client_id: UUID, name: str, valid_from: datetime) -> ContractVersion:
    contract = Contract(id=new_id(db), client_id=client_id, name=name)
    version = ContractVersion(
        id=new_id(db), contract_id=contract.id, number=1, valid_from=valid_from, state="unpriced"
    )
    db.add_all([contract, version])
    return version


def add_first_response(db: AsyncSession, contract_version_id: UUID, promise: FirstResponsePromise) -> Clause:
    clause = Clause(
        id=new_id(db),
        contract_version_id=contract_version_id,
        lob_id=promise.lob_id,
        channel=promise.channel,
        metric="first_response",
        target_s=int(promise.target.total_seconds()),
        share_bp=promise.share_bp,
        calendar_id=promise.calendar_id,
        reopen_window_s=int(promise.reopen_window.total_seconds()),
    )
    db.add(clause)
    return clause
