"""Two brands with something in every table, each row carrying the word that must not be seen elsewhere."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.brands.models import Brand
from portavoce.brands.signals import add_by_hand
from portavoce.contracts.drafting import open_draft
from portavoce.contracts.tasks.asking import ask
from portavoce.conversations import claiming, delivery, replying
from portavoce.conversations.aftercare import Mention
from portavoce.conversations.back_office.asking import ask_client
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.planning import plan
from portavoce.conversations.bulk.starting import begin
from portavoce.conversations.leads.passing import pass_lead
from portavoce.conversations.models import Disposition, Message
from portavoce.conversations.moving import move_to_channel
from portavoce.conversations.promising import promise
from portavoce.conversations.recognising.coding import send_code
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.splitting import split_contact
from portavoce.conversations.visits.looking_up import look_up
from portavoce.conversations.visits.queries import clerks_of_brand
from portavoce.conversations.visits.recording import record_visit
from portavoce.conversations.visits.shops import add_shop, give_clerk
from portavoce.conversations.visits.telling import Told
from portavoce.core.models import Outbox
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.customers.consenting import note_consent
from portavoce.customers.defining import add_attribute
from portavoce.customers.editing import edit
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.importing.beginning import bring_file
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.merging import merge
from portavoce.customers.models import (
    CustomerIdentity,
)
from portavoce.customers.parting import keep_apart
from portavoce.customers.removing import remove_identity
from portavoce.identity import people
from portavoce.identity.api_tokens import make_token
from portavoce.identity.granting import grant
from portavoce.knowledge.snippets import Draft, save
from portavoce.onboarding.people import add_person
from portavoce.reporting.feeding import feed
from portavoce.reporting.layouts import SECTIONS, make_layout
from portavoce.reporting.mailing.commentary import write_commentary
from portavoce.reporting.mailing.periods import read_period
from portavoce.reporting.mailing.schedules import Wish as ReportWish
from portavoce.reporting.mailing.schedules import make_schedule
from portavoce.reporting.observing.following import catch_up
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.proposing import Wish as Excuse
from portavoce.sla.relief.proposing import propose
from tests.world import HOUSE_NAME, World, WorldBrand, letter

GINA = "gina@customer.example"
"""The same person writes to both brands."""


def canary_of(brand: WorldBrand) -> str:
    """Unlike anything else, and kept by every encoding of a mail."""
    return f"kanarie{brand.slug.replace('-', '')}kanarie"


async def fill(world: World, brand: WorldBrand) -> None:
    """Answered, closed, failed, waiting and quarantined contacts, with a note, HTML and files."""
    canary = canary_of(brand)
    async with world.database.begin(brand.writing) as db:
        db.add(
            Disposition(id=new_id(db), lob_id=brand.lob_id, code="odd", label=f"Esito {canary}", position=9)
        )
        reason = Disposition(
            id=new_id(db),
            lob_id=brand.lob_id,
            kind="reason",
            code="odd_reason",
            label=f"M {canary}",
            position=1,
        )
        db.add(reason)
        await open_draft(db)
        for kind in ("forecast", "access"):
            await ask(db, kind, f"Serve {canary}", now(db) + timedelta(days=3), by=None)
        await add_by_hand(db, "added", "domain", f"{canary}.it")
        await save(db, Draft(name=f"Saluto {canary}", shortcut="saluto", texts={"it": f"Ciao {canary}"}))
    await world.receive(brand, rich_letter(brand))
    first = (await world.contacts(brand))[-1].id
    await world.answer(brand, first, f"Ecco {canary}")
    by = world.anna.at(brand)
    noted = await world.database.run(
        brand.writing, lambda db: replying.note(db, first, f"Nota {canary}", by=by)
    )
    async with world.database.begin(brand.writing) as db:
        db.add(
            Mention(
                id=new_id(db), interaction_id=first, message_id=noted.id, brand_agent_id=by.id, at=noted.at
            )
        )
    await world.database.run(brand.writing, lambda db: fill_profile(db, canary, by))
    await world.receive(brand, letter(brand.address, f"Ugo {canary}", sender="Ugo <ugo@customer.example>"))
    second = (await world.contacts(brand))[-1].id
    answer = await world.answer(brand, second)
    async with world.database.begin(brand.writing) as db:
        await delivery.mark_failed(db, await db.get_one(Message, (brand.id, answer.id)), f"550 {canary}")
    await world.close_contact(brand, second)
    await world.receive(brand, letter(brand.address, f"Leo {canary}", sender="Leo <leo@customer.example>"))
    in_a_day = world.database.clock.now() + timedelta(days=1)
    await world.database.run(
        brand.writing, lambda db: promise(db, first, "promise", f"Promesso {canary}", in_a_day, by=by)
    )
    third = (await world.contacts(brand))[-1].id
    await world.database.run(brand.writing, lambda db: claiming.claim(db, third, by=by))
    await world.database.run(brand.writing, lambda db: asked_who(db, third, by))
    await world.receive(brand, letter(brand.address, f"Eva {canary}", sender="Eva <eva@customer.example>"))
    waiting = await world.answer(brand, (await world.contacts(brand))[-1].id)
    async with world.database.begin(brand.writing) as db:
        for row in await db.scalars(select(Outbox).where(Outbox.ref_id.in_([answer.id, waiting.id]))):
            row.state = "dead"
    await world.receive(brand, letter(brand.address, f"Ida {canary}", sender="Ida <ida@customer.example>"))
    await world.receive(brand, letter(brand.address, subject=canary).replace(f"<{GINA}>".encode(), b"?"))
    await handed_over(world, brand)
    await to_approve(world, brand)
    await to_excuse(world, brand)
    await twice(world, brand)
    await two_matters(world, brand)
    await by_phone(world, brand)
    await files_brought(world, brand)
    await at_counter(world, brand)
    await catch_up(world.database, brand.id)
    await feed(world.database, world.storage, brand.id)


async def handed_over(world: World, brand: WorldBrand) -> None:
    """Rita's contact in hand, and Sara's, about which the client is asked."""
    canary, by = canary_of(brand), world.anna.at(brand)
    async with world.database.begin(brand.writing) as db:
        client_id = await db.scalar(select(Brand.client_id).where(Brand.id == brand.id))
        olga = await people.add_person(
            db, name="Olga", email=f"{uuid4().hex}@client.example", locale="it", client_id=client_id, by=None
        )
        await grant(db, olga.id, "client_back_office", brand_id=brand.id)
        await grant(db, olga.id, "client_lead_taker", brand_id=brand.id)
    for name in ("Rita", "Sara"):
        mail = letter(brand.address, f"{name} {canary}", sender=f"{name} <{name}@customer.example>")
        await world.receive(brand, mail)
        contact = (await world.contacts(brand))[-1].id
        await world.database.run(brand.writing, partial(claiming.claim, interaction_id=contact, by=by))
    await world.database.run(brand.writing, lambda db: acted(db, contact, f"Nota {canary}", by))
    offer = partial(
        pass_lead, house=HOUSE_NAME, wording=f"Interesse {canary}", with_phone=False, with_email=True,
        form_key=uuid4(), source=f"Mail {canary}",
    )  # fmt: skip
    await world.database.run(brand.writing, partial(offer, interaction_id=contact, by=by))
    ask = partial(ask_client, house=HOUSE_NAME, question=f"Domanda {canary}", shared=f"Detto {canary}")
    await world.database.run(brand.writing, partial(ask, interaction_id=contact, by=by))


async def to_approve(world: World, brand: WorldBrand) -> None:
    """Tina's and Zoe's answers wait for the client, and their contacts for Tina and Zoe."""
    canary, by = canary_of(brand), world.anna.at(brand)
    async with world.database.begin(brand.writing) as db:
        client_id = await db.scalar(select(Brand.client_id).where(Brand.id == brand.id))
        rosa = await people.add_person(
            db, name="Rosa", email=f"{uuid4().hex}@client.example", locale="it", client_id=client_id, by=None
        )
        await grant(db, rosa.id, "client_approver", brand_id=brand.id)
        await make_token(db, f"Programma {canary}", 30, person_id=rosa.id)
        wish = ReportWish("daily", 480, ["pdf"], "it", [rosa.id])
        await make_schedule(db, wish, person_id=rosa.id)
        await make_layout(db, f"Vista {canary}", SECTIONS, [], person_id=rosa.id)
        march = read_period("2026-03")
        assert march is not None
        await write_commentary(db, march, f"Commento {canary}", person_id=world.elena)
    for name in ("Tina", "Zoe"):
        mail = letter(brand.address, f"{name} {canary}", sender=f"{name} <{name}@customer.example>")
        await world.receive(brand, mail)
        contact = (await world.contacts(brand))[-1].id
        await world.database.run(brand.writing, partial(claiming.claim, interaction_id=contact, by=by))
        write = partial(replying.reply, text=f"Risposta {canary}", by=by, approval=True)
        await world.database.run(brand.writing, partial(write, interaction_id=contact))
        until = world.database.clock.now() + timedelta(days=1)
        wait = partial(set_aside, interaction_id=contact, kind="pending", until=until, by=by)
        await world.database.run(brand.writing, wait)


async def to_excuse(world: World, brand: WorldBrand) -> None:
    """Three events about which Rosa has not decided."""
    async with world.database.begin(brand.writing) as db:
        hour = now(db) - timedelta(hours=1)
        for _ in range(3):
            event = Excuse(Cause.FORCE_MAJEURE, hour, now(db), f"Pioggia {canary_of(brand)}")
            await propose(db, HOUSE_NAME, event, by=world.elena)


async def twice(world: World, brand: WorldBrand) -> None:
    """Nora and Pia wrote twice; Pia's two contacts are one by now."""
    canary, by = canary_of(brand), world.anna.at(brand)
    async with world.database.begin(HOUSE) as db:
        (await db.get_one(AgentSlot, by.agent_id)).cap = 20
    for name in ("Nora", "Pia"):
        contacts = []
        for text in ("Una", "Due"):
            mail = letter(brand.address, f"{text} {canary}", sender=f"{name} <{name}@customer.example>")
            await world.receive(brand, mail)
            contacts.append((await world.contacts(brand))[-1].id)
        await world.database.run(brand.writing, partial(claiming.claim, interaction_id=contacts[0], by=by))
    merged = partial(merge_contacts, held_id=contacts[0], other_id=contacts[1], by=by)
    await world.database.run(brand.writing, merged)


