"""A customer who writes about two matters in one thread."""

from __future__ import annotations

from uuid import UUID

from portavoce.conversations.claiming import claim
from portavoce.conversations.models import Message
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.conversations.threads.splitting import split_contact
from tests.conversations.threads.twice import thread_of
from tests.floor import GINA, Floor

METER = "Il contatore"


async def two_matters(floor: Floor, *, mails: int = 3, sender: str = GINA) -> tuple[UUID, list[UUID]]:
    """One contact in Anna's hands, and the mails of its thread, ten minutes from each other."""
    first = await floor.write_in(sender=sender)
    said = [first.id]
    for _ in range(mails - 1):
        floor.later(minutes=10)
        said.append((await floor.write_in(sender=sender, thread=first.conversation_id)).id)
    await floor.do(claim, first.interaction_id, by=floor.anna)
    floor.later(minutes=10)
    return first.interaction_id, said


async def split(floor: Floor, contact: UUID, messages: list[UUID], subject: str = METER) -> ThreadSplit:
    return await floor.do(split_contact, contact, messages, subject, by=floor.anna)


async def said_in(floor: Floor, contact: UUID) -> list[UUID]:
    """The messages of its thread, oldest first."""
    thread = await thread_of(floor, contact)
    return [each.id for each in await floor.rows(Message) if each.conversation_id == thread]
