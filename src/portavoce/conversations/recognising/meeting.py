"""A contact in hand and the customer it may be of, both kept as they are until the unit ends."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Interaction
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.recognising.errors import CannotLink
from portavoce.conversations.recognising.queries import stranger_of
from portavoce.customers.errors import NoCustomer
from portavoce.customers.models import Customer
from portavoce.customers.queries import MISSING

ITSELF = "This contact is this customer's already."
MOVED = "This customer was merged meanwhile. Look for them again."


async def meet(
    db: AsyncSession, interaction_id: UUID, customer_id: UUID, *, by: BrandAgent
) -> tuple[Interaction, UUID]:
    """The contact, held by `by`, and whose it is so far. Customers are locked before contacts, as when mail is filed.

    NoInteraction, NoCustomer; CannotLink when it is the same customer or one of them was merged.
    """
    stranger_id, _ = await stranger_of(db, interaction_id)
    query = select(Customer).where(Customer.id.in_([stranger_id, customer_id])).order_by(Customer.id)
    rows = (await db.scalars(query.with_for_update().execution_options(populate_existing=True))).all()
    if customer_id not in {row.id for row in rows}:
        raise NoCustomer(MISSING)
    interaction = await load(db, interaction_id)
    held_by(interaction, by)
    if stranger_id == customer_id:
        raise CannotLink(ITSELF)
    if any(row.merged_into is not None for row in rows):
        raise CannotLink(MOVED)
    return interaction, stranger_id
