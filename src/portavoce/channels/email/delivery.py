"""One answer leaves by SMTP, in steps a crash cannot blur: before the final dot it may be tried again, after it never."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email import sending
from portavoce.channels.email.composing import Reply, compose, tagged
from portavoce.channels.email.errors import Permanent, RelayTrouble, Temporary, Uncertain
from portavoce.channels.email.models import Mail, Mailbox
from portavoce.channels.email.tokens import ThreadKeys, issue
from portavoce.channels.email.turns import call_the_next, others_first
from portavoce.conversations.delivery import (
    RESTORED,
    mark_failed,
    mark_sending,
    mark_sent,
    mark_uncertain,
    mark_waiting,
)
from portavoce.conversations.models import Message
from portavoce.conversations.queries import message as load
from portavoce.core.db import Database, unavailable
from portavoce.core.delivering import Job, Retry
from portavoce.core.scope import Scope
from portavoce.kit.addresses import BadAddress
from portavoce.kit.clock import Clock

OTHERS_FIRST = "An earlier answer of this conversation has not left yet."
RELAY_AWAY = "The server that sends our mail cannot be reached."
RELAY_PAUSE = timedelta(minutes=4)
"""At most: once the relay is back, everything has left five minutes later."""
Mark = Callable[[AsyncSession, Message], Awaitable[None]]


PAUSES = (0.1, 0.5, 2.0, 5.0, 10.0)
"""Seconds between tries to write down an end; together less than a job may take."""
LOG = structlog.get_logger()


class NotYet(Exception):
    """An earlier answer of the conversation comes first."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    sender: str
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Postman:
    """Delivers messages of channel email by one relay."""

    relay: sending.Relay
    keys: ThreadKeys
    deployment: str
    clock: Clock

    async def deliver(self, database: Database, job: Job) -> None:
        """Handler of topic `email.deliver`. Safe to run again at any point."""
        scope = Scope.writing(job.brand_id)
        try:
            async with database.begin(scope) as db:
                outgoing = await self._prepare(db, job.ref_id)
            if outgoing is not None:
                await self._send(database, scope, job.ref_id, outgoing)
        except NotYet as error:
            raise await self._put_off(
                database, scope, job.ref_id, OTHERS_FIRST, Retry(OTHERS_FIRST)
            ) from error
        except RelayTrouble as error:
            retry = Retry(f"{error.text} ({error.kind})", longest=RELAY_PAUSE)
            raise await self._put_off(database, scope, job.ref_id, RELAY_AWAY, retry) from error
        except Temporary as error:
            raise await self._put_off(database, scope, job.ref_id, error.text, Retry(error.text)) from error
        except Permanent as error:
            await self._fail(database, scope, job.ref_id, error.text)

    @staticmethod
    async def _put_off(database: Database, scope: Scope, message_id: UUID, words: str, retry: Retry) -> Retry:
        async with database.begin(scope) as db:
            await mark_waiting(db, await load(db, message_id), words)
        return retry

    async def give_up(self, database: Database, job: Job, words: str) -> None:
        """After the last try: the agent sees what became of it, and may send it again."""
        await self._fail(database, Scope.writing(job.brand_id), job.ref_id, f"Tried several times: {words}")

    async def doubt(self, database: Database, job: Job) -> None:
        """It was on its way when the backup was made that this row comes from: no machine sends it again."""
        async with database.begin(Scope.writing(job.brand_id)) as db:
            message = await load(db, job.ref_id)
            if message.state in ("queued", "sending"):
                await mark_uncertain(db, message, RESTORED)

    @staticmethod
    async def _fail(database: Database, scope: Scope, message_id: UUID, words: str) -> None:
        async with database.begin(scope) as db:
            message = await load(db, message_id)
            if message.state == "queued":
                await mark_failed(db, message, words)
            elif message.state == "sending":
                await mark_uncertain(db, message)
            await call_the_next(db, message.conversation_id)

    async def _prepare(self, db: AsyncSession, message_id: UUID) -> Outgoing | None:
        message = await load(db, message_id)
        if message.state == "sending":
            await mark_uncertain(db, message)
        if message.state != "queued":
            await call_the_next(db, message.conversation_id)
            return None
        if await others_first(db, message):
            raise NotYet
        mail = await db.get_one(Mail, (message.brand_id, message_id))
        try:
            raw = await self._compose(db, message, mail)
        except BadAddress:
            await mark_failed(db, message, f"{mail.to_address} is no address mail can be sent to.")
            await call_the_next(db, message.conversation_id)
            return None
        return Outgoing(mail.from_address, mail.to_address, raw)

    async def _compose(self, db: AsyncSession, message: Message, mail: Mail) -> bytes:
        mailbox = await db.get_one(Mailbox, (message.brand_id, mail.mailbox_id))
        token = issue(self.keys, message.brand_id, message.conversation_id)
        return compose(
            Reply(
                brand_name=mail.from_name,
                brand_address=mail.from_address,
                to_name="",
                to_address=mail.to_address,
                subject=message.subject,
                text=message.body,
                signature=mailbox.signature,
                message_id=mail.rfc_id,
                date=self.clock.now(),
                in_reply_to=mail.in_reply_to or "",
                references=tuple(mail.refs.split()),
                reply_to=tagged(mail.from_address, token),
                automatic=message.automatic,
                answers=bool(mail.in_reply_to),
                deployment=self.deployment,
            )
        )

    async def _send(self, database: Database, scope: Scope, message_id: UUID, outgoing: Outgoing) -> None:
        connection, begun = await sending.open_connection(self.relay), False
        try:
            await sending.offer(connection, outgoing.sender, [outgoing.recipient], size=len(outgoing.raw))
            async with database.begin(scope) as db:
                message = await load(db, message_id)
                if message.state != "queued":
                    return
                await mark_sending(db, message)
            begun = True
            try:
                await sending.transmit(connection, outgoing.raw)
            except Uncertain:
                await self._end(database, scope, message_id, mark_uncertain)
                return
            except (Temporary, Permanent):
                await self._end(database, scope, message_id, _back_to_queue)
                raise
            await self._end(database, scope, message_id, mark_sent)
        finally:
            # Between 354 and the dot a goodbye would be read as text and answered by nobody.
            await sending.close(connection) if begun else connection.close()

    async def _end(self, database: Database, scope: Scope, message_id: UUID, mark: Mark) -> None:
        """Tried until the database is there: what the relay said is known here and nowhere else."""
        for pause in PAUSES:
            try:
                return await self._end_once(database, scope, message_id, mark)
            except Exception as error:
                if not unavailable(error):
                    raise
                LOG.warning("the end of a message is not written down yet")
            await asyncio.sleep(pause)
        return await self._end_once(database, scope, message_id, mark)

    @staticmethod
    async def _end_once(database: Database, scope: Scope, message_id: UUID, mark: Mark) -> None:
        async with database.begin(scope) as db:
            message = await load(db, message_id)
            if message.state not in ("sending", "uncertain"):
                return
            await mark(db, message)
            if message.state != "queued":
                await call_the_next(db, message.conversation_id)


async def _back_to_queue(_db: AsyncSession, message: Message) -> None:
    message.state = "queued"
