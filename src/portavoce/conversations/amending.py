"""Who closed a contact may still put right how it ended, while they wrap it up and a little after."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.closing import outcome_of
from portavoce.conversations.errors import NotClosed, TooLate
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Closure
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.reasons import settle_reason
from portavoce.core.unit import now, poke
from portavoce.ledger.facts import record

AMENDABLE = timedelta(minutes=30)
"""From the closing: longer than any after-contact work, so that what was typed when its time ran out is not lost."""


async def amend(
    db: AsyncSession, interaction_id: UUID, disposition_code: str, *, by: BrandAgent, note: str = "", reason: str = ""
) -> Closure:  # fmt: skip
    """The latest closing. NotClosed when it was reopened, TooLate for another agent or after its time."""
    await lock_slot(db, by.agent_id)
    _, interaction = await work_and_interaction(db, interaction_id)
    closure = await _latest(db, interaction_id) if interaction.state == "closed" else None
    if closure is None:
        raise NotClosed("This contact is open again. Finish it anew.")
    if closure.brand_agent_id != by.id or now(db) - closure.at > AMENDABLE:
        raise TooLate("Only who closed this contact can correct it, within half an hour.")
    rules = await line_rules(db, interaction.lob_id)
    outcome = outcome_of(rules, disposition_code)
    settle_reason(db, interaction, rules, reason, by=by)
    if (closure.disposition_id, closure.note) != (outcome.id, note):
        before = next((each.code for each in rules.nodes if each.id == closure.disposition_id), None)
        closure.disposition_id, closure.note = outcome.id, note
        record(
            db,
            "closure.amended",
            actor=str(by.id),
            lob_id=interaction.lob_id,
            interaction_id=interaction.id,
            brand_agent_id=by.id,
            disposition=outcome.code,
            before=before,
        )
    poke(db, "interaction", interaction.brand_id, interaction.id)
    return closure


async def _latest(db: AsyncSession, interaction_id: UUID) -> Closure | None:
    query = (
        select(Closure)
        .where(Closure.interaction_id == interaction_id)
        .order_by(Closure.at.desc(), Closure.id.desc())
        .limit(1)
    )
    return (await db.scalars(query)).one_or_none()
