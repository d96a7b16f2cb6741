"""Customers who keep writing while the demo runs: they speak SMTP to the listener and have a mail server of their own.

No database is in reach here: what they know of a brand is its address and what its mails say.
"""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

import structlog

from portavoce.channels.email.listening import Server, serve
from portavoce.channels.email.local_mailbox import keep
from portavoce.channels.email.receiving import Arrival, ListenSettings, Recipient
from portavoce.core.config import Settings
from portavoce.core.loops import stop_on_signals
from portavoce.demo import cast, posts, texts
from portavoce.demo.answering import CHANCE, answer_to
from portavoce.demo.posts import Post
from portavoce.kit.clock import SystemClock

LOG = structlog.get_logger()
BETWEEN = (20.0, 40.0)
THINKING = (25.0, 90.0)
TIMEOUT = 20.0
NOBODY = UUID(int=0)


@dataclass(slots=True)
class Town:
    """The customers and their mail server. `between` and `thinking` are ranges of seconds; `chance` is of an answer."""

    settings: Settings
    random: Random
    now: Callable[[], datetime]
    between: tuple[float, float] = BETWEEN
    thinking: tuple[float, float] = THINKING
    chance: float = CHANCE
    _errands: set[asyncio.Task[None]] = field(default_factory=set)

    async def live(self, stopping: asyncio.Event) -> None:
        """Receive and write until told to stop. A listener that does not answer is tried again later."""
        server = await self.receive()
        while not await _told(stopping, self.random.uniform(*self.between)):
            await self.send(self.compose())
        for errand in self._errands:
            errand.cancel()
        await server.close()

    async def receive(self) -> Server:
        """The mail server of all customers: it keeps what comes for the page of sent mail, and may lead to an answer."""

        async def anyone(address: str) -> Recipient:
            return Recipient(brand_id=NOBODY, endpoint_id=NOBODY, address=address)

        async def take(arrival: Arrival, _group: list[Recipient]) -> None:
            await asyncio.to_thread(keep, self.settings.sent_dir, arrival.raw, arrival.received_at)
            errand = asyncio.create_task(self._think_over(arrival.raw))
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)

        listen = ListenSettings(
            host=self.settings.host, port=self.settings.sent_port, hostname="customers.localhost"
        )
        return await serve(listen, known=anyone, accept=take, now=self.now)

    def compose(self) -> Post:
        """A new matter for a brand by chance."""
        team = self.random.choices(cast.TEAMS, [each.share for each in cast.TEAMS])[0]
        name = f"{self.random.choice(cast.FIRST_NAMES)} {self.random.choice(cast.LAST_NAMES)}"
        sender = f"{name.lower().replace(' ', '.')}@{self.random.choice(cast.MAIL_HOSTS)}"
        subject, text = texts.opening(self.random, texts.draft(self.random, team.slug, name, "it"))
        box = self.random.choice(team.boxes)
        message_id = f"<{self.random.getrandbits(64):016x}@{sender.rpartition('@')[2]}>"
        html = self.random.random() < 0.3
        return Post(name, sender, box.address, subject, text, message_id, self.now(), html=html)

    async def send(self, post: Post) -> bool:
        """Whether the listener took it."""
        try:
            await asyncio.to_thread(self._deliver, post)
        except (OSError, smtplib.SMTPException) as error:
            LOG.info("a customer could not write", reason=str(error))
            return False
        return True

    def _deliver(self, post: Post) -> None:
        where = (self.settings.host, self.settings.smtp_port)
        with smtplib.SMTP(*where, local_hostname="customers.localhost", timeout=TIMEOUT) as smtp:
            smtp.sendmail(post.sender, [post.recipient], posts.write(post))

    async def _think_over(self, raw: bytes) -> None:
        post = answer_to(raw, self.random, self.now(), chance=self.chance)
        if post is not None:
            await asyncio.sleep(self.random.uniform(*self.thinking))
            await self.send(post)


async def run_traffic(settings: Settings) -> None:
    """Blocks until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    random = Random()  # noqa: S311 -- chance for small talk
    await Town(settings, random, SystemClock().now).live(stopping)


async def _told(stopping: asyncio.Event, seconds: float) -> bool:
    """Sleeps so long, or wakes at once when it is time to stop; returns whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
    return stopping.is_set()
