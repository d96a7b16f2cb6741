"""Pass a lead out of a contact to the client, with the customer's word that they may be called or written to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import Brand
from portavoce.conversations.holding import held_by
from portavoce.conversations.leads.errors import BadLead, NobodyTakes
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.models import Conversation
from portavoce.conversations.queries import interaction as load
from portavoce.core.unit import emit, new_id, now
from portavoce.customers.consenting import allows, note_consent
from portavoce.customers.errors import BadConsent
from portavoce.customers.events import ProfileChanged
from portavoce.customers.models import CustomerIdentity
from portavoce.identity.granting import holders
from portavoce.identity.mails import House, send_lead
from portavoce.ledger.facts import record

ROLE = "client_lead_taker"
PURPOSE = "marketing"
LONGEST = 1_000
NOBODY = "Nobody at the client may take leads yet. Ask an administrator to give somebody access."
MISSING = "The profile does not say that the customer may be contacted. Write where they said so, or ask them first."


async def pass_lead(
    db: AsyncSession, house: House, interaction_id: UUID, wording: str, *, with_phone: bool, with_email: bool,
    form_key: UUID, source: str = "", by: BrandAgent,
) -> Lead:  # fmt: skip
    """By who holds the contact; told by mail without a word of it. The same form sent again is the same lead.

    `source`: where the customer said that they may be contacted; kept as a consent, and needed where the profile has
    none for what is passed on. BadLead by field.
    """
    wording = _checked(wording)
    interaction = await load(db, interaction_id)
    known = select(Lead).where(Lead.interaction_id == interaction_id, Lead.form_key == form_key)
    if before := (await db.scalars(known)).one_or_none():
        return before
    held_by(interaction, by)
    people = await holders(db, ROLE, interaction.brand_id)
    if not people:
        raise NobodyTakes(NOBODY)
    thread = await db.get_one(Conversation, (interaction.brand_id, interaction.conversation_id))
    channels = [name for name, wished in (("phone", with_phone), ("email", with_email)) if wished]
    await _reachable(db, thread.customer_id, channels)
    await _allowed(db, thread.customer_id, channels or ["any"], source, by)
    lead = Lead(
        brand_id=interaction.brand_id,
        id=new_id(db),
        customer_id=thread.customer_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        wording=wording,
        with_phone=with_phone,
        with_email=with_email,
        form_key=form_key,
        passed_at=now(db),
    )
    db.add(lead)
    record(
        db,
        "lead.passed",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        to_state="open",
        lead=lead.id,
    )
    slug = (await db.get_one(Brand, interaction.brand_id)).slug
    for person in people:
        send_lead(db, house, person, f"/portal/{slug}/leads/{lead.id}")
    await emit(db, ProfileChanged(thread.customer_id))
    return lead


def _checked(wording: str) -> str:
    text = wording.strip()
    if not text:
        raise BadLead("Write what the customer is interested in.", wording="empty")
    if len(text) > LONGEST:
        raise BadLead(f"Shorten this text to {LONGEST} characters.", wording="long")
    return text


async def _reachable(db: AsyncSession, customer_id: UUID, channels: list[str]) -> None:
    query = select(CustomerIdentity.channel).where(CustomerIdentity.customer_id == customer_id).distinct()
    known = set(await db.scalars(query))
    if missing := [name for name in channels if name not in known]:
        raise BadLead("The profile has no such address.", **{f"with_{name}": "missing" for name in missing})


async def _allowed(
    db: AsyncSession, customer_id: UUID, channels: list[str], source: str, by: BrandAgent
) -> None:
    for channel in channels:
        if await allows(db, customer_id, PURPOSE, channel):
            continue
        if not source.strip():
            raise BadLead(MISSING, source="missing")
        try:
            await note_consent(
                db, customer_id, purpose=PURPOSE, channel=channel, given=True, source=source, by=by
            )
        except BadConsent as error:
            raise BadLead(error.message, source="long") from error
