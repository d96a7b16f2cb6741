"""The next version of a contract while it is written: one draft of a brand, kept clause by clause until it is published.

What the client itself promised (`promising`) is in no draft: a new version takes it over as it then is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.contracts.errors import BadClause, BadTerms, NoClause, NoDraft
from portavoce.contracts.models import Clause, ClauseDraft, Contract, ContractDraft, ContractVersion
from portavoce.contracts.promising import APPROVAL, BACK_OFFICE
from portavoce.core.unit import new_id, now

CLIENTS = (APPROVAL, BACK_OFFICE)
SAID = ("lob_id", "channel", "metric", "target_s", "share_bp", "calendar_id", "reopen_window_s", "rule")
"""What a clause says, by column; its place among others of the same metric is not part of it."""
MOST_CLAUSES = 60
MOST_CENTS = 10**11
MOST_BP = 10_000
MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one clause says, as `sla.writing` has checked it. A calendar of None runs day and night."""

    lob_id: UUID
    channel: str
    metric: str
    target_s: int | None
    share_bp: int | None
    calendar_id: UUID | None
    reopen_window_s: int
    rule: str


async def open_draft(db: AsyncSession, *, by: UUID | None = None) -> UUID:
    """It begins as a copy of the latest version; the one that is open already is given as it is."""
    contract_id = await lock_contract(db)
    found: UUID | None = await db.scalar(select(ContractDraft.id))
    if found is not None:
        return found
    latest = await latest_version(db)
    draft = ContractDraft(
        id=new_id(db),
        contract_id=contract_id,
        fee_cents=latest.fee_cents,
        credit_cap_bp=latest.credit_cap_bp,
        bonus_cap_bp=latest.bonus_cap_bp,
        relief_silence_days=latest.relief_silence_days,
        opened_at=now(db),
        opened_by=by,
    )
    db.add(draft)
    await db.flush()
    query = select(Clause).where(Clause.contract_version_id == latest.id, Clause.metric.not_in(CLIENTS))
    for clause in await db.scalars(query):
        said = {name: getattr(clause, name) for name in SAID}
        db.add(
            ClauseDraft(
                id=new_id(db), draft_id=draft.id, copied_from=clause.id, ordinal=clause.ordinal, **said
            )
        )
    await db.flush()
    audit(db, "admin", "contract.drafted", "contract_draft", draft.id, version=latest.number)
    return draft.id


async def discard_draft(db: AsyncSession) -> None:
    draft = await the_draft(db)
    await drop(db, draft)
    audit(db, "admin", "contract.draft_discarded", "contract_draft", draft.id)


async def put_clause(db: AsyncSession, clause_id: UUID | None, said: Said, *, leads: bool = False) -> UUID:
    """A new clause of the draft, or other words for one of it. `leads`: the first of its metric there."""
    draft = await the_draft(db)
    others = await _clauses(db)
    if clause_id is None:
        if len(others) >= MOST_CLAUSES:
            raise BadClause("A contract has 60 clauses at most.")
        clause = ClauseDraft(id=new_id(db), draft_id=draft.id, ordinal=len(others) + 1, **asdict(said))
        db.add(clause)
        others.append(clause)
    else:
        clause = _one(others, clause_id)
        if _place(clause) != (said.lob_id, said.channel, said.metric):
            clause.ordinal = len(others) + 1
        for name, value in asdict(said).items():
            setattr(clause, name, value)
    if leads:
        clause.ordinal = 0
    _number(others)
    await db.flush()
    return clause.id


async def remove_clause(db: AsyncSession, clause_id: UUID) -> None:
    """Those behind it move up."""
    await the_draft(db)
    clauses = await _clauses(db)
    gone = _one(clauses, clause_id)
    await db.delete(gone)
    _number([each for each in clauses if each is not gone])
    await db.flush()


async def set_terms(
    db: AsyncSession, *, fee_cents: int, credit_cap_bp: int | None, bonus_cap_bp: int | None,
    relief_silence_days: int | None = None,
) -> None:  # fmt: skip
    """BadTerms with a sentence by field."""
    errors = {}
    if not 0 <= fee_cents <= MOST_CENTS:
        errors["fee"] = "Write an amount from 0 to 1,000,000,000."
    for name, value in (("credit_cap", credit_cap_bp), ("bonus_cap", bonus_cap_bp)):
        if value is not None and not 0 <= value <= MOST_BP:
            errors[name] = "Write a percentage from 0 to 100."
    if relief_silence_days is not None and not 1 <= relief_silence_days <= MOST_DAYS:
        errors["relief_silence"] = "Write a number from 1 to 366."
    if errors:
        raise BadTerms("Check the fields below.", **errors)
    draft = await the_draft(db)
    draft.fee_cents, draft.credit_cap_bp, draft.bonus_cap_bp = fee_cents, credit_cap_bp, bonus_cap_bp
    draft.relief_silence_days = relief_silence_days


async def the_draft(db: AsyncSession) -> ContractDraft:
    """Locked: of two who change it at once the second sees what the first did. NoDraft when there is none."""
    query = select(ContractDraft).with_for_update().execution_options(populate_existing=True)
    draft = (await db.scalars(query)).one_or_none()
    if draft is None:
        raise NoDraft(
            "There is no draft any more: somebody published or discarded it. Look at the contract again."
        )
    return draft


async def drop(db: AsyncSession, draft: ContractDraft) -> None:
    await db.execute(delete(ClauseDraft).where(ClauseDraft.draft_id == draft.id))
    await db.execute(delete(ContractDraft).where(ContractDraft.id == draft.id))


async def lock_contract(db: AsyncSession) -> UUID:
    return (await db.scalars(select(Contract.id).with_for_update())).one()


async def latest_version(db: AsyncSession) -> ContractVersion:
    """The one with the highest number, in force or to come."""
    query = select(ContractVersion).order_by(ContractVersion.number.desc()).limit(1)
    return (await db.scalars(query)).one()


async def _clauses(db: AsyncSession) -> list[ClauseDraft]:
    return list(await db.scalars(select(ClauseDraft).order_by(ClauseDraft.ordinal, ClauseDraft.id)))


def _one(clauses: list[ClauseDraft], clause_id: UUID) -> ClauseDraft:
    for clause in clauses:
        if clause.id == clause_id:
            return clause
    raise NoClause("This page does not exist.")


def _place(clause: ClauseDraft) -> tuple[UUID, str, str]:
    return clause.lob_id, clause.channel, clause.metric


def _number(clauses: list[ClauseDraft]) -> None:
    """From 1 among those of one metric, line and channel, in the order they have."""
    seen: dict[tuple[UUID, str, str], int] = {}
    for clause in sorted(clauses, key=lambda each: (each.ordinal, each.id)):
        seen[_place(clause)] = seen.get(_place(clause), 0) + 1
        clause.ordinal = seen[_place(clause)]