async def two_matters(world: World, brand: WorldBrand) -> None:
    """Mara and Lia write about two matters in one thread each; Lia's are two contacts by now."""
    canary, by = canary_of(brand), world.anna.at(brand)
    for name in ("Mara", "Lia"):
        sender, first = f"{name} <{name}@customer.example>", f"<{name}.{canary}@customer.example>"
        await world.receive(brand, letter(brand.address, f"Una {canary}", sender=sender, message_id=first))
        contact = (await world.contacts(brand))[-1].id
        await world.receive(brand, letter(brand.address, f"Due {canary}", sender=sender, In_Reply_To=first))
        said = [each.id for each in await world.messages(brand) if each.interaction_id == contact]
        await world.database.run(brand.writing, partial(claiming.claim, interaction_id=contact, by=by))
    split = partial(
        split_contact, interaction_id=contact, messages=said[-1:], subject=f"Altro {canary}", by=by
    )
    await world.database.run(brand.writing, split)


async def by_phone(world: World, brand: WorldBrand) -> None:
    """Vera's contact goes on by phone."""
    canary, by = canary_of(brand), world.anna.at(brand)
    mail = letter(brand.address, f"Vera {canary}", sender="Vera <vera@customer.example>")
    await world.receive(brand, mail)
    contact = (await world.contacts(brand))[-1].id
    await world.database.run(brand.writing, partial(claiming.claim, interaction_id=contact, by=by))
    async with world.database.begin(brand.writing) as db:
        vera = select(CustomerIdentity.customer_id).where(CustomerIdentity.value == "vera@customer.example")
        await add_identity(db, (await db.scalars(vera)).one(), "phone", "+393385550113", by=by)
    move = partial(move_to_channel, interaction_id=contact, channel="phone", by=by)
    await world.database.run(brand.writing, move)


