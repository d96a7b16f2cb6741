"""Open a complaint: its code reaches the customer in writing, its day is kept, and who answers for the brand is told.

The acknowledgement is automatic: the clock of the first response goes on until a person answers.
"""

from __future__ import annotations

import secrets
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.limits import limit_of
from portavoce.brands.models import Brand
from portavoce.calendars.moments import end_of_day
from portavoce.conversations.aftercare import Complaint
from portavoce.conversations.composing import compose
from portavoce.conversations.events import MessageQueued
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Conversation
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.ways import SPOKEN
from portavoce.core.unit import emit, new_id, now
from portavoce.customers.events import ProfileChanged
from portavoce.customers.models import Customer
from portavoce.identity.granting import holding
from portavoce.identity.mails import House, send_complaint
from portavoce.ledger.facts import record

DAYS = "complaint_days"
IN_WRITING = "email"
"""Where the code goes of a contact that goes on by phone."""
LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""Nothing that is mistaken for another when it is spoken or written by hand, and no vowels: no words come out."""
LENGTH = 7
ACKNOWLEDGEMENT = {
    "it": "Abbiamo ricevuto il tuo reclamo. Il suo codice è {code}: citalo quando ci scrivi o ci chiami.\n\n"
    "Ti rispondiamo entro il {due}.",
    "en": "We have received your complaint. Its code is {code}: please quote it when you write or call.\n\n"
    "We will answer you by {due}.",
}


async def complain(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent, house: House) -> Complaint:
    """By who holds the contact. One that is a complaint already stays the one it is, and nobody is written to again."""
    interaction = await load(db, interaction_id)
    known = select(Complaint).where(Complaint.interaction_id == interaction_id)
    if (before := (await db.scalars(known)).one_or_none()) is not None:
        return before
    held_by(interaction, by)
    brand = await db.get_one(Brand, interaction.brand_id)
    thread = await db.get_one(Conversation, (interaction.brand_id, interaction.conversation_id))
    customer = await db.get_one(Customer, (interaction.brand_id, thread.customer_id))
    code = f"R-{''.join(secrets.choice(LETTERS) for _ in range(LENGTH))}"
    due_at = end_of_day(now(db), brand.zone, await limit_of(db, DAYS))
    due = f"{due_at.astimezone(ZoneInfo(brand.zone)):%d/%m/%Y}"
    text = ACKNOWLEDGEMENT.get(customer.language, ACKNOWLEDGEMENT["en"]).format(code=code, due=due)
    message = await compose(
        db, interaction, text, author=by.alias, by=by.id, direction="out", state="queued", automatic=True
    )
    if interaction.channel in SPOKEN:
        message.channel = IN_WRITING
    complaint = Complaint(
        id=new_id(db),
        customer_id=customer.id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        message_id=message.id,
        code=code,
        opened_at=now(db),
        due_at=due_at,
    )
    db.add(complaint)
    record(
        db,
        "complaint.opened",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        complaint=complaint.id,
        code=code,
        due=due_at,
    )
    await emit(db, MessageQueued(message))
    await emit(db, ProfileChanged(customer.id))
    path = f"/b/{brand.slug}/interactions/{interaction_id}"
    for person in await holding(db, interaction.brand_id, "supervisor"):
        send_complaint(db, house, person, path, code=code, due=due)
    return complaint
