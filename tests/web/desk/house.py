"""A small provider for tests of the desk: brands, people with sessions, contacts, all made by the real verbs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from litestar import Litestar, Router
from sqlalchemy import select

from portavoce.agents.aliases import alias_for
from portavoce.agents.choosing import choose_state
from portavoce.agents.models import Site
from portavoce.agents.timeline import add_agent
from portavoce.app import what_handlers_share
from portavoce.brands.adding import BrandLook
from portavoce.brands.models import LineOfBusiness
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.channels.email.models import Mail
from portavoce.conversations.models import Attachment, Conversation
from portavoce.conversations.receiving import Inbound, receive
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.paths import frontend_dir
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.secrets import secret
from portavoce.core.storage import Storage, file_row
from portavoce.core.unit import new_id, now
from portavoce.customers.finding import find_or_create
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.identity.sessions import hashed, open_session
from portavoce.kit.ids import uuid7
from portavoce.onboarding.brands import add_brand, add_paying_client
from portavoce.web.brand_css import show_brand_css
from portavoce.web.csrf import require_csrf
from portavoce.web.desk import desk_router
from portavoce.web.errors import error_handlers
from portavoce.web.security import csrf_token, security_headers
from portavoce.web.static import static_handler
from tests.web.browsing import QUICK

LOOKS = {
    "Aurora": ("circle", "A", "#B5471B"),
    "Bosco": ("square", "B", "#0E7C57"),
    "NordCaffè": ("circle", "N", "#B5471B"),
    "LumiEnergia": ("square", "L", "#0E7C57"),
    "Velia": ("leaf", "V", "#A21C6A"),
    "AlpiLinea": ("hex", "A", "#1D62C9"),
}
_numbers = itertools.count(1)
_spare: list[Litestar] = []


@dataclass(frozen=True, slots=True)
class DeskBrand:
    id: UUID
    slug: str
    name: str
    lob_id: UUID
    mailbox_id: UUID
    address: str

    @property
    def writing(self) -> Scope:
        return Scope.writing(self.id)


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent with a session; `cookie` is its secret."""

    person_id: UUID
    agent_id: UUID
    alias: str
    cookie: str
    aliases: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def session_id(self) -> str:
        return hashed(self.cookie)


async def make_admin(database: Database) -> UUID:
    async with database.begin(HOUSE) as db:
        person = Person(
            id=new_id(db), email=f"elena{new_id(db).hex}@voxa.example", name="Elena", created_at=now(db)
        )
        db.add(person)
        await db.flush()
        return person.id


async def make_brand(database: Database, by: UUID, name: str = "Aurora") -> DeskBrand:
    shape, monogram, accent = LOOKS[name]
    client_id = await add_paying_client(database, name=name, legal_name=f"{name} S.p.A.", by=by)
    slug = f"{name.lower().replace('è', 'e')}-{uuid7(database.clock).hex[-8:]}"
    look = BrandLook(
        slug=slug, name=name, accent=accent, shape=shape, monogram=monogram, voice="dai del tu, caldo",
        language="it", zone="Europe/Rome",
    )  # fmt: skip
    brand_id = await add_brand(database, client_id=client_id, look=look, by=by)
    async with database.begin(Scope.writing(brand_id)) as db:
        lob_id = (await db.scalars(select(LineOfBusiness.id))).one()
        mailbox = await add_mailbox(db, f"care@{slug}.example", lob_id, name, f"{name}, servizio clienti")
        await db.flush()
        return DeskBrand(brand_id, slug, name, lob_id, mailbox.id, mailbox.address)


