"""The mail server inside the running loop: starts, counts its conversations, ends without losing one."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from socket import socket

from portavoce.channels.email.conversing import CLOSING, Conversation, LmtpConversation
from portavoce.channels.email.intake import Intake
from portavoce.channels.email.receiving import Accept, Known, ListenSettings
from portavoce.core.processes.sockets import BACKLOG

GRACE = 30.0  # seconds


class Server:
    """A listening server; `port` is the one really taken."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._conversations: set[Conversation] = set()
        self._listening: asyncio.Server | None = None
        self._empty = asyncio.Event()
        self._empty.set()
        self.port = 0

    async def start(self, sock: socket | None = None) -> None:
        settings, loop = self._intake.settings, asyncio.get_running_loop()
        if sock is None:
            self._listening = await loop.create_server(self._greet, host=settings.host, port=settings.port)
        else:
            self._listening = await loop.create_server(self._greet, sock=sock, backlog=BACKLOG)
        self.port = self._listening.sockets[0].getsockname()[1]

    def _greet(self) -> asyncio.Protocol:
        if len(self._conversations) >= self._intake.settings.max_connections:
            return TurnedAway()
        kind = LmtpConversation if self._intake.settings.protocol == "lmtp" else Conversation
        conversation = kind(self._intake, self._left, loop=asyncio.get_running_loop())
        self._conversations.add(conversation)
        self._empty.clear()
        return conversation

    def _left(self, conversation: Conversation) -> None:
        self._conversations.discard(conversation)
        if not self._conversations:
            self._empty.set()

    async def close(self, grace: float = GRACE) -> None:
        """No new connections; a mail in flight gets its answer within `grace` seconds, the rest a 421."""
        if self._listening is not None:
            self._listening.close()
        for conversation in tuple(self._conversations):
            conversation.dismiss()
        try:
            async with asyncio.timeout(grace):
                await self._empty.wait()
        except TimeoutError:
            for conversation in tuple(self._conversations):
                conversation.abort()
        if self._intake.running:
            await asyncio.wait(self._intake.running, timeout=grace)


class TurnedAway(asyncio.Protocol):
    """Told to come back because all conversations are taken."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(f"{CLOSING}\r\n".encode())
            transport.close()


async def serve(
    settings: ListenSettings,
    *,
    known: Known,
    accept: Accept,
    now: Callable[[], datetime],
    sock: socket | None = None,
) -> Server:
    """Listens until `close()`, on `sock` where one was handed down. `known` and `accept` are described in
    `receiving`; `now` is a clock's.

    aiosmtpd would log every address at INFO; addresses of customers do not belong into a log.
    """
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = Server(Intake(settings, known, accept, now))
    await server.start(sock)
    return server
