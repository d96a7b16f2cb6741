"""Write a visit down: a contact of the shop's line that opens and closes at the moment it happened, in one transaction.

It is counted like any other, has a number, a reason, an outcome and a case, and no clock: nobody waits for an answer. What
goes on by mail is a second contact of the same thread and case, which waits from the visit on.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import Brand
from portavoce.contracts.errors import NothingInForce
from portavoce.conversations.cases import begin_case
from portavoce.conversations.choices import Choice
from portavoce.conversations.closing import outcome_of
from portavoce.conversations.events import InteractionClosed, InteractionOpened
from portavoce.conversations.indexing import enter_message
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Closure, Conversation, Interaction, Message, WorkItem
from portavoce.conversations.opening import Asked
from portavoce.conversations.promising import promise
from portavoce.conversations.queries import queue_and_version
from portavoce.conversations.reasons import settle_reason
from portavoce.conversations.visits.continuing import go_on_by_mail
from portavoce.conversations.visits.errors import BadVisit, NoShop
from portavoce.conversations.visits.models import Shop, ShopClerk, Visit
from portavoce.conversations.visits.telling import CHECK, KNOWN, Told, check, moment_of
from portavoce.conversations.visits.visitors import address_of, visitor_of
from portavoce.conversations.ways import VISIT
from portavoce.core.unit import emit, new_id, now, poke, written_brand
from portavoce.customers.consenting import note_consent
from portavoce.customers.models import Customer
from portavoce.ledger.facts import record

SOURCE = {"it": "Negozio: {shop}", "en": "Shop: {shop}"}
AGREED = {
    "it": "Il cliente, al banco: «{brand} può contattarmi per offerte e novità».",
    "en": "The customer, at the counter: “{brand} may contact me about offers and news”.",
}
"""What is read to the customer, and stands in the profile as the proof."""


async def record_visit(db: AsyncSession, told: Told, *, by: BrandAgent) -> Visit:
    """By a clerk of the shop. The same form sent again is the same visit, whatever it says by then.

    NoShop, BadVisit by field, and what outcome, reason and promise refuse; nothing has changed then.
    """
    shop = await _shop_of(db, told.shop_id, by)
    known = select(Visit).where(Visit.brand_agent_id == by.id, Visit.form_key == told.form_key)
    if before := (await db.scalars(known)).one_or_none():
        return before
    if shop is None:
        raise NoShop("This shop does not exist.")
    check(told)
    received_at = now(db)
    at = moment_of(told, received_at)
    rules = await line_rules(db, shop.lob_id)
    disposition = outcome_of(rules, told.outcome)
    brand = await db.get_one(Brand, written_brand(db))
    customer = await visitor_of(db, told, brand.language, by=by)
    thread, interaction = await _open(db, shop, customer, at, by)
    settle_reason(db, interaction, rules, told.reason, by=by)
    message = await _note(db, thread, interaction, told, by)
    await _promise(db, interaction, told, by)
    await _close(db, interaction, disposition, at, by)
    visit = Visit(
        brand_id=brand.id,
        id=new_id(db),
        interaction_id=interaction.id,
        shop_id=shop.id,
        brand_agent_id=by.id,
        message_id=message.id,
        form_key=told.form_key,
        occurred_at=at,
        received_at=received_at,
    )
    if told.by_mail or (told.visitor == KNOWN and told.email.strip()):
        address = await address_of(db, told, customer, by=by)
    if told.by_mail:
        await go_on_by_mail(db, visit, interaction, thread, address, Asked(at, str(by.id)))
    db.add(visit)
    if told.consent:
        await _consent(db, customer, brand, shop, by)
    poke(db, "interaction", brand.id, interaction.id)
    return visit


async def _shop_of(db: AsyncSession, shop_id: UUID, by: BrandAgent) -> Shop | None:
    """Behind the lock of the clerk's shops, where two tries of one form meet. None for any but the clerk's own."""
    query = (
        select(ShopClerk.shop_id)
        .where(ShopClerk.brand_agent_id == by.id, ShopClerk.ended_at.is_(None))
        .order_by(ShopClerk.id)
        .with_for_update()
    )
    if shop_id not in set(await db.scalars(query)):
        return None
    standing = select(Shop).where(Shop.id == shop_id, Shop.retired_at.is_(None)).with_for_update(read=True)
    return (await db.scalars(standing)).one_or_none()


async def _open(
    db: AsyncSession, shop: Shop, customer: Customer, at: datetime, by: BrandAgent
) -> tuple[Conversation, Interaction]:
    """In the clerk's hands, for the moment of this transaction."""
    try:
        queue_id, version_id = await queue_and_version(db, shop.lob_id, at)
    except NothingInForce as error:
        raise BadVisit(CHECK, occurred="Nothing was agreed with this brand at that moment yet.") from error
    brand_id = written_brand(db)
    thread = Conversation(
        brand_id=brand_id,
        id=new_id(db),
        customer_id=customer.id,
        lob_id=shop.lob_id,
        subject=f"{shop.name}, {shop.place}",
        opened_at=at,
        last_at=at,
    )
    case = begin_case(db, customer.id, thread.subject)
    interaction = Interaction(
        brand_id=brand_id,
        id=new_id(db),
        conversation_id=thread.id,
        lob_id=shop.lob_id,
        channel=VISIT,
        state="assigned",
        contract_version_id=version_id,
        opened_at=at,
        brand_agent_id=by.id,
        care_case_id=case.id,
    )
    work = WorkItem(
        brand_id=brand_id,
        interaction_id=interaction.id,
        lob_id=shop.lob_id,
        queue_id=queue_id,
        channel=VISIT,
        queued_at=at,
        state="done",
    )
    await emit(db, InteractionOpened(interaction, work))
    db.add_all([thread, case, interaction, work])
    _tell_opened(db, interaction, shop, by)
    await db.flush()
    return thread, interaction


