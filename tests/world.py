"""Two brands at work, made by the real verbs: Aurora and Bosco with a mailbox each, Anna for both, Bruno for Aurora."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select

from portavoce.agents.aliases import agent_of, brand_agent_of
from portavoce.agents.choosing import choose_state
from portavoce.agents.models import BrandAgent
from portavoce.brands.adding import BrandLook
from portavoce.brands.limits import set_limit
from portavoce.brands.models import LineOfBusiness
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.receiving import Arrival, Recipient
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.conversations import claiming, closing, replying
from portavoce.conversations.leaving import UNDO
from portavoce.conversations.models import Interaction, Message
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.storage import Storage
from portavoce.identity import people
from portavoce.identity.granting import grant
from portavoce.identity.mails import House
from portavoce.onboarding.brands import add_brand, add_paying_client
from portavoce.onboarding.people import add_person
from portavoce.wiring import LAST_WRITERS, reactions
from tests.molds import Mold, Press

KEYS = ThreadKeys("a", {"a": b"a" * 32})
DEPLOYMENT = "deployment-of-tests"
HOUSE_NAME = House("Voxa Servizi", "https://care.voxa.example")


@dataclass(frozen=True, slots=True)
class WorldBrand:
    """A brand and its one address."""

    id: UUID
    slug: str
    lob_id: UUID
    address: str
    recipient: Recipient

    @property
    def writing(self) -> Scope:
        return Scope.writing(self.id)

    @property
    def reading(self) -> Scope:
        return Scope.reading([self.id])


@dataclass(frozen=True, slots=True)
class WorldAgent:
    """`known_as`: how each brand knows the agent."""

    person_id: UUID
    agent_id: UUID
    known_as: Mapping[UUID, BrandAgent]

    def at(self, brand: WorldBrand) -> BrandAgent:
        return self.known_as[brand.id]


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what a world is about."""

    elena: UUID
    client: UUID
    aurora: WorldBrand
    bosco: WorldBrand
    anna: WorldAgent
    bruno: WorldAgent


@dataclass(frozen=True, slots=True)
class World(Cast):
    """Clients and brands are new in each world, so worlds may share a database. Both agents are ready.

    Answers leave at once: few tests are about the seconds in which they may be taken back.
    """

    database: Database
    storage: Storage
    room: Mailroom

    @classmethod
    def of(cls, found: Cast, database: Database, files: Path, keys: ThreadKeys = KEYS) -> World:
        storage = Storage(files)
        room = Mailroom(database, storage, keys, DEPLOYMENT)
        parts = {each.name: getattr(found, each.name) for each in fields(found)}
        return cls(**parts, database=database, storage=storage, room=room)

    async def receive(self, brand: WorldBrand, raw: bytes, *, tag: str = "", envelope_from: str = "") -> None:
        """The bytes arrive at the brand's address, as after the listener."""
        recipient = Recipient(
            brand_id=brand.id, endpoint_id=brand.recipient.endpoint_id, address=brand.address, tag=tag
        )
        await self.room.accept(self.arrival(raw, envelope_from), [recipient])

    def arrival(self, raw: bytes, envelope_from: str = "gina@customer.example") -> Arrival:
        at = self.database.clock.now()
        return Arrival(
            raw=raw, envelope_from=envelope_from, peer="127.0.0.1", helo="mx.example", received_at=at
        )

    async def contacts(self, brand: WorldBrand) -> list[Interaction]:
        """Oldest first."""
        async with self.database.begin(brand.reading) as db:
            query = select(Interaction).order_by(Interaction.opened_at, Interaction.id)
            return list((await db.scalars(query)).all())

    async def messages(self, brand: WorldBrand) -> list[Message]:
        """Oldest first."""
        async with self.database.begin(brand.reading) as db:
            return list((await db.scalars(select(Message).order_by(Message.at, Message.id))).all())

    async def message(self, brand: WorldBrand, message_id: UUID) -> Message:
        async with self.database.begin(brand.reading) as db:
            return await db.get_one(Message, (brand.id, message_id))

    async def answer(
        self, brand: WorldBrand, interaction_id: UUID, text: str = "Ecco la risposta."
    ) -> Message:
        """Anna takes the contact, if it waits, and answers."""
        by = self.anna.at(brand)
        async with self.database.begin(brand.reading) as db:
            waiting = (await db.get_one(Interaction, (brand.id, interaction_id))).state == "waiting"
        if waiting:
            await self.database.run(brand.writing, lambda db: claiming.claim(db, interaction_id, by=by))
        return await self.database.run(
            brand.writing, lambda db: replying.reply(db, interaction_id, text, by=by)
        )

    async def close_contact(self, brand: WorldBrand, interaction_id: UUID) -> None:
        """Anna, who holds it, closes it as solved."""
        by = self.anna.at(brand)
        await self.database.run(brand.writing, lambda db: closing.close(db, interaction_id, "solved", by=by))

    async def answered(self, brand: WorldBrand) -> Message:
        """A first mail, and Anna's answer to it, queued."""
        await self.receive(brand, letter(brand.address))
        return await self.answer(brand, (await self.contacts(brand))[-1].id)


