"""Aurora's reports by mail: Carla and Rosa read for Aurora, Vera for Bosco; the relay is a real SMTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import select

from portavoce.channels.email.sending import Relay
from portavoce.core.db import Database
from portavoce.core.delivering import Handler, work_on
from portavoce.core.jobs import Envelope
from portavoce.core.models import Outbox
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant, revoke
from portavoce.identity.models import AccessGrant, Person
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from portavoce.reporting.mailing.models import ReportMailing
from portavoce.reporting.mailing.postman import Asked, Letter, ReportPostman
from portavoce.reporting.mailing.running import TOPIC, begin_due
from portavoce.reporting.mailing.schedules import Wish, make_schedule
from tests.database import NOON
from tests.fakes.smtp_sink import SmtpSink, running
from tests.minting import Minted, mint_brand
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def plain(_database: Database, asked: Asked) -> Letter:
    return Letter(f"Report {asked.period}", f"Up to fact {asked.n}, for {asked.name}.", [])


@dataclass
class Post:
    database: Database
    clock: SteppedClock
    aurora: Minted
    bosco: Minted
    people: dict[str, UUID]
    sink: SmtpSink
    write: Any = plain

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each.raw, policy=default) for each in self.sink.mails]

    @property
    def postman(self) -> ReportPostman:
        relay = Relay(host="127.0.0.1", port=self.sink.port, security="none", timeout=5)
        return ReportPostman(relay, "portavoce@voxa.example", "Voxa", self.clock, self.write)

    async def schedule(self, *names: str, rhythm: Any = "daily", formats: tuple[str, ...] = ("pdf",)) -> UUID:
        wish = Wish(rhythm, 8 * 60, formats, "en", [self.people[name] for name in names])
        by = self.people["rosa"]
        return await self.database.run(self.aurora.writing, lambda db: make_schedule(db, wish, person_id=by))

    async def begin(self) -> int:
        return await self.database.run(self.aurora.writing, begin_due)

    async def deliver(self) -> None:
        """Everything that waits, each row as the worker takes it."""
        async with self.database.begin(self.aurora.writing) as db:
            rows = (await db.scalars(select(Outbox).where(Outbox.state == "pending"))).all()
            for row in rows:
                row.state, row.handed_at = "handed", self.clock.now()
        for row in rows:
            await self.work(row)

    async def work(self, row: Outbox) -> None:
        handler = Handler(self.postman.deliver, self.postman.give_up, self.postman.doubt)
        sealed = Envelope(1, TOPIC, self.aurora.id, row.id, row.tries, self.clock.now())
        await work_on(self.database, sealed, {TOPIC: handler}, _nobody)

    async def mailings(self) -> list[ReportMailing]:
        async with self.database.begin(self.aurora.reading) as db:
            query = select(ReportMailing).order_by(ReportMailing.due_at, ReportMailing.id)
            return list((await db.scalars(query)).all())

    async def states(self) -> list[str]:
        return sorted(each.state for each in await self.mailings())

    async def lose_access(self, name: str) -> None:
        async with self.database.begin(HOUSE) as db:
            mine = select(AccessGrant.id).where(AccessGrant.person_id == self.people[name])
            for grant_id in (await db.scalars(mine)).all():
                await revoke(db, grant_id)


async def _nobody(_row: object) -> None:
    raise AssertionError("nothing here is the house's")


@pytest_asyncio.fixture
async def post(make_database: Callable[..., Database], clock: SteppedClock) -> AsyncIterator[Post]:
    database = make_database(last_writers=(write_facts,))
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    people = {
        "carla": await reader(database, "Carla Neri", aurora),
        "rosa": await reader(database, "Rosa Riva", aurora, role="client_approver"),
        "vera": await reader(database, "Vera Blu", bosco),
    }
    clock.move_to(NOON + HOUR)
    await tell(database, aurora, Contact(NOON, NOON + HOUR))
    async with running(SmtpSink()) as sink:
        yield Post(database, clock, aurora, bosco, people, sink)


async def reader(database: Database, name: str, brand: Minted, role: str = "client_viewer") -> UUID:
    async with database.begin(HOUSE) as db:
        address = f"{name.split()[0].lower()}.{new_id(db).hex}@client.example"
        person = Person(id=new_id(db), email=address, name=name, locale="en", created_at=now(db))
        db.add(person)
        await db.flush()
        await grant(db, person.id, role, brand_id=brand.id)
        return person.id
