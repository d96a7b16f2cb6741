"""How tables of one brand are joined: `brand_id` travels with every key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.models import Conversation, Interaction
from portavoce.core.tables import Tenant
from portavoce.customers.models import Customer
from portavoce.ledger.models import Ticket


def on(
    table: type[Tenant], key: InstrumentedAttribute[Any], remote: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """`on(Customer, Customer.id, Conversation.customer_id)`."""
    owner: Any = remote.class_
    return and_(table.brand_id == owner.brand_id, key == remote)


def contacts(columns: tuple[Any, ...]) -> Select[Any]:
    """Interactions with thread, customer, line of business and ticket: what every list and page of contacts shows."""
    return (
        select(*columns)
        .select_from(Interaction)
        .join(
            Conversation,
            on(Conversation, Conversation.id, Interaction.conversation_id),
        )
        .join(
            Customer,
            on(Customer, Customer.id, Conversation.customer_id),
        )
        .join(
            LineOfBusiness,
            on(LineOfBusiness, LineOfBusiness.id, Interaction.lob_id),
        )
        .outerjoin(
            Ticket,
            on(Ticket, Ticket.interaction_id, Interaction.id),
        )
    )