def letter(
    to: str,
    text: str = "Buongiorno, la macchina perde acqua.",
    *,
    sender: str = "Gina Verdi <gina@customer.example>",
    subject: str = "Aiuto",
    message_id: str = "",
    **fields: str,
) -> bytes:
    """A customer's mail; `In_Reply_To="<…>"` gives a field of that name."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = message_id or f"<{uuid4().hex}@customer.example>"
    mail["Date"] = "Mon, 02 Mar 2026 12:00:00 +0000"
    mail.set_content(text)
    # As bytes: the standard library would encode long ids.
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return extra.encode() + mail.as_bytes()


async def build_world(database: Database, files: Path, keys: ThreadKeys = KEYS) -> World:
    """`database` must have the reactions and last writers of `wiring`."""
    return World.of(await build_cast(database), database, files, keys)


async def build_cast(database: Database) -> Cast:
    mark = uuid4().hex[:10]
    async with database.begin(HOUSE) as db:
        elena = await people.add_person(
            db, name="Elena Neri", email=f"elena.{mark}@voxa.example", locale="it", client_id=None, by=None
        )
        await grant(db, elena.id, "admin")
    client = await add_paying_client(database, name="Aurora", legal_name="Aurora S.p.A.", by=elena.id)
    aurora = await make_brand(database, client, "Aurora", f"aurora-{mark}", elena.id)
    other = await add_paying_client(database, name="Bosco", legal_name="Bosco S.r.l.", by=elena.id)
    bosco = await make_brand(database, other, "Bosco", f"bosco-{mark}", elena.id)
    anna = await make_agent(database, "Anna Rossi", f"anna.{mark}@voxa.example", [aurora, bosco], elena.id)
    bruno = await make_agent(database, "Bruno Bianchi", f"bruno.{mark}@voxa.example", [aurora], elena.id)
    return Cast(elena.id, client, aurora, bosco, anna, bruno)


async def make_brand(database: Database, client_id: UUID, name: str, slug: str, by: UUID) -> WorldBrand:
    look = BrandLook(
        slug=slug, name=name, accent="#0E7C57", shape="circle", monogram=name[0], voice="tu", language="it",
        zone="Europe/Rome",
    )  # fmt: skip
    brand_id = await add_brand(database, client_id=client_id, look=look, by=by)
    address = f"care@{slug}.example"
    async with database.begin(Scope.writing(brand_id)) as db:
        lob_id = (await db.scalars(select(LineOfBusiness.id))).one()
        mailbox = await add_mailbox(db, address, lob_id, name, f"Il team {name}")
        await set_limit(db, UNDO, 0, by="test")
    recipient = Recipient(brand_id=brand_id, endpoint_id=mailbox.endpoint_id, address=address)
    return WorldBrand(brand_id, slug, lob_id, address, recipient)


async def make_agent(
    database: Database, name: str, email: str, brands: list[WorldBrand], by: UUID
) -> WorldAgent:
    ids = [brand.id for brand in brands]
    person_id = await add_person(
        database, HOUSE_NAME, name=name, email=email, locale="it", client_id=None, role="agent", brands=ids,
        by=by,
    )  # fmt: skip
    async with database.begin(HOUSE) as db:
        agent = await agent_of(db, person_id)
        assert agent is not None
        await choose_state(db, agent.agent_id, "ready")
    known_as = {}
    for brand in brands:
        async with database.begin(brand.reading) as db:
            alias = await brand_agent_of(db, agent.agent_id)
            assert alias is not None
            known_as[brand.id] = alias
    return WorldAgent(person_id, agent.agent_id, known_as)


@pytest_asyncio.fixture(scope="session")
async def world_mold(press: Press[Cast]) -> Mold[Cast]:
    return await press(build_cast, reactions(KEYS))


@pytest.fixture
def world(make_database: Callable[..., Database], world_mold: Mold[Cast], tmp_path: Path) -> World:
    """On the session's database, with real reactions and the ledger; time stands at the stepped clock."""
    database = make_database(reactions=reactions(KEYS), last_writers=LAST_WRITERS)
    return World.of(world_mold.cast(), database, tmp_path / "files")
