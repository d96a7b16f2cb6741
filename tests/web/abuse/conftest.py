"""A whole house for walks over every route: something real behind each place of each path, and somebody who may go there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import BrandSignal
from portavoce.brands.signals import add_by_hand
from portavoce.calendars.models import Calendar
from portavoce.channels.email.models import InboundEvent, Mailbox
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.contracts.drafting import open_draft
from portavoce.contracts.models import ClauseDraft
from portavoce.contracts.tasks.asking import ask
from portavoce.contracts.tasks.models import ClientTask
from portavoce.conversations.aftercare import Mention
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.back_office.asking import ask_client
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.planning import plan
from portavoce.conversations.bulk.starting import begin
from portavoce.conversations.claiming import claim
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.leads.passing import pass_lead
from portavoce.conversations.models import Attachment, Disposition, Message
from portavoce.conversations.promising import promise
from portavoce.conversations.replying import reply
from portavoce.conversations.visits.shops import add_shop
from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.customers.defining import add_attribute
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.importing.beginning import bring_file
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.merging import merge
from portavoce.customers.models import Customer, CustomerApart, CustomerIdentity
from portavoce.customers.parting import keep_apart
from portavoce.customers.removing import remove_identity
from portavoce.identity.api_tokens import bearer_of, make_token
from portavoce.identity.granting import grant
from portavoce.identity.inviting import invite
from portavoce.identity.models import AccessGrant
from portavoce.identity.people import person
from portavoce.identity.sessions import open_session
from portavoce.identity.tokens import issue
from portavoce.knowledge.models import Snippet
from portavoce.knowledge.snippets import Draft, save
from portavoce.onboarding.people import add_person
from portavoce.reporting.feeding import feed
from portavoce.reporting.models import IntervalFeed
from portavoce.reporting.months import Month
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.open_service.switching import switch_on
from portavoce.reporting.team.exporting import begin_export
from portavoce.reporting.team.jobs import PartMaker
from portavoce.reporting.team.models import ReportPart
from portavoce.reporting.team.pieces import By
from portavoce.reporting.team.reading import Chosen
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.proposing import Wish as ReliefWish
from portavoce.sla.relief.proposing import propose
from portavoce.web.routes import Entry
from tests.molds import Mold
from tests.web.browsing import Browser, Site, link_in
from tests.world import DEPLOYMENT, HOUSE_NAME, Cast, World, letter

PNG = b"\x89PNG\r\n\x1a\n picture"
STREAMS = {"/desk/stream"}
"""Answers that do not end; tests/web/live opens them under a real server."""
SENT = "20260302T120000.000001-aa.eml"


@dataclass(frozen=True, slots=True)
class House:
    """Elena administers everything, Anna works at Aurora and Bosco, Carla (`reader`) reads and answers for Aurora, Vito is a
    visitor; the program has a token of Carla's.
    """

    site: Site
    world: World
    places: dict[str, str]
    reader: UUID
    elena: Browser
    anna: Browser
    carla: Browser
    vito: Browser
    program: Browser

    def url(self, entry: Entry) -> str:
        """The route with something real in each of its places. A KeyError asks to say here what a new place may hold."""
        if entry.path.startswith("/static"):
            return "/static/x/css/base.css"
        secret = {"invitation": "invitation ", "open": "service "}.get(entry.path.split("/")[1], "")
        parts = (
            self.places[f"{secret}{part[1:-1]}"] if part.startswith("{") else part
            for part in entry.path.split("/")
        )
        return "/".join(parts)

    def who(self, entry: Entry) -> Browser:
        """Somebody who may ask for it."""
        if entry.who == "everybody":
            return self.vito
        if entry.surface == "api":
            return self.program
        if entry.surface in ("desk", "portal"):
            return self.anna if entry.surface == "desk" else self.carla
        return self.elena


@pytest_asyncio.fixture
async def house(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[House]:
    keys = ThreadKeys("a", {"a": b"k" * 32})
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir, keys)
    carla = await add_person(
        the_site.database, the_site.app.state.house, name="Carla Neri", email=f"carla.{world.aurora.slug}@x.example",
        locale="it", client_id=world.client, role="client_viewer", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip
    async with world.database.begin(world.aurora.writing) as db:
        await grant(db, carla, "client_back_office", brand_id=world.aurora.id)
        await grant(db, carla, "client_approver", brand_id=world.aurora.id)
        await grant(db, carla, "client_lead_taker", brand_id=world.aurora.id)
        await grant(db, carla, "client_shop_clerk", brand_id=world.aurora.id)
    await _correspondence(world)
    await catch_up(world.database, world.aurora.id)
    await feed(world.database, world.storage, world.aurora.id)
    places = {**await _rows(world), **await _links(the_site, world), **_files(the_site)}
    async with AsyncExitStack() as open_browsers:
        browsers = {
            name: await open_browsers.enter_async_context(the_site.browser())
            for name in ("elena", "anna", "carla", "vito", "program")
        }
        for name, person_id in (("elena", world.elena), ("anna", world.anna.person_id), ("carla", carla)):
            await enter(the_site, browsers[name], person_id)
        browsers["program"].client.headers["Authorization"] = f"Bearer {await _token(world, carla)}"
        yield House(the_site, world, places, carla, **browsers)


async def _token(world: World, maker: UUID) -> str:
    """Used once, which is noted to the hour."""
    make = partial(make_token, name="Piano", days=30, person_id=maker)
    secret = await world.database.run(world.aurora.writing, make)
    await bearer_of(world.database, secret)
    return secret


async def enter(the_site: Site, browser: Browser, person_id: UUID) -> None:
    """Signed in without a password, with a page seen, so that its forms can be sent."""
    async with the_site.database.begin(HOUSE) as db:
        token = open_session(db, person_id, "192.0.2.1")
    browser.client.cookies.set("portavoce", token, domain="testserver.local")
    await browser.get("/preferences")


async def _correspondence(world: World) -> None:
    """A mail with a picture, an answer to it, and one that came back and waits in quarantine."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Gina <gina@customer.example>", world.aurora.address, "Aiuto"
    mail["Message-ID"] = "<first@customer.example>"
    mail.set_content("Non funziona.")
    mail.add_alternative("<p>Non <b>funziona</b>.</p>", subtype="html")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="foto.png")
    await world.receive(world.aurora, mail.as_bytes())
    [contact] = await world.contacts(world.aurora)
    await world.answer(world.aurora, contact.id)
    async with world.database.begin(world.aurora.writing) as db:
        await add_by_hand(db, "added", "domain", "aurora-negozio.it")
    await world.receive(world.aurora, letter(world.aurora.address, X_Portavoce_Deployment=DEPLOYMENT))
    await world.receive(world.aurora, letter(world.aurora.address, subject="Garanzia"))
    second = (await world.contacts(world.aurora))[-1].id
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: claim(db, second, by=by))
    await world.database.run(
        world.aurora.writing,
        lambda db: ask_client(db, HOUSE_NAME, second, "È in garanzia?", shared="Non funziona.", by=by),
    )
    third = await third_letter(world)
    await world.database.run(
        world.aurora.writing,
        lambda db: pass_lead(
            db, HOUSE_NAME, third, "Un modello più grande", with_phone=False, with_email=True, form_key=uuid4(),
            source="La sua mail", by=by,
        ),
    )  # fmt: skip
    await world.database.run(
        world.aurora.writing, lambda db: reply(db, third, "Arriva domani.", by=by, approval=True)
    )
    async with world.database.begin(world.aurora.writing) as db:
        await save(db, Draft(name="Saluto", shortcut="ciao", texts={"it": "Buongiorno"}))
        await open_draft(db)
        hour = now(db) - timedelta(hours=1)
        wish = ReliefWish(Cause.FORCE_MAJEURE, hour, now(db), "Allagamento.")
        await propose(db, HOUSE_NAME, wish, by=world.elena)
        await ask(db, "data", "Il listino", now(db) + timedelta(days=3), by=None)
        await bring_file(db, world.storage, b"Mail\nnuova@customer.example", "clienti.csv")


