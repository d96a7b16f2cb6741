"""A one-time code leaves as a mail of the brand: by the relay of its answers, outside every thread, and only while it is good.

It carries no thread's token and no address to answer to but the brand's own: an answer to it is a new contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email import sending
from portavoce.channels.email.composing import Reply, compose
from portavoce.channels.email.delivery import RELAY_AWAY
from portavoce.channels.email.errors import Permanent, RelayTrouble, Temporary, Uncertain
from portavoce.channels.email.mailboxes import mailbox_of_line
from portavoce.channels.email.models import Mailbox
from portavoce.conversations.models import Interaction
from portavoce.conversations.recognising.events import CodeAsked
from portavoce.conversations.recognising.keys import CodeKeys
from portavoce.conversations.recognising.models import WAITING, CustomerCode
from portavoce.core.db import Database
from portavoce.core.delivering import Job, Retry
from portavoce.core.outbox import enqueue
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.customers.models import Customer
from portavoce.kit.addresses import BadAddress
from portavoce.kit.clock import Clock

TOPIC = "email.code"
PAUSE = timedelta(seconds=30)
"""At most, between two tries: somebody waits on the telephone."""
LATE = "The code could not leave while it was good."
NOWHERE = "Mail cannot leave for this address."
SUBJECT = {"it": "{brand}: il tuo codice", "en": "{brand}: your code"}
TEXT = {
    "it": "Il tuo codice è {code}. Vale dieci minuti e una volta sola.\n\n"
    "Leggilo alla persona di {brand} con cui stai parlando. Se non ci stai parlando, non darlo a nessuno: "
    "senza il codice non succede nulla.",
    "en": "Your code is {code}. It is good for ten minutes, and once.\n\n"
    "Read it to the person of {brand} you are talking to. If you are talking to nobody, give it to nobody: "
    "without the code nothing happens.",
}


async def enqueue_code(db: AsyncSession, event: CodeAsked) -> None:
    enqueue(db, TOPIC, event.code_id)


@dataclass(frozen=True, slots=True)
class CodePostman:
    """Delivers one-time codes by one relay. Only here, between the row and the relay, there is a code to read."""

    relay: sending.Relay
    keys: CodeKeys
    deployment: str
    clock: Clock

    async def deliver(self, database: Database, job: Job) -> None:
        """Handler of topic `email.code`. Sent twice it is the same code, so an uncertain end counts as sent."""
        async with database.begin(Scope.writing(job.brand_id)) as db:
            mail = await self._prepare(db, job.ref_id)
        if mail is None:
            return
        try:
            await self._send(mail)
        except Uncertain:
            pass
        except Temporary as error:
            await self.give_up(database, job, RELAY_AWAY if isinstance(error, RelayTrouble) else error.text)
            raise Retry(error.text, longest=PAUSE) from error
        except Permanent as error:
            await self.give_up(database, job, error.text)
            return
        async with database.begin(Scope.writing(job.brand_id)) as db:
            code = await db.get_one(CustomerCode, (job.brand_id, job.ref_id))
            code.left_at, code.failure = now(db), None

    async def give_up(self, database: Database, job: Job, words: str) -> None:
        """Whoever waits for it reads why, also between two tries."""
        async with database.begin(Scope.writing(job.brand_id)) as db:
            code = await db.get_one(CustomerCode, (job.brand_id, job.ref_id))
            if code.left_at is None:
                code.failure = words

    async def _prepare(self, db: AsyncSession, code_id: UUID) -> Reply | None:
        """None for a code that left already, or that nobody waits for any more."""
        brand_id = (await db.scalars(select(CustomerCode.brand_id).where(CustomerCode.id == code_id))).one()
        code = await db.get_one(CustomerCode, (brand_id, code_id), with_for_update=True)
        if code.left_at is not None or code.state != WAITING:
            return None
        if code.expires_at <= now(db):
            code.failure = LATE
            return None
        mailbox = await _mailbox(db, code)
        if mailbox is None:
            code.failure = NOWHERE
            return None
        customer = await db.get_one(Customer, (brand_id, code.customer_id))
        language = customer.language if customer.language in TEXT else "en"
        digits = self.keys.code_of(brand_id, code_id)
        domain = mailbox.address.rpartition("@")[2]
        return Reply(
            brand_name=mailbox.display_name,
            brand_address=mailbox.address,
            to_name="",
            to_address=code.sent_to,
            subject=SUBJECT[language].format(brand=mailbox.display_name),
            text=TEXT[language].format(code=digits, brand=mailbox.display_name),
            signature=mailbox.signature,
            message_id=f"<{code_id.hex}@{domain}>",
            date=self.clock.now(),
            automatic=True,
            answers=False,
            deployment=self.deployment,
        )

    async def _send(self, mail: Reply) -> None:
        try:
            raw = compose(mail)
        except BadAddress as error:
            raise Permanent(0, NOWHERE) from error
        connection = await sending.open_connection(self.relay)
        try:
            await sending.offer(connection, mail.brand_address, [mail.to_address], size=len(raw))
            await sending.transmit(connection, raw)
        finally:
            await sending.close(connection)


async def _mailbox(db: AsyncSession, code: CustomerCode) -> Mailbox | None:
    interaction = await db.get_one(Interaction, (code.brand_id, code.interaction_id))
    return await mailbox_of_line(db, interaction.lob_id)
