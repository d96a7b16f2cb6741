"""Why the customer wrote: chosen while working, or when the contact is closed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.choices import LineRules
from portavoce.conversations.errors import ReasonMissing, UnknownReason
from portavoce.conversations.holding import units_in_hand
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Interaction
from portavoce.conversations.queries import work_and_interaction
from portavoce.core.unit import poke
from portavoce.ledger.facts import record

MISSING = "Choose why the customer wrote."


async def choose_reason(
    db: AsyncSession, interaction_id: UUID, reason_code: str, *, by: BrandAgent, waiting: bool = False
) -> Interaction:
    """By the holder. UnknownReason for what is not at the end of the line's tree of reasons.

    `waiting`: also what waits, which goes on waiting.
    """
    await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    units_in_hand(work, interaction, by, waiting=waiting)
    give_reason(db, interaction, await line_rules(db, interaction.lob_id), reason_code, by=by)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    return interaction


def give_reason(
    db: AsyncSession, interaction: Interaction, rules: LineRules, reason_code: str, *, by: BrandAgent
) -> None:
    """The row comes locked. The same reason again is no news."""
    reason = rules.reason(reason_code)
    if reason is None:
        raise UnknownReason(MISSING, reason="unknown")
    if interaction.reason_id == reason.id:
        return
    before = next((each.code for each in rules.nodes if each.id == interaction.reason_id), None)
    interaction.reason_id = reason.id
    record(
        db,
        "reason.chosen",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        reason=reason.code,
        before=before,
    )


def settle_reason(
    db: AsyncSession, interaction: Interaction, rules: LineRules, reason_code: str, *, by: BrandAgent
) -> None:
    """Before the contact closes: what was given counts; ReasonMissing when the line asks and nobody ever said."""
    if reason_code:
        give_reason(db, interaction, rules, reason_code, by=by)
    elif rules.asks_reason and interaction.reason_id is None:
        raise ReasonMissing(MISSING, reason="missing")
