"""Before anything is done: the selected contacts, all of one brand, and what an act would do to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.colleagues import Colleague, colleagues
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.bulk.errors import BadWish
from portavoce.conversations.bulk.judging import Chosen, Hands, Verdict, Wish, judge
from portavoce.conversations.bulk.models import AGENT, ASIDE, CLOSE, QUEUE, REASON, TAKE, VERBS
from portavoce.conversations.choices import LineRules
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.joins import contacts, on
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.setting_aside import FARTHEST
from portavoce.core.unit import now
from portavoce.customers.models import Customer
from portavoce.ledger.models import Ticket

MOST = 200
"""Contacts of one act: more than a desk shows of a brand."""
CHOOSE = "Choose one of the options shown."
COLUMNS: tuple[Any, ...] = (
    Interaction.id,
    Customer.name,
    Ticket.number,
    Interaction.state,
    WorkItem.units,
    WorkItem.lob_id.label("lob_id"),
    Interaction.lob_id.label("opened_for"),
    Interaction.reason_id.is_not(None).label("has_reason"),
    Interaction.brand_agent_id,
)


class Plan(msgspec.Struct, frozen=True):
    """What can be chosen for these contacts, and to whom or where they can go. `lines`: of business, by name."""

    contacts: tuple[Chosen, ...]
    rules: Mapping[UUID, LineRules]
    colleagues: tuple[Colleague, ...]
    lines: tuple[tuple[UUID, str], ...]
    hands: Hands | None

    def verdicts(self, wish: Wish) -> list[Verdict]:
        return list(judge(self.contacts, wish, self.rules, self.hands))


async def plan(db: AsyncSession, wanted: Iterable[UUID], *, by: BrandAgent, supervising: bool) -> Plan:
    """NoInteraction when one of them is not the brand's in scope: then none of it was ever there."""
    chosen = await _chosen(db, list(dict.fromkeys(wanted)), by)
    lines = select(LineOfBusiness.id, LineOfBusiness.name).order_by(LineOfBusiness.name)
    known = {each.lob_id for each in chosen} | {each.opened_for for each in chosen}
    return Plan(
        contacts=tuple(chosen),
        rules={lob_id: await line_rules(db, lob_id) for lob_id in sorted(known)},
        colleagues=tuple(await colleagues(db, by.id)),
        lines=tuple((row.id, row.name) for row in await db.execute(lines)),
        hands=None if supervising else await hands_of(db, by),
    )


async def check_wish(db: AsyncSession, wish: Wish, made: Plan) -> None:
    """BadWish for what no contact could follow."""
    wrong = {
        TAKE: "",
        ASIDE: "" if wish.until and now(db) < wish.until <= now(db) + FARTHEST else "later",
        AGENT: "" if wish.to_agent_id in {each.id for each in made.colleagues} else "receiver",
        QUEUE: "" if wish.to_lob_id in {lob_id for lob_id, _ in made.lines} else "line",
        REASON: "" if any(each.reason(wish.reason) for each in made.rules.values()) else "cause",
        CLOSE: "" if any(each.outcome(wish.outcome) for each in made.rules.values()) else "outcome",
    }.get(wish.verb, "verb")
    if wish.verb in VERBS and not wrong and wish.verb in (AGENT, QUEUE) and not wish.note:
        wrong = "why"
    if wrong:
        raise BadWish(WORDS.get(wrong, CHOOSE), **{wrong: "wrong"})


WORDS = {
    "later": "Choose a moment in the future, within ninety days.",
    "receiver": "This colleague is not at work. Choose another one.",
    "why": "Write the message first.",
}


async def hands_of(db: AsyncSession, by: BrandAgent) -> Hands:
    query = select(AgentSlot.chosen, AgentSlot.cap, AgentSlot.used).where(AgentSlot.agent_id == by.agent_id)
    slot = (await db.execute(query)).one()
    return Hands(slot.chosen not in ("offline", "aux"), slot.cap - slot.used)


async def _chosen(db: AsyncSession, wanted: Sequence[UUID], by: BrandAgent) -> list[Chosen]:
    if not wanted or len(wanted) > MOST:
        raise NoInteraction("This contact does not exist.")
    query = contacts(COLUMNS).join(WorkItem, on(WorkItem, WorkItem.interaction_id, Interaction.id))
    rows = list(await db.execute(query.where(Interaction.id.in_(wanted))))
    found = {row[0]: Chosen._make([*row[:-1], row[-1] == by.id]) for row in rows}
    if len(found) != len(wanted):
        raise NoInteraction("This contact does not exist.")
    return [found[each] for each in wanted]
