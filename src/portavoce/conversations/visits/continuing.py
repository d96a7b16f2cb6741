"""A visit goes on by mail: a contact of the same thread and case, which waits in the line's queue. One a visit."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import NoInteraction, NoReceiver
from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.opening import Asked, open_interaction
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.visits.models import Visit
from portavoce.core.unit import now
from portavoce.customers.models import CustomerIdentity

MAIL = "email"
NO_ADDRESS = "No mail address of this customer is known. Add one to the profile first."


async def go_on_by_mail(
    db: AsyncSession, visit: Visit, visited: Interaction, thread: Conversation, address: str, asked: Asked
) -> Interaction:
    """Its clock runs from when it was `asked` for; what the clerk wrote stands above it."""
    opened = await open_interaction(db, thread, MAIL, after=visited, asked=asked)
    visit.continued_id, visit.answer_to = opened.id, address
    return opened


async def write_by_mail(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> UUID:
    """By an agent who has read of the visit; gives the contact, the same when it was opened before.

    NoInteraction for what is no visit, NoReceiver for a customer of whom no mail address is known.
    """
    visited = await load(db, interaction_id)
    query = select(Visit).where(Visit.interaction_id == interaction_id)
    visit = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if visit is None:
        raise NoInteraction("This contact does not exist.")
    if visit.continued_id is not None:
        return visit.continued_id
    thread = await db.get_one(Conversation, (visited.brand_id, visited.conversation_id))
    address = await known_address(db, thread.customer_id)
    if address is None:
        raise NoReceiver(NO_ADDRESS)
    opened = await go_on_by_mail(db, visit, visited, thread, address, Asked(now(db), str(by.id)))
    return opened.id


async def known_address(db: AsyncSession, customer_id: UUID) -> str | None:
    """The one that has been known for longest."""
    query = (
        select(CustomerIdentity.value)
        .where(CustomerIdentity.customer_id == customer_id, CustomerIdentity.channel == MAIL)
        .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
    )
    return await db.scalar(query.limit(1))
