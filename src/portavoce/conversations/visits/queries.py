"""A brand's shops and clerks, the counter of one of them, and visits as the timeline shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, BrandAgent
from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.conversations.history_queries import OUTCOME
from portavoce.conversations.joins import on
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.visits.errors import NoShop
from portavoce.conversations.visits.models import Shop, ShopClerk, Visit
from portavoce.identity.models import AccessGrant, Person
from portavoce.ledger.models import Ticket

ROLE = "client_shop_clerk"
LATER = timedelta(minutes=15)
"""What was written down longer after it happened says so."""


class ClerkRow(msgspec.Struct, frozen=True):
    """`id`: of the alias in this brand."""

    id: UUID
    name: str
    email: str


class ShopRow(msgspec.Struct, frozen=True):
    id: UUID
    lob_id: UUID
    lob: str
    name: str
    place: str
    retired_at: datetime | None
    clerks: tuple[ClerkRow, ...] = ()


class Counter(msgspec.Struct, frozen=True):
    """The shops a clerk may stand in, by name; `chosen` the one they do, None until they said so.

    `alias`: None for whom the brand does not know yet; they have no shop either.
    """

    alias: BrandAgent | None
    shops: tuple[ShopRow, ...]
    chosen: ShopRow | None

    @property
    def me(self) -> BrandAgent:
        """NoShop without one: nothing can be done here."""
        if self.alias is None:
            raise NoShop("This shop does not exist.")
        return self.alias


class VisitEntry(msgspec.Struct, frozen=True):
    """As the timeline shows it. `message_id` is the note that it stands for; `opened_id` the mail contact it goes on in."""

    id: UUID
    interaction_id: UUID
    message_id: UUID
    shop: str
    place: str
    alias: str
    note: str
    outcome: str | None
    ticket: int | None
    at: datetime
    received_at: datetime
    goes_on_in: UUID | None

    @property
    def later(self) -> bool:
        return self.received_at - self.at > LATER


STANDING = (
    select(Shop.id, Shop.lob_id, LineOfBusiness.name.label("lob"), Shop.name, Shop.place, Shop.retired_at)
    .select_from(Shop)
    .join(LineOfBusiness, on(LineOfBusiness, LineOfBusiness.id, Shop.lob_id))
    .order_by(Shop.name, Shop.place, Shop.id)
)
AT_COUNTER = (
    select(BrandAgent)
    .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
    .where(AgentProfile.person_id == bindparam("person"), BrandAgent.active)
)
VISITS = (
    select(
        Visit.id,
        Visit.interaction_id,
        Visit.message_id,
        Shop.name,
        Shop.place,
        BrandAgent.alias,
        Message.body,
        OUTCOME,
        Ticket.number,
        Visit.occurred_at,
        Visit.received_at,
        Visit.continued_id,
    )
    .select_from(Visit)
    .join(Interaction, on(Interaction, Interaction.id, Visit.interaction_id))
    .join(Message, on(Message, Message.id, Visit.message_id))
    .join(Shop, on(Shop, Shop.id, Visit.shop_id))
    .join(BrandAgent, on(BrandAgent, BrandAgent.id, Visit.brand_agent_id))
    .outerjoin(Ticket, on(Ticket, Ticket.interaction_id, Visit.interaction_id))
    .where(Visit.message_id.in_(bindparam("messages", expanding=True)))
    .order_by(Visit.occurred_at, Visit.id)
)


async def counter_of(db: AsyncSession, person_id: UUID) -> Counter:
    """Of the one brand in scope."""
    me = (await db.scalars(AT_COUNTER, {"person": person_id})).one_or_none()
    if me is None:
        return Counter(None, (), None)
    query = (
        STANDING.add_columns(ShopClerk.chosen_at)
        .join(ShopClerk, on(ShopClerk, ShopClerk.shop_id, Shop.id))
        .where(ShopClerk.brand_agent_id == me.id, ShopClerk.ended_at.is_(None), Shop.retired_at.is_(None))
    )
    rows = (await db.execute(query)).all()
    shops = {row.id: ShopRow(*row[:-1]) for row in rows}
    said = [(row.chosen_at, row.id) for row in rows if row.chosen_at is not None]
    chosen = shops[max(said)[1]] if said else next(iter(shops.values())) if len(shops) == 1 else None
    return Counter(me, tuple(shops.values()), chosen)


async def clerks_of_brand(db: AsyncSession, brand_id: UUID) -> list[ClerkRow]:
    """Whoever has the role here and may sign in, by name."""
    client_id = select(Brand.client_id).where(Brand.id == brand_id).scalar_subquery()
    query = (
        select(BrandAgent.id, Person.name, Person.email)
        .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
        .join(Person, Person.id == AgentProfile.person_id)
        .join(AccessGrant, AccessGrant.person_id == Person.id)
        .where(
            BrandAgent.active,
            Person.disabled_at.is_(None),
            AccessGrant.role == ROLE,
            AccessGrant.revoked_at.is_(None),
            or_(AccessGrant.brand_id == brand_id, AccessGrant.client_id == client_id),
        )
        .order_by(Person.name, BrandAgent.id)
        .distinct()
    )
    return [ClerkRow(*row) for row in await db.execute(query)]


async def shops_of_brand(db: AsyncSession) -> list[ShopRow]:
    """Of the one brand in scope, the retired last, each with the people who stand there."""
    given = (
        select(ShopClerk.shop_id, BrandAgent.id, Person.name, Person.email)
        .join(BrandAgent, on(BrandAgent, BrandAgent.id, ShopClerk.brand_agent_id))
        .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
        .join(Person, Person.id == AgentProfile.person_id)
        .where(ShopClerk.ended_at.is_(None))
        .order_by(Person.name, BrandAgent.id)
    )
    people: dict[UUID, list[ClerkRow]] = {}
    for shop_id, clerk_id, name, email in await db.execute(given):
        people.setdefault(shop_id, []).append(ClerkRow(clerk_id, name, email))
    rows = [ShopRow(*row, tuple(people.get(row.id, ()))) for row in await db.execute(STANDING)]
    return sorted(rows, key=lambda each: each.retired_at is not None)


async def visits_among(db: AsyncSession, messages: Sequence[UUID]) -> tuple[VisitEntry, ...]:
    """Those that stand for one of these messages, oldest first."""
    if not messages:
        return ()
    rows: list[tuple[Any, ...]] = [
        tuple(row) for row in await db.execute(VISITS, {"messages": list(messages)})
    ]
    return tuple(VisitEntry(*row) for row in rows)


async def number_of(db: AsyncSession, visit_id: UUID, *, by: BrandAgent) -> int | None:
    """The number of the contact that one of this clerk's visits became; None for anybody else's."""
    query = (
        select(Ticket.number)
        .join(Visit, on(Visit, Visit.interaction_id, Ticket.interaction_id))
        .where(Visit.id == visit_id, Visit.brand_agent_id == by.id)
    )
    return await db.scalar(query)
