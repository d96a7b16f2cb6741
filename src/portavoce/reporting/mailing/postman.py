"""A due report leaves as a mail of the house, once, if its reader may still have it.

Who may is looked at before each try. What it says is fixed at the first: a try that comes later tells the same numbers,
which are those of the page that it leads to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import msgspec
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email import sending
from portavoce.channels.email.errors import Permanent, Temporary, Uncertain
from portavoce.core.db import Database
from portavoce.core.delivering import Hopeless, Job, Retry
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.identity.models import Person
from portavoce.kit.clock import Clock
from portavoce.reporting.mailing.models import (
    FAILED,
    LEAVING,
    REFUSED,
    SENT,
    UNCERTAIN,
    WAITING,
    ReportMailing,
    ReportSchedule,
)
from portavoce.reporting.mailing.periods import Period, read_period
from portavoce.reporting.mailing.schedules import may_read
from portavoce.reporting.sums import report_head

NO_ACCESS = "This person may not see the brand's reports any more."
ENDED = "The schedule was ended before it left."


class Asked(msgspec.Struct, frozen=True):
    """What is to be told to whom: the month of `period`, up to fact `n`, its clocks read at `as_of`."""

    brand_id: UUID
    mailing_id: UUID
    name: str
    address: str
    language: str
    period: Period
    formats: tuple[str, ...]
    n: int
    as_of: datetime
    layout_id: UUID | None = None


class Attached(msgspec.Struct, frozen=True):
    """`kind` is the media type, `application/pdf`."""

    name: str
    kind: str
    content: bytes


class Letter(msgspec.Struct, frozen=True):
    subject: str
    text: str
    files: list[Attached]


Write = Callable[[Database, Asked], Awaitable[Letter]]


@dataclass(frozen=True, slots=True)
class ReportPostman:
    """`write` makes the letter: pages are another layer's."""

    relay: sending.Relay
    sender: str
    sender_name: str
    clock: Clock
    write: Write

    async def deliver(self, database: Database, job: Job) -> None:
        """Handler of topic `report.mail`."""
        async with database.begin(Scope.writing(job.brand_id)) as db:
            asked = await _take(db, job)
        if asked is None:
            return
        raw = self._compose(asked, await self.write(database, asked))
        connection = None
        try:
            connection = await sending.open_connection(self.relay)
            await sending.offer(connection, self.sender, [asked.address], size=len(raw))
            if not await _leave(database, job):
                return
            await sending.transmit(connection, raw)
        except Uncertain:
            await _mark(database, job, UNCERTAIN)
            return
        except Temporary as error:
            await _mark(database, job, WAITING, error.text)
            raise Retry(error.text) from error
        except Permanent as error:
            await _mark(database, job, FAILED, error.text)
            raise Hopeless(error.text) from error
        finally:
            if connection is not None:
                await sending.close(connection)
        await _mark(database, job, SENT)

    async def give_up(self, database: Database, job: Job, words: str) -> None:
        await _mark(database, job, FAILED, words)

    async def doubt(self, database: Database, job: Job) -> None:
        await _mark(database, job, UNCERTAIN)

    def _compose(self, asked: Asked, letter: Letter) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(display_name=self.sender_name, addr_spec=self.sender)
        message["To"] = asked.address
        message["Subject"] = letter.subject
        message["Date"] = self.clock.now()
        message["Message-ID"] = f"<{asked.mailing_id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        for file in letter.files:
            kind, _, subtype = file.kind.partition("/")
            message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
        return message.as_bytes()


async def _take(db: AsyncSession, job: Job) -> Asked | None:
    """None for what left, may have left, or may not leave any more."""
    mailing = await db.get_one(ReportMailing, (job.brand_id, job.ref_id), with_for_update=True)
    if mailing.state == LEAVING:
        mailing.state = UNCERTAIN
    if mailing.state != WAITING:
        return None
    schedule = await db.get_one(ReportSchedule, (job.brand_id, mailing.schedule_id))
    person, period = await db.get_one(Person, mailing.person_id), read_period(mailing.period)
    assert period is not None, "a mailing names its period"
    if schedule.ended_at is not None or not await may_read(db, person, job.brand_id):
        mailing.state, mailing.reason = REFUSED, ENDED if schedule.ended_at is not None else NO_ACCESS
        return None
    if mailing.n is None or mailing.as_of is None:
        mailing.n, mailing.as_of = await report_head(db), now(db)
    return Asked(
        brand_id=job.brand_id,
        mailing_id=mailing.id,
        name=" ".join(person.name.split()),
        address=person.email,
        language=schedule.language,
        period=period,
        formats=tuple(schedule.formats.split(",")),
        n=mailing.n,
        as_of=mailing.as_of,
        layout_id=schedule.layout_id,
    )


async def _leave(database: Database, job: Job) -> bool:
    """Whether it is ours to send: of any number of workers that came so far, one's."""
    async with database.begin(Scope.writing(job.brand_id)) as db:
        mine = (
            update(ReportMailing)
            .where(ReportMailing.id == job.ref_id, ReportMailing.state == WAITING)
            .values(state=LEAVING)
            .returning(ReportMailing.id)
        )
        return (await db.scalars(mine)).one_or_none() is not None


async def _mark(database: Database, job: Job, state: str, reason: str = "") -> None:
    async with database.begin(Scope.writing(job.brand_id)) as db:
        mailing = await db.get_one(ReportMailing, (job.brand_id, job.ref_id))
        mailing.state, mailing.reason = state, reason
        mailing.left_at = now(db) if state == SENT else None
