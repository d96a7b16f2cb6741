"""A note that names a colleague by `@` and their alias is put into that colleague's list until they have looked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.colleagues import speakers
from portavoce.agents.models import BrandAgent
from portavoce.conversations.aftercare import Mention
from portavoce.conversations.errors import NoMention
from portavoce.conversations.models import Message
from portavoce.core.unit import new_id, now, poke

SIGN = "@"


def named_in(text: str, aliases: Mapping[str, UUID]) -> set[UUID]:
    """Whose alias follows an `@` that begins a word; of two that fit, the longer one. Letters large or small."""
    known = {alias.casefold(): who for alias, who in aliases.items()}
    longest_first = sorted(known, key=len, reverse=True)
    if not longest_first:
        return set()
    pattern = rf"(?<!\w){SIGN}({'|'.join(map(re.escape, longest_first))})(?!\w)"
    return {known[found] for found in re.findall(pattern, text.casefold())}


async def tell_mentioned(db: AsyncSession, note: Message, *, by: BrandAgent) -> None:
    """Those of the brand's people whom the note names, except its writer."""
    if SIGN not in note.body:
        return
    people = await speakers(db, by.id)
    await tell(db, note, named_in(note.body, {each.alias: each.id for each in people}))


async def tell(db: AsyncSession, message: Message, people: Collection[UUID]) -> None:
    """It stands in the lists of these people of the brand until they have looked."""
    for each in sorted(people):
        db.add(
            Mention(
                id=new_id(db),
                interaction_id=message.interaction_id,
                message_id=message.id,
                brand_agent_id=each,
                at=message.at,
            )
        )
    await _show_anew(db, people)


async def look_at(db: AsyncSession, mention_id: UUID, *, by: BrandAgent) -> Mention:
    """Off the list of who was mentioned; NoMention for anybody else. Twice changes nothing."""
    query = select(Mention).where(Mention.id == mention_id, Mention.brand_agent_id == by.id)
    mention = (await db.scalars(query.with_for_update())).one_or_none()
    if mention is None:
        raise NoMention("This note does not exist.")
    if mention.seen_at is None:
        mention.seen_at = now(db)
        await _show_anew(db, [by.id])
    return mention


async def _show_anew(db: AsyncSession, brand_agents: Iterable[UUID]) -> None:
    wanted = set(brand_agents)
    if wanted:
        query = select(BrandAgent.agent_id).where(BrandAgent.id.in_(wanted)).order_by(BrandAgent.agent_id)
        for agent_id in await db.scalars(query):
            poke(db, "person", None, agent_id)
