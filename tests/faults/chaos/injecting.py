"""The faults, each a short stretch of trouble that ends by itself. Most are cheap, some kill a process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx
import redis

from tests.fakes.smtp_sink import DROP
from tests.fakes.tcp_proxy import TcpProxy
from tests.faults.chaos.keeping import Keeper
from tests.faults.chaos.load import Load
from tests.faults.site import Site

OURS = "usename LIKE 'portavoce_%' AND datname = current_database()"
Fault = Callable[[], Awaitable[None]]
REFUSALS = {
    "relay says 421": ("greeting", "421 4.3.2 closing"),
    "relay says 450 to the recipient": ("RCPT", "450 4.2.1 later"),
    "relay says 429-like to the sender": ("MAIL", "451 4.7.1 rate limited"),
    "relay drops before the dot": ("DATA", DROP),
    "relay drops before the 250": ("dot", DROP),
    "relay refuses after the dot": ("dot", "452 4.3.1 full"),
}


@dataclass
class Trouble:
    """Everything that can be broken."""

    site: Site
    keeper: Keeper
    load: Load
    database: TcpProxy
    relay: TcpProxy
    queue: TcpProxy
    dice: random.Random
    stop_database: Fault | None = None

    def kinds(self) -> dict[str, tuple[int, Fault]]:
        """Name, weight, what is done."""
        kinds: dict[str, tuple[int, Fault]] = {
            "a backend of PostgreSQL terminated": (26, lambda: self._terminate("ORDER BY random() LIMIT 1")),
            "all backends terminated": (3, lambda: self._terminate("")),
            "lines to PostgreSQL cut": (6, lambda: self._turn(self.database, "cut", 0.1)),
            "PostgreSQL refuses connections": (2, lambda: self._turn(self.database, "refuse", 1.0)),
            "PostgreSQL falls silent": (1, lambda: self._turn(self.database, "silent", 1.5)),
            "PostgreSQL is slow": (3, lambda: self._slow(self.database)),
            "a brand's hot row locked": (3, self._lock),
            "a request cancelled": (16, self._cancel_request),
            "a mail broken off": (8, self._break_mail),
            "lines to the relay cut": (5, lambda: self._turn(self.relay, "cut", 0.3)),
            "no relay": (2, lambda: self._turn(self.relay, "refuse", 2.0)),
            "lines to Redis cut": (6, lambda: self._turn(self.queue, "cut", 0.1)),
            "Redis falls silent": (1, lambda: self._turn(self.queue, "silent", 1.0)),
            "Redis forgets everything": (5, self._flush),
            "Redis killed": (2, self._kill_redis),
            "engine killed": (2, lambda: self.keeper.kill("engine")),
            "worker killed": (3, lambda: self.keeper.kill("worker")),
            "web killed": (2, lambda: self.keeper.kill("serve")),
        }
        kinds |= {name: (2, self._refusal(*reply)) for name, reply in REFUSALS.items()}
        if self.stop_database is not None:
            kinds["PostgreSQL stopped at once"] = (1, self.stop_database)
        return kinds

    async def calm(self) -> None:
        """Nothing is broken any more."""
        self.site.sink.replies.clear()
        for proxy in (self.database, self.relay, self.queue):
            proxy.delay = 0.0
            await proxy.turn("open")

    async def _terminate(self, which: str) -> None:
        query = (
            f"SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE {OURS} {which}) t"
        )
        await self.site.superuser.execute(query.encode())

    async def _turn(self, proxy: TcpProxy, mood: str, seconds: float) -> None:
        await proxy.turn(mood)
        await asyncio.sleep(seconds)
        await proxy.turn("open")

    async def _slow(self, proxy: TcpProxy) -> None:
        proxy.delay = 0.05
        await asyncio.sleep(1)
        proxy.delay = 0.0

    async def _lock(self) -> None:
        brand = self.dice.choice(list(self.load.brands.values()))
        async with self.site.locked("SELECT 1 FROM pv.brand_head WHERE brand_id = %s FOR UPDATE", brand.id):
            await asyncio.sleep(self.dice.uniform(0.2, 1.5))

    async def _cancel_request(self) -> None:
        agent = self.dice.choice(self.load.agents)
        cookies = dict(agent.client.cookies)
        async with httpx.AsyncClient(base_url=self.site.settings.base_url, cookies=cookies) as client:
            with suppress(httpx.HTTPError):
                await client.get("/desk", timeout=self.dice.uniform(0.001, 0.1))

    async def _break_mail(self) -> None:
        brand = self.dice.choice(list(self.load.brands.values()))
        words = (
            b"EHLO x",
            b"MAIL FROM:<a@customer.example>",
            b"RCPT TO:<%s>" % brand.address.encode(),
            b"DATA",
            b"x",
        )
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.site.settings.smtp_port)
                for line in words[: self.dice.randint(1, len(words))]:
                    writer.write(line + b"\r\n")
                    await writer.drain()
                    await reader.read(200)
                writer.transport.abort()

    def _refusal(self, stage: str, reply: str) -> Fault:
        async def refuse() -> None:
            self.site.sink.replies[stage] = reply
            await asyncio.sleep(self.dice.uniform(0.5, 1.5))
            self.site.sink.replies.pop(stage, None)

        return refuse

    async def _flush(self) -> None:
        with suppress(redis.RedisError, OSError), redis.Redis.from_url(self.site.redis.url) as client:
            await asyncio.to_thread(client.flushall)

    async def _kill_redis(self) -> None:
        await self.site.kill_redis()
        await asyncio.sleep(self.dice.uniform(0.2, 1.5))
        await self.site.start_redis()