async def third_letter(world: World) -> UUID:
    """In Anna's hands."""
    by = world.anna.at(world.aurora)
    mail = letter(world.aurora.address, subject="Consegna", sender="Ugo <ugo@customer.example>")
    await world.receive(world.aurora, mail)
    third = (await world.contacts(world.aurora))[-1].id
    await world.database.run(world.aurora.writing, lambda db: claim(db, third, by=by))
    return third


async def _rows(world: World) -> dict[str, str]:
    async with world.database.begin(world.aurora.reading) as db:
        message = (await db.scalars(select(Message).where(Message.html.is_not(None)))).one()
        attachment = await db.scalar(select(Attachment.id))
        mailbox, row = await db.scalar(select(Mailbox.id)), await db.scalar(select(Outbox.id))
        signal = await db.scalar(select(BrandSignal.id).where(BrandSignal.origin == "added"))
        snippet = await db.scalar(select(Snippet.id))
        brought = await db.scalar(select(CustomerImport.id))
        question = await db.scalar(select(ClientRequest.id))
        approval = await db.scalar(select(ReplyApproval.id))
        lead = await db.scalar(select(Lead.id))
        relief = await db.scalar(select(ReliefEvent.id))
        owed = (await db.scalars(select(ClientTask))).one()
        clause = await db.scalar(select(ClauseDraft.id))
        choice = await db.scalar(select(Disposition.id).where(Disposition.code == "solved"))
        mail = await db.scalar(select(InboundEvent.id).where(InboundEvent.state == "quarantined"))
        customer = await db.scalar(select(Customer.id))
        calendar = await db.scalar(select(Calendar.id))
        feed_id = await db.scalar(select(IntervalFeed.id))
    async with world.database.begin(world.aurora.writing) as db:
        mention = Mention(
            id=new_id(db),
            interaction_id=message.interaction_id,
            message_id=message.id,
            brand_agent_id=world.anna.at(world.aurora).id,
            at=message.at,
        )
        db.add(mention)
    promised = await world.database.run(
        world.aurora.writing,
        lambda db: promise(
            db,
            message.interaction_id,
            "promise",
            "Un ricambio",
            now(db) + timedelta(days=1),
            by=world.anna.at(world.aurora),
        ),
    )
    level = await world.database.run(
        world.aurora.writing,
        lambda db: add_attribute(db, key="level", label="Livello", kind="text", by="admin"),
    )
    merged = await world.database.run(world.aurora.writing, lambda db: _merged(world, db, customer))
    by, contact = world.anna.at(world.aurora), message.interaction_id
    aurora = Chosen(world.aurora.id, world.aurora.slug, "Aurora", "Europe/Rome")
    months = Month(2026, 3), Month(2026, 3)
    export = await begin_export(world.database, world.elena, [aurora], By.TEAM, months)
    async with world.database.begin(world.aurora.reading) as db:
        part = (await db.scalars(select(ReportPart.id))).one()
    await PartMaker(world.storage).deliver(world.database, Job(world.aurora.id, part))
    async with world.database.begin(world.aurora.writing) as db:
        lob_id = world.aurora.lob_id
        shop = (await add_shop(db, name="Negozio", place="Milano", lob_id=lob_id, by="admin")).id
    acted = await world.database.run(world.aurora.writing, lambda db: _acted(db, contact, by))
    removed, apart = await world.database.run(
        world.aurora.writing, lambda db: _separated(world, db, customer)
    )
    async with world.database.begin(HOUSE) as db:
        anna = AccessGrant.person_id == world.anna.person_id
        role = await db.scalar(select(AccessGrant.id).where(anna, AccessGrant.brand_id == world.aurora.id))
    return {
        "brand": world.aurora.slug,
        "interaction_id": str(message.interaction_id),
        "interaction": str(message.interaction_id),
        "message_id": str(message.id),
        "attachment_id": str(attachment),
        "mail": str(mail),
        "signal": str(signal),
        "mailbox": str(mailbox),
        "snippet_id": str(snippet),
        "import_id": str(brought),
        "export_id": str(export),
        "suffix": "csv",
        "choice_id": str(choice),
        "clause_id": str(clause),
        "kind": "reply",
        "row": str(row),
        "customer_id": str(customer),
        "promise_id": str(promised.id),
        "mention_id": str(mention.id),
        "merge_id": str(merged),
        "action_id": str(acted),
        "removal_id": str(removed),
        "separation_id": str(apart),
        "attribute_id": str(level),
        "request_id": str(question),
        "approval_id": str(approval),
        "lead_id": str(lead),
        "relief_id": str(relief),
        "task_id": str(owed.id),
        "shop_id": str(shop),
        "calendar_id": str(calendar),
        "clerk_id": str(by.id),
        "person_id": str(world.anna.person_id),
        "role_id": str(role),
        "month": "2026-03",
        "figure": "received",
        "acts": "near-misses",
        "ends": "asked",
        "day": "2026-03-02",
        "feed_id": str(feed_id),
        "token_id": str(world.aurora.id),
        "schedule_id": str(world.aurora.id),
        "layout_id": str(world.aurora.id),
        "regime": "AGCOM_255_24",
        "term": "2026-H1",
    }


