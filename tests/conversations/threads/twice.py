"""A customer who wrote twice about the same: two threads, two contacts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.claiming import claim
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.queries import message
from portavoce.conversations.replying import reply
from tests.floor import GINA, Floor


async def twice(floor: Floor, *, sender: str = GINA, apart_s: int = 60) -> tuple[UUID, UUID]:
    """The first in Anna's hands, the second waits, written some seconds later."""
    first = (await floor.write_in(sender=sender)).interaction_id
    floor.later(seconds=apart_s)
    second = (await floor.write_in(sender=sender)).interaction_id
    await floor.do(claim, first, by=floor.anna)
    return first, second


async def answered(floor: Floor, contact: UUID) -> None:
    """By Anna, who holds it; the answer has left."""
    await left(floor, (await floor.do(reply, contact, "Ecco la risposta.", by=floor.anna)).id)


async def left(floor: Floor, message_id: UUID) -> None:
    async def leave(db: AsyncSession) -> None:
        await mark_sent(db, await message(db, message_id))

    await floor.do(leave)


async def thread_of(floor: Floor, contact: UUID) -> UUID:
    return (await floor.contact(contact)).conversation_id
