"""Between a conversation and the two injected callables: who is known, and who has really taken a mail."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import msgspec

from portavoce.channels.email.addresses import normalise
from portavoce.channels.email.charsets import storable
from portavoce.channels.email.receiving import (
    Accept,
    Arrival,
    Known,
    ListenSettings,
    Recipient,
    by_brand,
    trace,
)
from portavoce.kit.addresses import BadAddress

LOGGER = logging.getLogger(__name__)
TAKEN = "250 2.0.0 Taken"
NOT_TAKEN = "451 4.3.0 Not taken, try again later"


class Intake:
    """Shared by all conversations of one server; `held` octets are in memory, `running` acceptances not finished."""

    def __init__(
        self, settings: ListenSettings, known: Known, accept: Accept, now: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.held = 0
        self.running: set[asyncio.Task[bool]] = set()
        self._known = known
        self._accept = accept
        self._now = now

    async def recipient(self, written: str) -> Recipient | None:
        """None for an address that is not ours; raises what the look-up raises."""
        try:
            value, tag = normalise(written)
        except BadAddress:
            return None
        async with asyncio.timeout(self.settings.resolve_timeout):
            found = await self._known(value)
        return msgspec.structs.replace(found, tag=tag) if found else None

    async def take(
        self, content: bytes, recipients: list[Recipient], *, envelope_from: str, peer: object, helo: str
    ) -> list[str]:
        """The answers to give: one for SMTP, one a recipient for LMTP. "Taken" only after accept() returned."""
        arrival = Arrival(
            raw=b"",
            envelope_from=storable(envelope_from),
            peer=str(peer[0]) if isinstance(peer, tuple) else "local",
            helo=storable(helo),
            received_at=self._now(),
        )
        taken, groups = {}, by_brand(recipients)
        for n, group in enumerate(groups, 1):
            raw = trace(arrival, group, self.settings) + content
            content = content if n < len(groups) else b""  # no longer needed, and it may be large
            mail = msgspec.structs.replace(arrival, raw=raw)
            del raw
            taken[group[0].brand_id] = await self._hand_over(mail, group)
            del mail
        if self.settings.protocol == "lmtp":
            return [TAKEN if taken[recipient.brand_id] else NOT_TAKEN for recipient in recipients]
        return [TAKEN if all(taken.values()) else NOT_TAKEN]

    async def _hand_over(self, arrival: Arrival, group: list[Recipient]) -> bool:
        """Runs on when the sender hangs up or we lose patience: a commit is never cut in two."""
        task = asyncio.ensure_future(self._accepted(arrival, group))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        done, _ = await asyncio.wait({task}, timeout=self.settings.accept_timeout)
        return task in done and task.result()

    async def _accepted(self, arrival: Arrival, group: list[Recipient]) -> bool:
        try:
            await self._accept(arrival, group)
        except Exception:
            LOGGER.exception("a mail could not be taken")
            return False
        return True
