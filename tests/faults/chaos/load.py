"""A steady load: customers who write until they are told 250, agents who take, answer, give back and close."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from tests.faults.agent import Agent, signed_in
from tests.faults.site import Site
from tests.world import World, WorldAgent, WorldBrand, letter

MAIL_EVERY = 0.4
BREATH = 0.3
LISTS = re.compile(r'id="queue-(mine|waiting)"(.*?)</ol>', re.DOTALL)
CONTACT = re.compile(r"/b/([\w-]+)/interactions/([0-9a-f-]{36})")


@dataclass
class Load:
    """`written`: texts of answers and the brand they were written for, once somebody was told they were taken."""

    site: Site
    worlds: list[World]
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    told: Counter[int] = field(default_factory=Counter)
    written: list[tuple[UUID, str]] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    unsent: set[asyncio.Task[None]] = field(default_factory=set)
    going: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _numbers: int = 0

    @property
    def brands(self) -> dict[str, WorldBrand]:
        return {brand.slug: brand for world in self.worlds for brand in (world.aurora, world.bosco)}

    async def start(self) -> None:
        for world in self.worlds:
            for who in (world.anna, world.bruno):
                await self._sit_down(world, who)
        self.going.set()
        self._tasks = [asyncio.create_task(self._customers())]
        self._tasks += [asyncio.create_task(self._work(agent)) for agent in self.agents]

    async def _sit_down(self, world: World, who: WorldAgent) -> None:
        client = httpx.AsyncClient(base_url=self.site.settings.base_url)
        self.agents.append(await signed_in(client, world.database, who))

    async def pause(self) -> None:
        """No new work; who waits for a 250 gets it."""
        self.going.clear()
        while self.unsent:
            await asyncio.wait(self.unsent)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for agent in self.agents:
            await agent.client.aclose()

    async def _customers(self) -> None:
        while True:
            await self.going.wait()
            brand = self.dice.choice(list(self.brands.values()))
            self._numbers += 1
            sender = f"Cliente {self._numbers} <cliente{self._numbers}@customer.example>"
            raw = letter(brand.address, f"Domanda {self._numbers}", sender=sender)
            task = asyncio.create_task(self._until_taken(raw, brand))
            self.unsent.add(task)
            task.add_done_callback(self.unsent.discard)
            await asyncio.sleep(self.dice.uniform(0, 2 * MAIL_EVERY))

    async def _until_taken(self, raw: bytes, brand: WorldBrand) -> None:
        while (answer := await self.site.send(raw, brand)) != 250:
            self.told[answer] += 1
            await asyncio.sleep(0.5)
        self.done["mails taken"] += 1
        if self.dice.random() < 0.1:
            await self.site.send(raw, brand)
            self.done["mails repeated"] += 1

    async def _work(self, agent: Agent) -> None:
        while True:
            await self.going.wait()
            page = await agent.get("/desk")
            if page is not None:
                self.told[page.status_code] += 1
                with suppress(IndexError):
                    await self._step(agent, _lists(page.text))
            await asyncio.sleep(self.dice.uniform(0, 2 * BREATH))

    async def _step(self, agent: Agent, lists: dict[str, list[tuple[str, UUID]]]) -> None:
        mine, waiting = lists.get("mine", []), lists.get("waiting", [])
        if waiting and len(mine) < 3:
            slug, contact = self.dice.choice(waiting[:5])
            self._note("claims", await agent.claim(self.brands[slug], contact))
            return
        slug, contact = self.dice.choice(mine)
        if self.dice.random() < 0.1:
            self._note("releases", await agent.release(self.brands[slug], contact))
            return
        if self.dice.random() < 0.7:
            await self._answer(agent, self.brands[slug], contact)
        self._note("closures", await agent.close(self.brands[slug], contact))

    async def _answer(self, agent: Agent, brand: WorldBrand, contact: UUID) -> None:
        self._numbers += 1
        text = f"Risposta numero {self._numbers}."
        answer = await agent.write_once(brand, contact, text, tries=30)
        self._note("answers", answer)
        if answer == 303:
            self.written.append((brand.id, text))

    def _note(self, what: str, answer: int) -> None:
        self.told[answer] += 1
        self.done[what] += answer == 303


def _lists(html: str) -> dict[str, list[tuple[str, UUID]]]:
    found = {}
    for name, items in LISTS.findall(html):
        found[name] = [(slug, UUID(contact)) for slug, contact in dict.fromkeys(CONTACT.findall(items))]
    return found
