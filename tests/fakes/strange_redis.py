"""A server where Redis should be: it answers as one that loads, only reads, is full, or is no Redis at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

WORDS = {
    "loading": b"-LOADING Redis is loading the dataset in memory\r\n",
    "readonly": b"-READONLY You can't write against a read only replica.\r\n",
    "oom": b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    "garbage": b"\xff\xfe<html>\xe8</html>\r\n*zwei\r\n$-7\r\n",
}
HARMLESS = (
    "PING",
    "AUTH",
    "SELECT",
    "HELLO",
    "CLIENT",
    "INFO",
    "ZCOUNT",
    "ZRANGEBYSCORE",
    "WATCH",
    "UNWATCH",
)


@dataclass
class StrangeRedis:
    """`mood` is a key of WORDS; `asked` counts connections, by which a loop that never rests gives itself away."""

    mood: str
    port: int = 0
    asked: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            while words := await _command(reader):
                writer.write(self._answer(words))
                await writer.drain()
        self._writers.discard(writer)
        writer.transport.abort()

    def _answer(self, words: list[bytes]) -> bytes:
        verb = words[0].decode("latin-1").upper()
        if self.mood in ("garbage", "loading"):
            return WORDS[self.mood]
        if verb == "PING":
            return b"+PONG\r\n"
        if verb in ("ZCOUNT", "INFO"):
            return b":0\r\n" if verb == "ZCOUNT" else b"$20\r\nredis_version:7.2.0\n\r\n"
        if verb == "ZRANGEBYSCORE":
            return b"*0\r\n"
        return b"+OK\r\n" if verb in HARMLESS else WORDS[self.mood]


async def _command(reader: asyncio.StreamReader) -> list[bytes]:
    """One command as clients write it: an array of bulk strings."""
    count = int((await reader.readuntil(b"\r\n"))[1:])
    words = []
    for _ in range(count):
        size = int((await reader.readuntil(b"\r\n"))[1:])
        words.append((await reader.readexactly(size + 2))[:-2])
    return words
