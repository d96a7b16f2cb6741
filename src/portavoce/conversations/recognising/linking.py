"""Link a contact's customer to a known one: a merge with its reason, which can be undone like any other.

The known one stands for both from now on; whatever comes from the address that was unknown is theirs.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.conversations.models import Interaction
from portavoce.conversations.recognising.errors import BadEvidence
from portavoce.conversations.recognising.meeting import meet
from portavoce.conversations.recognising.models import CODE, EVIDENCE, STATED, VERIFIED, CustomerLink
from portavoce.core.unit import new_id
from portavoce.customers.events import MergeUndone
from portavoce.customers.merging import merge
from portavoce.ledger.facts import record

LONGEST = 500
CHOOSE = "Choose one of the options shown."
SAY = "Write what it was that convinced you."
SHORTEN = "Shorten this text to 500 characters."


async def link_by_evidence(
    db: AsyncSession,
    interaction_id: UUID,
    customer_id: UUID,
    evidence: str,
    words: str = "",
    *,
    by: BrandAgent,
) -> CustomerLink:
    """On the word of who holds the contact. BadEvidence, and whatever `meet` raises."""
    words = words.strip()
    if evidence not in EVIDENCE:
        raise BadEvidence("Check the fields below.", evidence=CHOOSE)
    if len(words) > LONGEST:
        raise BadEvidence("Check the fields below.", words=SHORTEN)
    if evidence == "other" and not words:
        raise BadEvidence("Check the fields below.", words=SAY)
    interaction, stranger_id = await meet(db, interaction_id, customer_id, by=by)
    return await link(db, interaction, stranger_id, customer_id, evidence, words, by=by)


async def link(
    db: AsyncSession, interaction: Interaction, stranger_id: UUID, customer_id: UUID, evidence: str, words: str, *,
    by: BrandAgent, code_id: UUID | None = None,
) -> CustomerLink:  # fmt: skip
    """Of what `meet` gave. Verified with a code, else stated."""
    merge_id = await merge(db, customer_id, stranger_id, by=by)
    row = CustomerLink(
        id=new_id(db),
        merge_id=merge_id,
        interaction_id=interaction.id,
        confidence=VERIFIED if evidence == CODE else STATED,
        evidence=evidence,
        words=words,
        code_id=code_id,
    )
    db.add(row)
    told: dict[str, Any] = {"link": row.id, "confidence": row.confidence, "evidence": evidence}
    _tell(db, "customer.linked", row, customer_id, stranger_id, by.id, **told)
    return row


async def tell_unlinked(db: AsyncSession, event: MergeUndone) -> None:
    """A merge that was a link is undone: that is written down as such."""
    row = (
        await db.scalars(select(CustomerLink).where(CustomerLink.merge_id == event.merge_id))
    ).one_or_none()
    if row is None:
        return
    _tell(db, "customer.unlinked", row, event.survivor_id, event.merged_id, event.by_id, link=row.id)


def _tell(
    db: AsyncSession,
    kind: str,
    row: CustomerLink,
    customer_id: UUID,
    merged_id: UUID,
    by_id: UUID,
    **told: Any,
) -> None:
    audit(db, str(by_id), kind, "customer", customer_id, merge=row.merge_id, merged=merged_id, **told)
    record(
        db,
        kind,
        actor=str(by_id),
        interaction_id=row.interaction_id,
        brand_agent_id=by_id,
        customer=customer_id,
        merge=row.merge_id,
        merged=merged_id,
        **told,
    )
