"""Between the listener and the mailroom: a brand's limits, and its own few places, so that none can fill the house.

Beyond a limit the sender is told to come back (451, 452): nothing is lost. Only a mail that is too large for its
brand is refused for good, since it would never fit.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import func, select

from portavoce.brands.limits import MEGABYTE, limits_of
from portavoce.brands.quotas import Allowance
from portavoce.channels.email.checking import CheckKeys, check_in, note_arrival
from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.receiving import Arrival, Deferred, Recipient
from portavoce.core import metrics
from portavoce.core.models import StoredFile
from portavoce.core.scope import Scope

LOG = structlog.get_logger()
AT_WORK = 4
"""Mails of one brand filed at once: two brands that flood leave most of the pool of connections to the others."""
IN_LINE = 60
"""Mails of one brand that wait for a place; who comes then is told to come back, and holds no connection."""
TERMS_FOR = timedelta(seconds=10)
MEASURED_FOR = timedelta(minutes=10)
ANSWERS = {
    "mails_minute": "452 4.3.2 Too many mails for this address at present, try again later",
    "stored_mb": "452 4.2.2 This mailbox is full, try again later",
    "in_line": "451 4.3.2 Too many mails for this address at once, try again later",
}


@dataclass(slots=True)
class Terms:
    """A brand's numbers as this process last read them; `stored` grows with what it took in since."""

    read_at: datetime
    limits: dict[str, int]
    measured_at: datetime
    stored: int

    @property
    def is_full(self) -> bool:
        return self.stored >= self.limits["stored_mb"] * MEGABYTE


@dataclass(slots=True)
class Places:
    """`taken` counts those at work and in line."""

    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_WORK))
    taken: int = 0


@dataclass(slots=True)
class Doorman:
    """Answers the listener's two questions in the mailroom's place."""

    room: Mailroom
    keys: CheckKeys
    allowance: Allowance = field(init=False)
    _terms: dict[UUID, Terms] = field(default_factory=dict)
    _places: defaultdict[UUID, Places] = field(default_factory=lambda: defaultdict(Places))

    def __post_init__(self) -> None:
        self.allowance = Allowance(self.room.database, "mails_minute")

    async def known(self, address: str) -> Recipient | None:
        """Deferred as early as it can be known, before a byte of the mail is sent."""
        recipient = await self.room.known(address)
        if recipient is None:
            return None
        terms = await self._terms_of(recipient.brand_id)
        if terms.is_full:
            raise _refusal("stored_mb")
        if self.allowance.is_used_up(recipient.brand_id):
            raise _refusal("mails_minute")
        if self._places[recipient.brand_id].taken >= AT_WORK + IN_LINE:
            raise _refusal("in_line")
        return msgspec.structs.replace(recipient, max_size=terms.limits["mail_mb"] * MEGABYTE)

    async def accept(self, arrival: Arrival, group: list[Recipient]) -> None:
        brand_id = group[0].brand_id
        places = self._places[brand_id]
        places.taken += 1
        try:
            async with places.gate:
                await self._accept(arrival, group, brand_id)
        finally:
            places.taken -= 1

    async def _accept(self, arrival: Arrival, group: list[Recipient], brand_id: UUID) -> None:
        if (check := check_in(arrival.raw, brand_id, self.keys, arrival.received_at)) is not None:
            await note_arrival(self.room.database, brand_id, check)
            return
        terms = await self._terms_of(brand_id)
        if not await self.allowance.spend(brand_id, terms.limits["mails_minute"]):
            raise _refusal("mails_minute")
        await self.room.accept(arrival, group)
        terms.stored += len(arrival.raw)
        metrics.MAILS.labels("taken", "").inc()
        LOG.info("a mail was taken")

    async def _terms_of(self, brand_id: UUID) -> Terms:
        """Read again after a while; what is stored is added up less often, since that reads every file's row."""
        at, known = self.room.database.clock.now(), self._terms.get(brand_id)
        if known is not None and at - known.read_at < TERMS_FOR:
            return known
        async with self.room.database.begin(Scope.reading({brand_id})) as db:
            limits = await limits_of(db)
            if known is None or at - known.measured_at >= MEASURED_FOR:
                stored = int(
                    (await db.execute(select(func.coalesce(func.sum(StoredFile.size), 0)))).scalar_one()
                )
                known = Terms(at, limits, at, stored)
            known.read_at, known.limits = at, limits
        self._terms[brand_id] = known
        return known


def _refusal(reason: str) -> Deferred:
    metrics.REFUSALS.labels(reason).inc()
    return Deferred(ANSWERS[reason], reason)
