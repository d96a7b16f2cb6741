"""The listener's two questions, answered by the database: whose address is it, and is the mail safely ours?

Any bytes become a conversation or a visible quarantine entry; only trouble of our own makes the sender try again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import deny
from portavoce.brands.resolving import resolve
from portavoce.channels.email.filing import file_letter, mailbox_for
from portavoce.channels.email.letters import Letter, open_letter
from portavoce.channels.email.mailboxes import KIND
from portavoce.channels.email.quarantine import put_aside
from portavoce.channels.email.receiving import Arrival, Recipient
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.core.db import Database, unavailable
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.storage import Storage

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mailroom:
    """`deployment` is this installation's mark on its own mail. `server`: the mail server in front of us, whose word on
    senders counts; none has it when it is empty.
    """

    database: Database
    storage: Storage
    keys: ThreadKeys
    deployment: str
    server: str = ""

    async def known(self, address: str) -> Recipient | None:
        async with self.database.begin(HOUSE) as db:
            found = await resolve(db, KIND, address)
        return found and Recipient(brand_id=found.brand_id, endpoint_id=found.endpoint_id, address=address)

    async def accept(self, arrival: Arrival, group: list[Recipient]) -> None:
        """Returns when the mail is synced and committed for this brand; raises when we could not, never otherwise."""
        recipient = next((one for one in group if one.tag), group[0])
        letter = await asyncio.to_thread(open_letter, arrival, recipient, self.storage)
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
        place = await mailbox_for(db, letter)
        if place.filed_already:
            return False
        if letter.reading is None:
            await put_aside(db, letter, letter.reason)
            return False
        return await file_letter(db, letter, letter.reading, place, self.keys, self.deployment, self.server)

    async def _note_foreign_token(self, brand_id: UUID) -> None:
        async with self.database.begin(HOUSE) as db:
            deny(db, None, "email.thread", "token of another brand", brand=brand_id)
