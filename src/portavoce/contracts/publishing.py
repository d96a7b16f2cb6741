"""Make a draft the next version: it begins at a moment still to come, so that what was opened before keeps its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.contracts.drafting import CLIENTS, SAID, drop, latest_version, lock_contract, the_draft
from portavoce.contracts.errors import BadStart
from portavoce.contracts.models import Clause, ClauseDraft, ContractVersion
from portavoce.core.unit import new_id, now
from portavoce.ledger.facts import record

MINUTE = timedelta(minutes=1)
FARTHEST = timedelta(days=5 * 366)


async def publish(
    db: AsyncSession, valid_from: datetime | None = None, *, by: UUID | None = None
) -> ContractVersion:
    """Unpriced, with the draft's clauses and the client's own promises of the version before; the draft is gone.

    Without a moment it begins with the next full minute, as a contact being opened now has looked up its version already.
    BadStart for one in the past, or not after the latest version's; NoDraft when somebody else was first.
    """
    await lock_contract(db)
    draft, latest = await the_draft(db), await latest_version(db)
    at = now(db)
    starts = valid_from or at.replace(second=0, microsecond=0) + MINUTE
    _check(starts, at, latest.valid_from)
    version = ContractVersion(
        id=new_id(db),
        contract_id=draft.contract_id,
        number=latest.number + 1,
        valid_from=starts,
        state="unpriced",
        fee_cents=draft.fee_cents,
        credit_cap_bp=draft.credit_cap_bp,
        bonus_cap_bp=draft.bonus_cap_bp,
        relief_silence_days=draft.relief_silence_days,
        published_at=at,
        published_by=by,
    )
    db.add(version)
    await db.flush()
    written = await db.scalars(select(ClauseDraft).where(ClauseDraft.draft_id == draft.id))
    own = select(Clause).where(Clause.contract_version_id == latest.id, Clause.metric.in_(CLIENTS))
    for each in (*written, *(await db.scalars(own))):
        said = {name: getattr(each, name) for name in SAID}
        db.add(Clause(id=new_id(db), contract_version_id=version.id, ordinal=each.ordinal, **said))
    await db.flush()
    await drop(db, draft)
    cause = audit(
        db,
        "admin",
        "contract.published",
        "contract_version",
        version.id,
        number=version.number,
        starts=starts,
    )
    record(
        db, "contract.published", actor="admin", cause_id=cause, version=version.number, version_id=version.id,
        valid_from=starts,
    )  # fmt: skip
    return version


def _check(starts: datetime, at: datetime, latest: datetime) -> None:
    if starts < at:
        raise BadStart("Choose a moment that is still to come.", starts="past")
    if starts <= latest:
        raise BadStart("Choose a moment after the one from which the latest version holds.", starts="early")
    if starts > at + FARTHEST:
        raise BadStart("Choose a moment within the next five years.", starts="far")