async def _merged(world: World, db: AsyncSession, customer: UUID | None) -> UUID:
    """Somebody who was merged into the customer."""
    assert customer is not None
    twin = await find_or_create(db, "email", "twin@customer.example", "Gina", "it")
    return await merge(db, customer, twin.id, by=world.anna.at(world.aurora))


async def _separated(world: World, db: AsyncSession, customer: UUID | None) -> tuple[UUID, UUID]:
    """A number that was taken from the customer, and somebody who is not the customer."""
    assert customer is not None
    by = world.anna.at(world.aurora)
    await add_identity(db, customer, "phone", "+393385550142", by=by)
    number = await db.scalar(select(CustomerIdentity.id).where(CustomerIdentity.channel == "phone"))
    assert number is not None
    removal = await remove_identity(db, customer, number, "Non è suo", by=by)
    another = await find_or_create(db, "email", "another@customer.example", "Ida", "it")
    await keep_apart(db, customer, another.id, by=by)
    apart = await db.scalar(select(CustomerApart.id))
    assert apart is not None
    return removal.id, apart


async def _links(the_site: Site, world: World) -> dict[str, str]:
    database = the_site.database
    async with database.begin(HOUSE) as db:
        email = (await person(db, world.anna.person_id)).email
        await invite(db, the_site.app.state.house, world.anna.person_id, by=world.elena)
        reset = await issue(db, world.anna.person_id, "reset")
    invitation = link_in((await the_site.mails_to(email))[-1]).rpartition("/")[2]
    shown = await world.database.run(world.aurora.writing, switch_on)
    return {"token": reset, "invitation token": invitation, "service token": shown.token}


def _files(the_site: Site) -> dict[str, str]:
    the_site.settings.sent_dir.mkdir()
    (the_site.settings.sent_dir / SENT).write_bytes(b"From: a@b.example\r\n\r\nx\r\n")
    return {"name": SENT}


async def _acted(db: AsyncSession, contact: UUID, by: BrandAgent) -> UUID:
    """An act on several contacts that left all of them out."""
    made = await plan(db, [contact], by=by, supervising=False)
    return (await begin(db, new_id(db), made, Wish("take"), by=by, supervising=False)).id