async def make_worker(
    database: Database, brands: list[DeskBrand], name: str = "Anna", *, state: str = "ready", cap: int = 10
) -> Worker:
    """A person of the provider who speaks for these brands, signed in."""
    async with database.begin(HOUSE) as db:
        person = Person(id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name=name, created_at=now(db))
        site = Site(id=new_id(db), name="Torino", country="IT", zone="Europe/Rome")
        db.add_all([person, site])
        await db.flush()
        agent = add_agent(db, person.id, site.id, name, cap=cap)
        await db.flush()
        cookie = open_session(db, person.id, "127.0.0.1")
        worker = Worker(person.id, agent.agent_id, name, cookie)
    async with database.begin(HOUSE) as db:
        await choose_state(db, worker.agent_id, state)
    for brand in brands:
        async with database.begin(brand.writing) as db:
            await grant(db, worker.person_id, "agent", brand_id=brand.id)
            known_as = await alias_for(db, worker.agent_id, name)
            await db.flush()
            worker.aliases[brand.id] = known_as.id
    return worker


async def arrive(
    database: Database,
    brand: DeskBrand,
    body: str = "Dov'è il mio pacco?",
    *,
    customer: str = "Gina Rota",
    subject: str = "Pacco",
    html: str | None = None,
    quoted: str = "",
    language: str = "it",
    automatic: bool = False,
    thread: UUID | None = None,
    files: Sequence[tuple[str, str, bytes, str | None]] = (),
    storage: Storage | None = None,
) -> tuple[UUID, UUID]:
    """A mail of a customer came in: gives the interaction and the message."""  # fmt: skip
    async with database.begin(brand.writing) as db:
        mailbox = re.sub("[^a-z0-9]+", ".", customer.lower()).strip(".")[:60]
        address = f"{mailbox or 'ignoto'}@posta.example"
        found = await find_or_create(db, "email", address, customer, language)
        conversation = await db.get_one(Conversation, (brand.id, thread)) if thread else None
        message = await receive(
            db,
            Inbound(
                channel="email", lob_id=brand.lob_id, customer=found, author=customer, subject=subject,
                body=body, quoted=quoted, html=html, automatic=automatic, conversation=conversation,
            ),
        )  # fmt: skip
        db.add(_envelope(message.id, brand, address))
        for name, media_type, content, content_id in files:
            assert storage is not None
            row = file_row(db, storage.save(brand.id, content), content, media_type)
            await db.flush()
            db.add(
                Attachment(
                    id=new_id(db), message_id=message.id, file_id=row.id, name=name, media_type=media_type,
                    size=len(content), content_id=content_id, inline=content_id is not None,
                )
            )  # fmt: skip
        return message.interaction_id, message.id


def _envelope(message_id: UUID, brand: DeskBrand, address: str) -> Mail:
    return Mail(
        message_id=message_id, mailbox_id=brand.mailbox_id, rfc_id=f"<{next(_numbers)}@posta.example>",
        in_reply_to=None, refs="", from_address=address, from_name="", to_address=brand.address, file_id=None,
    )  # fmt: skip


@contextmanager
def lent_app(settings: Settings, database: Database) -> Iterator[Litestar]:
    """The desk and what it stands on, as app.create_app assembles them; built again only when all are in use."""
    app = _spare.pop() if _spare else _make_app()
    app.state = what_handlers_share(settings, database, passwords=QUICK)
    yield app
    _spare.append(app)


def _make_app() -> Litestar:
    return Litestar(
        [
            Router("/", route_handlers=[show_brand_css, desk_router]),
            static_handler(frontend_dir() / "static"),
        ],
        guards=[require_csrf],
        exception_handlers=error_handlers(),
        before_send=[security_headers(https=False)],
        openapi_config=None,
        logging_config=None,
    )


def headers_of(settings: Settings, worker: Worker, *, htmx: bool = True) -> dict[str, str]:
    token = csrf_token(secret(settings.secrets_dir, "csrf"), worker.session_id)
    return {"X-CSRF-Token": token, **({"HX-Request": "true"} if htmx else {})}


def settings_in(home: Path, **values: str) -> Settings:
    return Settings(home=home, **values)  # type: ignore[arg-type]  # -- every field given here is text