def _tell_opened(db: AsyncSession, interaction: Interaction, shop: Shop, by: BrandAgent) -> None:
    record(
        db,
        "interaction.opened",
        actor=str(by.id),
        at=interaction.opened_at,
        lob_id=shop.lob_id,
        care_case_id=interaction.care_case_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        to_state="assigned",
        draws_ticket=True,
        channel=VISIT,
        follows=None,
        conversation=interaction.conversation_id,
        shop=shop.id,
    )


async def _note(
    db: AsyncSession, thread: Conversation, interaction: Interaction, told: Told, by: BrandAgent
) -> Message:
    """What it was about: a note to colleagues, never to the customer, and found like any other."""
    message = Message(
        brand_id=thread.brand_id,
        id=new_id(db),
        interaction_id=interaction.id,
        conversation_id=thread.id,
        direction="note",
        channel=VISIT,
        state="noted",
        author=by.alias,
        brand_agent_id=by.id,
        subject=thread.subject,
        body=told.note.strip(),
        quoted="",
        at=interaction.opened_at,
    )
    db.add(message)
    enter_message(db, message)
    record(
        db,
        "note.added",
        actor=str(by.id),
        at=message.at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        message=message.id,
    )
    return message


async def _promise(db: AsyncSession, interaction: Interaction, told: Told, by: BrandAgent) -> None:
    if told.promised and told.due_at is None:
        raise BadVisit(CHECK, due="Choose a moment, or write the day and the time.")
    if told.promised and told.due_at is not None:
        await promise(db, interaction.id, told.promised, told.promise or told.note[:300], told.due_at, by=by)


async def _close(
    db: AsyncSession, interaction: Interaction, disposition: Choice, at: datetime, by: BrandAgent
) -> None:
    interaction.state, interaction.closed_at = "closed", at
    db.add(
        Closure(
            brand_id=interaction.brand_id,
            id=new_id(db),
            interaction_id=interaction.id,
            disposition_id=disposition.id,
            brand_agent_id=by.id,
            note="",
            at=at,
        )
    )
    record(
        db,
        "interaction.closed",
        actor=str(by.id),
        at=at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state="assigned",
        to_state="closed",
        disposition=disposition.code,
    )
    await emit(db, InteractionClosed(interaction.id, at))


async def _consent(db: AsyncSession, customer: Customer, brand: Brand, shop: Shop, by: BrandAgent) -> None:
    language = brand.language if brand.language in AGREED else "en"
    await note_consent(
        db,
        customer.id,
        purpose="marketing",
        channel="any",
        given=True,
        source=SOURCE[language].format(shop=f"{shop.name}, {shop.place}"),
        proof=AGREED[language].format(brand=brand.name),
        by=by,
    )
