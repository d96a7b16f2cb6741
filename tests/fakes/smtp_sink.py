"""A mail relay that swallows mail and misbehaves on request."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

DROP = "drop"
SILENCE = "silence"

DEFAULTS = {
    "greeting": "220 sink ready",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "body": "",
    "dot": "250 2.0.0 queued as SINK1",
    "QUIT": "221 bye",
    "RSET": "250 ok",
    "NOOP": "250 ok",
}


@dataclass(frozen=True)
class Sunk:
    """One mail as it came, dots unstuffed; `user` is who signed in."""

    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes
    user: str
    encrypted: bool


@dataclass
class SmtpSink:
    """`replies` maps a stage (greeting, STARTTLS, AUTH, MAIL, RCPT, DATA, body, dot, QUIT) to what is said there.

    A reply of DROP closes the connection there, SILENCE never answers. At "body" the sink acts after the first
    octets of the mail, before its dot. `mails` holds every mail whose dot arrived, answered or not; `taken` leaves
    out those whose dot was refused.
    """

    replies: dict[str, str] = field(default_factory=dict)
    starttls: ssl.SSLContext | None = None
    implicit_tls: ssl.SSLContext | None = None
    users: dict[str, str] = field(default_factory=dict)
    mails: list[Sunk] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def taken(self) -> list[Sunk]:
        return [mail for number, mail in enumerate(self.mails) if number not in self.refused]

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self.implicit_tls, limit=2**20
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def interrupt(self, words: bytes) -> None:
        """Says something unasked to everyone and hangs up politely."""
        for writer in tuple(self._open):
            writer.write(words)
            await writer.drain()
            writer.write_eof()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, Hangup, ssl.SSLError):
            await Talk(self, reader, writer).run()
        self._open.discard(writer)
        writer.transport.abort()


class Hangup(Exception):
    """The sink ends this conversation."""


class Talk:
    """One conversation with the sink."""

    def __init__(self, sink: SmtpSink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sink = sink
        self.reader = reader
        self.writer = writer
        self.encrypted = sink.implicit_tls is not None
        self.user = ""
        self.sender = ""
        self.recipients: list[str] = []

    async def run(self) -> None:
        await self.say("greeting")
        while line := await self.reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            self.sink.seen.append(verb.upper())
            await self.obey(verb.upper(), rest)

    async def say(self, stage: str) -> str:
        reply = self.sink.replies.get(stage, DEFAULTS.get(stage, "502 what?"))
        if reply == DROP:
            raise Hangup
        if reply == SILENCE:
            await asyncio.Event().wait()
        if reply:
            self.writer.write(f"{reply}\r\n".encode())
            await self.writer.drain()
        return reply

    async def obey(self, verb: str, rest: str) -> None:
        if verb in ("EHLO", "HELO"):
            await self.greet(verb)
        elif verb == "AUTH":
            await self.sign_in(rest)
        elif verb == "DATA":
            await self.take()
        else:
            reply = await self.say(verb)
            await self.after(verb, rest, taken=reply.startswith("2"))

    async def greet(self, verb: str) -> None:
        if verb in self.sink.replies:
            await self.say(verb)
            return
        offers = ["sink", "SIZE 30000000"]
        if self.sink.starttls and not self.encrypted:
            offers.append("STARTTLS")
        if self.sink.users and (self.encrypted or not self.sink.starttls):
            offers.append("AUTH PLAIN")
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()

    async def after(self, verb: str, rest: str, *, taken: bool) -> None:
        if verb == "STARTTLS" and taken and self.sink.starttls:
            await self.writer.start_tls(self.sink.starttls)
            self.encrypted = True
        elif verb == "MAIL":
            self.sender, self.recipients = rest.partition("<")[2].partition(">")[0], []
        elif verb == "RCPT" and taken:
            self.recipients.append(rest.partition("<")[2].partition(">")[0])
        elif verb == "QUIT":
            raise Hangup

    async def sign_in(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\x00")
        if self.sink.users.get(user) != password:
            self.writer.write(b"535 5.7.8 wrong name or password\r\n")
            return
        self.user = user
        await self.say("AUTH")

    async def take(self) -> None:
        if not (await self.say("DATA")).startswith("354"):
            return
        content = bytearray()
        if "body" in self.sink.replies:
            await self.reader.read(10)
            await self.say("body")
            raise Hangup
        while (line := await self.reader.readuntil(b"\r\n")) != b".\r\n":
            content += line[1:] if line.startswith(b".") else line
        number = len(self.sink.mails)
        self.sink.mails.append(
            Sunk(self.sender, tuple(self.recipients), bytes(content), self.user, self.encrypted)
        )
        if (await self.say("dot"))[:1] in ("4", "5"):
            self.sink.refused.add(number)


@asynccontextmanager
async def running(sink: SmtpSink) -> AsyncIterator[SmtpSink]:
    """The sink listening on a free port of 127.0.0.1."""
    await sink.start()
    try:
        yield sink
    finally:
        await sink.close()
