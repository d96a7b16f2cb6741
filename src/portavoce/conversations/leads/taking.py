"""The client's people take a lead, exactly one of them each, and say what became of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.conversations.leads.errors import BadLead, NoLead, TakenByOther
from portavoce.conversations.leads.models import RESULTS, Lead
from portavoce.conversations.models import Interaction
from portavoce.conversations.replying import CLIENT
from portavoce.core.unit import emit, now
from portavoce.customers.events import ProfileChanged
from portavoce.ledger.facts import record

LONGEST = 1_000
OTHERS = "Somebody else has taken this lead."


async def take_lead(db: AsyncSession, lead_id: UUID, *, person_id: UUID) -> Lead:
    """From then on its taker sees the addresses. Taken twice by the same person it stays theirs; TakenByOther else."""
    lead = await _locked(db, lead_id)
    if lead.taken_by == person_id:
        return lead
    if lead.state != "open":
        raise TakenByOther(OTHERS)
    lead.state, lead.taken_by, lead.taken_at = "taken", person_id, now(db)
    await _tell(db, lead, before="open")
    return lead


async def end_lead(db: AsyncSession, lead_id: UUID, result: str, note: str, *, person_id: UUID) -> Lead:
    """`result` of RESULTS, by its taker, once. BadLead by field; TakenByOther for who has not taken it."""
    note = note.strip()
    if result not in RESULTS:
        raise BadLead("Choose one of the options shown.", result="unknown")
    if len(note) > LONGEST:
        raise BadLead(f"Shorten this text to {LONGEST} characters.", note="long")
    lead = await _locked(db, lead_id)
    if lead.taken_by != person_id:
        raise TakenByOther(OTHERS if lead.taken_by else "Take this lead first.")
    if lead.state != "taken":
        if (lead.state, lead.note) == (result, note):
            return lead
        raise TakenByOther("You have said already what became of this lead.")
    lead.state, lead.ended_at, lead.note = result, now(db), note
    await _tell(db, lead, before="taken")
    return lead


async def _locked(db: AsyncSession, lead_id: UUID) -> Lead:
    query = select(Lead).where(Lead.id == lead_id).with_for_update()
    lead = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if lead is None:
        raise NoLead("This page does not exist.")
    return lead


async def _tell(db: AsyncSession, lead: Lead, *, before: str) -> None:
    """The ledger, the audit, and whoever looks at the customer."""
    interaction = await db.get_one(Interaction, (lead.brand_id, lead.interaction_id))
    record(
        db,
        f"lead.{lead.state}",
        actor=CLIENT,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        from_state=before,
        to_state=lead.state,
        cause_id=audit(db, CLIENT, f"lead.{lead.state}", "lead", lead.id),
        lead=lead.id,
    )
    await emit(db, ProfileChanged(lead.customer_id))
