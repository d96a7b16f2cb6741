"""The listener's two questions, answered by the database: whose address is it, and is the mail safely ours?

Any bytes become a conversation or a visible quarantine entry; only trouble of our own makes the sender try again.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import deny
from portavoce.brands.resolving import resolve
from portavoce.channels.email import dedupe
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.filing import file_letter, filed_already
from portavoce.channels.email.letters import Letter
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.mailboxes import KIND
from portavoce.channels.email.parsing import parse
from portavoce.channels.email.quarantine import put_aside
from portavoce.channels.email.receiving import Arrival, Recipient
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.core.db import Database, unavailable
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.storage import Storage

LOG = structlog.get_logger()
_OWN_TRACE = re.compile(rb"Return-Path:[^\n]*\nReceived:[^\n]*\n(?:[ \t][^\n]*\n)*")


@dataclass(frozen=True, slots=True)
class Mailroom:
    """`deployment` is this installation's mark on its own mail."""

    database: Database
    storage: Storage
    keys: ThreadKeys
    deployment: str

    async def known(self, address: str) -> Recipient | None:
        async with self.database.begin(HOUSE) as db:
            found = await resolve(db, KIND, address)
        return found and Recipient(brand_id=found.brand_id, endpoint_id=found.endpoint_id, address=address)

    async def accept(self, arrival: Arrival, group: list[Recipient]) -> None:
        """Returns when the mail is synced and committed for this brand; raises when we could not, never otherwise."""
        recipient = next((one for one in group if one.tag), group[0])
        key = await asyncio.to_thread(self.storage.save, recipient.brand_id, arrival.raw)
        parsed, reason = await asyncio.to_thread(_read, arrival.raw)
        letter = Letter(arrival, recipient, key, await asyncio.to_thread(_key, arrival.raw), parsed, reason)
        try:
            foreign = await self.database.run(self._scope(recipient), lambda db: self._file(db, letter))
        except Exception as error:
            if unavailable(error) or isinstance(error, OSError):
                raise
            LOG.exception("a mail went to quarantine", brand=str(recipient.brand_id))
            await self.database.run(self._scope(recipient), lambda db: put_aside(db, letter, "filing failed"))
            return
        if foreign:
            await self._note_foreign_token(recipient.brand_id)

    @staticmethod
    def _scope(recipient: Recipient) -> Scope:
        return Scope.writing(recipient.brand_id)

    async def _file(self, db: AsyncSession, letter: Letter) -> bool:
        if await filed_already(db, letter):
            return False
        if letter.parsed is None:
            await put_aside(db, letter, letter.reason)
            return False
        return await file_letter(db, letter, letter.parsed, self.keys, self.storage, self.deployment)

    async def _note_foreign_token(self, brand_id: UUID) -> None:
        async with self.database.begin(HOUSE) as db:
            deny(db, None, "email.thread", "token of another brand", brand=brand_id)


def _key(raw: bytes) -> str:
    try:
        return dedupe.key(raw)
    except Unparsable:
        return sha256(_OWN_TRACE.sub(b"", raw, count=1)).hexdigest()


def _read(raw: bytes) -> tuple[ParsedMail | None, str]:
    try:
        return parse(raw), ""
    except Unparsable as error:
        return None, error.reason