async def acted(db: AsyncSession, contact: UUID, note: str, by: BrandAgent) -> None:
    """An act on several contacts, which leaves this one where it is."""
    made = await plan(db, [contact], by=by, supervising=False)
    wish = Wish("close", outcome="solved", note=note)
    await begin(db, new_id(db), made, wish, by=by, supervising=False)


async def files_brought(world: World, brand: WorldBrand) -> None:
    """Files of customers: two whose columns are to be chosen, and one that was looked through."""
    canary = canary_of(brand)
    for name in ("first", "second", "ready"):
        content = f"Mail\n{name}@{canary}.example".encode()
        bring = partial(bring_file, storage=world.storage, content=content, name=f"{name} {canary}.csv")
        import_id = await world.database.run(brand.writing, bring)
    async with world.database.begin(brand.writing) as db:
        ready = await db.get_one(CustomerImport, (brand.id, import_id))
        ready.state, ready.added = "checked", 1


async def at_counter(world: World, brand: WorldBrand) -> None:
    """A shop with a clerk, who has written down Vera's visit and looked Gina up for the next."""
    canary = canary_of(brand)
    if not await _clerks(world, brand):
        async with world.database.begin(brand.reading) as db:
            client_id = await db.scalar(select(Brand.client_id).where(Brand.id == brand.id))
        await add_person(
            world.database, HOUSE_NAME, name="Pino Banco", email=f"{uuid4().hex}@client.example", locale="it",
            client_id=client_id, role="client_shop_clerk", brands=[brand.id], by=world.elena,
        )  # fmt: skip
    clerk, *_ = await _clerks(world, brand)
    async with world.database.begin(brand.writing) as db:
        shop = await add_shop(db, name=f"Negozio {canary}", place="Milano", lob_id=brand.lob_id, by="admin")
        await db.flush()
        await give_clerk(db, shop.id, clerk, by="admin")
    told = Told(
        shop_id=shop.id, form_key=uuid4(), visitor="new", name=f"Vera {canary}", email=f"vera@{canary}.example",
        note=f"Visita {canary}", outcome="solved",
    )  # fmt: skip
    async with world.database.begin(brand.writing) as db:
        by = await db.get_one(BrandAgent, (brand.id, clerk))
        await record_visit(db, told, by=by)
        await look_up(db, GINA, by=by)


