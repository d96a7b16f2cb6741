"""Brands as bare rows, for tests below the verb that makes them properly."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, BrandAgent, Site
from portavoce.brands.models import Brand, Client, LineOfBusiness, Queue
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.contracts.models import Clause, Contract, ContractVersion
from portavoce.conversations.models import Conversation, Disposition, Interaction, WorkItem
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.tables import Base
from portavoce.core.unit import new_id, now
from portavoce.customers.models import Customer
from portavoce.identity.models import Person
from portavoce.kit.canonical import dumps
from portavoce.kit.ids import uuid7
from portavoce.ledger.chain import genesis
from portavoce.ledger.models import BrandHead

WORKDAYS = dumps({"days": {str(day): [[9 * 60, 18 * 60]] for day in range(5)}})


@dataclass(frozen=True, slots=True)
class Minted:
    """A brand and the ids of what it was born with."""

    id: UUID
    client_id: UUID
    slug: str
    lob_id: UUID
    queue_id: UUID
    calendar_id: UUID
    contract_id: UUID
    contract_version_id: UUID
    disposition_id: UUID

    @property
    def writing(self) -> Scope:
        return Scope.writing(self.id)

    @property
    def reading(self) -> Scope:
        return Scope.reading([self.id])


async def mint_brand(database: Database, name: str = "Aurora", *, client_id: UUID | None = None) -> Minted:
    """A client (unless given), its brand, and what a brand cannot be without; each call makes another one."""
    brand_id = uuid7(database.clock)
    async with database.begin(Scope.writing(brand_id)) as db:
        client_id = client_id or await _client(db, name)
        brand = _brand(db, brand_id, client_id, name)
        head = BrandHead(hash=genesis(brand_id))
        lob = LineOfBusiness(id=new_id(db), name="Assistenza", language="it")
        calendar = Calendar(id=new_id(db), name="Ufficio")
        contract = Contract(id=new_id(db), client_id=client_id, name="Contratto")
        await _store(db, brand)
        await _store(db, head, lob, calendar, contract)
        version = ContractVersion(id=new_id(db), contract_id=contract.id, number=1, valid_from=now(db))
        queue = Queue(id=new_id(db), lob_id=lob.id, name="Posta")
        reason = Disposition(id=new_id(db), lob_id=lob.id, code="solved", label="Risolto", position=1)
        hours = CalendarVersion(
            id=new_id(db), calendar_id=calendar.id, valid_from=now(db), zone="Europe/Rome", weekly=WORKDAYS
        )
        await _store(db, version, queue, reason, hours)
        await _store(db, _clause(db, version.id, lob.id, calendar.id))
    return Minted(
        brand_id, client_id, brand.slug, lob.id, queue.id, calendar.id, contract.id, version.id, reason.id
    )


async def mint_customer(database: Database, brand: Minted, name: str = "Gina") -> UUID:
    async with database.begin(brand.writing) as db:
        return await _customer(db, name)


async def mint_interaction(database: Database, brand: Minted, *, subject: str = "Dov'è il pacco?") -> UUID:
    """A customer with a conversation and one waiting interaction with its work item; gives the interaction."""
    async with database.begin(brand.writing) as db:
        customer_id = await _customer(db, "Gina")
        conversation = Conversation(
            id=new_id(db), customer_id=customer_id, lob_id=brand.lob_id, subject=subject,
            opened_at=now(db), last_at=now(db),
        )  # fmt: skip
        await _store(db, conversation)
        interaction = Interaction(
            id=new_id(db), conversation_id=conversation.id, lob_id=brand.lob_id, channel="email",
            contract_version_id=brand.contract_version_id, opened_at=now(db),
        )  # fmt: skip
        await _store(db, interaction)
        await _store(
            db,
            WorkItem(
                interaction_id=interaction.id, lob_id=brand.lob_id, queue_id=brand.queue_id, channel="email",
                queued_at=now(db),
            ),
        )  # fmt: skip
        return interaction.id


async def mint_agent(database: Database, brand: Minted, name: str = "Anna") -> tuple[UUID, UUID]:
    """A person who works for the brand: the agent's id, and the id under which the brand knows them."""
    async with database.begin(brand.writing) as db:
        site = Site(id=new_id(db), name="Torino", country="IT", zone="Europe/Rome")
        person = Person(id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name=name, created_at=now(db))
        await _store(db, site, person)
        agent = AgentProfile(agent_id=new_id(db), person_id=person.id, site_id=site.id, display_name=name)
        known_as = BrandAgent(id=new_id(db), agent_id=agent.agent_id, alias=name)
        await _store(db, agent, known_as)
        return agent.agent_id, known_as.id


async def _client(db: AsyncSession, name: str) -> UUID:
    client = Client(id=new_id(db), name=name, legal_name=f"{name} S.p.A.", created_at=now(db))
    await _store(db, client)
    return client.id


def _brand(db: AsyncSession, brand_id: UUID, client_id: UUID, name: str) -> Brand:
    return Brand(
        id=brand_id, client_id=client_id, slug=f"{name.lower()}-{brand_id.hex[-8:]}", name=name,
        legal_name=f"{name} S.p.A.", voice="", language="it", accent="#0E7C57", tokens="{}", shape="circle",
        monogram=name[:1], zone="Europe/Rome", created_at=now(db),
    )  # fmt: skip


def _clause(db: AsyncSession, version_id: UUID, lob_id: UUID, calendar_id: UUID) -> Clause:
    return Clause(
        id=new_id(db), contract_version_id=version_id, lob_id=lob_id, channel="email", metric="first_response",
        target_s=4 * 3600, share_bp=9000, calendar_id=calendar_id, reopen_window_s=86400,
    )  # fmt: skip


async def _customer(db: AsyncSession, name: str) -> UUID:
    customer = Customer(id=new_id(db), name=name, language="it", created_at=now(db))
    await _store(db, customer)
    return customer.id


async def _store(db: AsyncSession, *rows: Base) -> None:
    """Without relationships SQLAlchemy does not know which table comes first: what is referred to is stored first."""
    db.add_all(rows)
    await db.flush()
