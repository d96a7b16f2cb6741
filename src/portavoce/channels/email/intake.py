"""Between a conversation and the two injected callables: who is known, and who has really taken a mail."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec
import structlog

from portavoce.channels.email.addresses import normalise
from portavoce.channels.email.charsets import storable
from portavoce.channels.email.receiving import (
    Accept,
    Arrival,
    Deferred,
    Known,
    ListenSettings,
    Recipient,
    by_brand,
    trace,
)
from portavoce.core import metrics
from portavoce.core.logs import about
from portavoce.kit.addresses import BadAddress

LOG = structlog.get_logger()
TAKEN = "250 2.0.0 Taken"
NOT_TAKEN = "451 4.3.0 Not taken, try again later"
TOO_LARGE = "552 5.3.4 Message too large"


class Intake:
    """Shared by all conversations of one server; `held` octets are in memory, `running` acceptances not finished."""

    def __init__(
        self, settings: ListenSettings, known: Known, accept: Accept, now: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.held = 0
        self.running: set[asyncio.Task[str]] = set()
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
        """The answers to give: one for SMTP, one a recipient for LMTP. "Taken" only after accept() returned.

        Over SMTP a mail too large for one of its brands is taken for none: the one answer must be true for all.
        """
        is_lmtp = self.settings.protocol == "lmtp"
        if not is_lmtp and any(_too_large(content, recipient) for recipient in recipients):
            metrics.MAILS.labels("refused", "size").inc()
            return [TOO_LARGE]
        arrival = Arrival(
            raw=b"",
            envelope_from=storable(envelope_from),
            peer=str(peer[0]) if isinstance(peer, tuple) else "local",
            helo=storable(helo),
            received_at=self._now(),
        )
        taken, groups, size = {}, by_brand(recipients), len(content)
        for n, group in enumerate(groups, 1):
            raw = trace(arrival, group, self.settings) + content
            content = content if n < len(groups) else b""  # no longer needed, and it may be large
            mail = msgspec.structs.replace(arrival, raw=raw)
            del raw
            with about(brand=str(group[0].brand_id)):
                taken[group[0].brand_id] = await self._hand_over(mail, group, size)
            del mail
        if is_lmtp:
            return [taken[recipient.brand_id] for recipient in recipients]
        return [next((answer for answer in taken.values() if answer != TAKEN), TAKEN)]

    async def _hand_over(self, arrival: Arrival, group: list[Recipient], size: int) -> str:
        """Runs on when the sender hangs up or we lose patience: a commit is never cut in two."""
        if 0 < group[0].max_size < size:
            metrics.MAILS.labels("refused", "size").inc()
            return TOO_LARGE
        task = asyncio.ensure_future(self._accepted(arrival, group))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        done, _ = await asyncio.wait({task}, timeout=self.settings.accept_timeout)
        return task.result() if task in done else NOT_TAKEN

    async def _accepted(self, arrival: Arrival, group: list[Recipient]) -> str:
        try:
            await self._accept(arrival, group)
        except Deferred as deferral:
            metrics.MAILS.labels("refused", deferral.reason).inc()
            LOG.warning("a mail was deferred", reason=deferral.reason)
            return deferral.answer
        except Exception:
            metrics.MAILS.labels("refused", "trouble").inc()
            LOG.exception("a mail could not be taken")
            return NOT_TAKEN
        return TAKEN


def _too_large(content: bytes, recipient: Recipient) -> bool:
    return 0 < recipient.max_size < len(content)
