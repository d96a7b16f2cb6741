"""Short ways to a reply that waits for the client's approval."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.models import Message
from portavoce.conversations.replying import reply
from portavoce.identity import people
from portavoce.identity.granting import grant
from tests.floor import Floor
from tests.world import HOUSE_NAME, WorldBrand

REPLY = "Arriva domani, scusate il ritardo."


async def rosa(floor: Floor, at: WorldBrand | None = None) -> UUID:
    """She approves for a brand's client."""
    brand = at or floor.aurora
    async with floor.database.begin(brand.writing) as db:
        client_id = (await db.scalars(select(Brand.client_id).where(Brand.id == brand.id))).one()
        one = await people.add_person(
            db, name="Rosa Gallo", email=f"rosa.{uuid4().hex}@{brand.slug}.example", locale="it",
            client_id=client_id, by=None,
        )  # fmt: skip
        await grant(db, one.id, "client_approver", brand_id=brand.id)
        return one.id


async def ruled(floor: Floor, rule: str) -> None:
    async with floor.database.begin(floor.aurora.writing) as db:
        await db.execute(update(LineOfBusiness).values(approval=rule))


async def awaiting(floor: Floor, contact: UUID | None = None, **wished: Any) -> Message:
    """Anna's reply in a contact of hers, or a new one, which she wishes to be approved."""
    contact = contact or await floor.held()
    wished = {"approval": True, "house": HOUSE_NAME, **wished}
    return await floor.do(reply, contact, REPLY, by=floor.anna, **wished)


async def approval_of(floor: Floor, message: Message) -> ReplyApproval:
    return next(each for each in await floor.rows(ReplyApproval) if each.message_id == message.id)
