"""Wrap up with an outcome and close; the units go back to the agent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.approvals.asking import nothing_awaits
from portavoce.conversations.choices import Choice, LineRules
from portavoce.conversations.errors import UnknownDisposition
from portavoce.conversations.events import InteractionClosed
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import units_in_hand
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Closure
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.reasons import settle_reason
from portavoce.conversations.wrapping import begin_wrap_up
from portavoce.core.unit import emit, new_id, now, poke, written_brand
from portavoce.ledger.facts import record


async def close(
    db: AsyncSession, interaction_id: UUID, disposition_code: str, *, by: BrandAgent, note: str = "", reason: str = "",
    after: bool = False, waiting: bool = False,
) -> Closure:  # fmt: skip
    """Only the holder, with an outcome at the end of the tree of the line that works on it now.

    Awaited while the client has not decided about a reply. A `reason` if that line asks for one. `after`: the holder wishes for after-contact work, where the line leaves that
    to them. `waiting`: also what waits, straight from the queue; nobody worked on that, so no after-contact work follows.
    """
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    await nothing_awaits(db, interaction_id)
    units, before = units_in_hand(work, interaction, by, waiting=waiting), interaction.state
    rules = await line_rules(db, work.lob_id)
    disposition = outcome_of(rules, disposition_code)
    settle_reason(db, interaction, rules, reason, by=by)
    at = max(now(db), interaction.opened_at)
    await end_segments(db, by.id, at=at, interaction_id=interaction_id)
    if units:
        await begin_wrap_up(db, slot, interaction, rules, by=by, at=at, asked=after)
        give_back_units(db, slot, units)
    interaction.state, interaction.closed_at, work.state = "closed", at, "done"
    interaction.brand_agent_id = by.id
    closure = Closure(
        brand_id=written_brand(db),
        id=new_id(db),
        interaction_id=interaction_id,
        disposition_id=disposition.id,
        brand_agent_id=by.id,
        note=note,
        at=at,
    )
    db.add(closure)
    record(
        db,
        "interaction.closed",
        actor=str(by.id),
        at=at,
        lob_id=interaction.lob_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        from_state=before,
        to_state="closed",
        disposition=disposition.code,
    )
    await emit(db, InteractionClosed(interaction_id, at))
    poke(db, "queue", interaction.brand_id, interaction_id)
    poke(db, "interaction", interaction.brand_id, interaction_id)
    poke(db, "person", None, by.agent_id)
    return closure


def outcome_of(rules: LineRules, code: str) -> Choice:
    found = rules.outcome(code)
    if found is None:
        raise UnknownDisposition("Choose an outcome from the list.", disposition="unknown")
    return found