async def _clerks(world: World, brand: WorldBrand) -> list[UUID]:
    async with world.database.begin(brand.reading) as db:
        return [each.id for each in await clerks_of_brand(db, brand.id)]


async def asked_who(db: AsyncSession, contact: UUID, by: BrandAgent) -> None:
    """A code was sent to somebody the brand knows, from this contact."""
    known = select(CustomerIdentity).where(CustomerIdentity.value.startswith("other@"))
    other = (await db.scalars(known)).one()
    await send_code(db, contact, other.customer_id, other.id, by=by)


async def fill_profile(db: AsyncSession, canary: str, by: BrandAgent) -> None:
    """Gina's, with the canary wherever a profile can carry it; a hidden value too."""
    customer = await db.scalar(select(CustomerIdentity.customer_id).where(CustomerIdentity.value == GINA))
    assert customer is not None
    hidden = await add_attribute(
        db, key="hidden", label=f"Segreto {canary}", kind="text", masked=True, by="admin"
    )
    shown = await add_attribute(db, key="shown", label=f"Livello {canary}", kind="text", by="admin")
    values = {
        f"a_{hidden.hex}": f"Valore {canary}",
        f"a_{shown.hex}": f"Oro {canary}",
        "note": f"Nota {canary}",
    }
    await edit(db, customer, values, version=1, by=by)
    twin = await find_or_create(db, "email", f"twin@{canary}.example", f"Gemella {canary}", "it")
    other = await find_or_create(db, "email", f"other@{canary}.example", f"Altra {canary}", "it")
    await add_identity(db, other.id, "phone", "+393385550111", by=by)
    await add_identity(db, other.id, "phone", "+393385550112", by=by)
    gone = select(CustomerIdentity.id).where(CustomerIdentity.value == "+393385550112")
    await remove_identity(db, other.id, (await db.scalars(gone)).one(), f"Di {canary}", by=by)
    apart = await find_or_create(db, "email", f"apart@{canary}.example", f"Terza {canary}", "it")
    await keep_apart(db, other.id, apart.id, by=by)
    await merge(db, customer, twin.id, by=by)
    await note_consent(
        db, customer, purpose="surveys", channel="any", given=True, source=f"Modulo {canary}", by=by
    )


def rich_letter(brand: WorldBrand) -> bytes:
    """From Gina, with the canary wherever a mail can carry it."""
    canary = canary_of(brand)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"Gina {canary} <{GINA}>", brand.address
    mail["Subject"] = f"Aiuto {canary}"
    mail["Message-ID"] = f"<{uuid4().hex}@customer.example>"
    mail.set_content(f"Testo {canary}")
    mail.add_alternative(f"<p>Corpo <b>{canary}</b></p>", subtype="html")
    mail.add_attachment(canary.encode(), maintype="application", subtype="pdf", filename=f"{canary}.pdf")
    return mail.as_bytes()
