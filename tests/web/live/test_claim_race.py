"""Two web processes, fifty people, one claim per contact, never two."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from portavoce.conversations.models import Interaction
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from tests.database import Installation
from tests.depth import scaled
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker
from tests.web.live.serving import WebProcess

PEOPLE = 50
ITEMS = scaled(60, deep=1_000)
"""The promise speaks of 1,000; `make test-deep` claims them all."""
CONTENDERS = 3
CROWDS = (2, 10, 50)
ROUNDS = scaled(1, deep=333)
"""Of each size of crowd: a thousand contacts in all."""
AT_ONCE = 25
CONTACTS = 30
"""Fewer than people who ask for the next."""


@pytest.fixture
async def processes(live_settings: Settings, installation: Installation) -> AsyncIterator[list[WebProcess]]:
    started = [WebProcess(live_settings.home, live_settings.redis_url, installation.urls) for _ in range(2)]
    await asyncio.gather(*(asyncio.to_thread(process.start) for process in started))
    yield started
    await asyncio.gather(*(asyncio.to_thread(process.close) for process in started))


async def attempt(
    client: httpx.AsyncClient, settings: Settings, process: WebProcess, brand: DeskBrand, worker: Worker, item: UUID
) -> tuple[int, str]:  # fmt: skip
    headers = {**house.headers_of(settings, worker), "Cookie": f"portavoce={worker.cookie}"}
    url = f"{process.url}/b/{brand.slug}/interactions/{item}/claim"
    answer = await client.post(url, headers=headers)
    return answer.status_code, answer.text


async def test_every_contact_is_claimed_exactly_once_and_losers_learn_by_whom(
    processes: list[WebProcess], live_settings: Settings, live_database: Database
) -> None:
    aurora = await house.make_brand(live_database, await house.make_admin(live_database), "Aurora")
    people = [
        await house.make_worker(live_database, [aurora], f"Operatore {number:02}", cap=ITEMS)
        for number in range(PEOPLE)
    ]
    items = [
        (await house.arrive(live_database, aurora, customer=f"C {number}"))[0] for number in range(ITEMS)
    ]
    dice = random.Random(7)
    tries = [(item, worker) for item in items for worker in dice.sample(people, CONTENDERS)]
    gate = asyncio.Semaphore(AT_ONCE)

    async with httpx.AsyncClient(timeout=60) as client:

        async def compete(item: UUID, worker: Worker) -> tuple[int, str]:
            async with gate:
                return await attempt(client, live_settings, dice.choice(processes), aurora, worker, item)

        answers = await asyncio.gather(*(compete(item, worker) for item, worker in tries))
    statuses = Counter(status for status, _ in answers)
    assert statuses == {200: ITEMS, 409: ITEMS * (CONTENDERS - 1)}
    assert all("Operatore " in text for status, text in answers if status == 409)
    async with live_database.begin(Scope.reading({aurora.id})) as db:
        held = await db.scalar(select(func.count()).where(Interaction.state == "assigned"))
    assert held == ITEMS


@pytest.mark.deep
async def test_all_who_ask_for_the_next_at_once_get_one_contact_each_and_each_contact_one_of_them(
    processes: list[WebProcess], live_settings: Settings, live_database: Database
) -> None:
    elena = await house.make_admin(live_database)
    brands = [await house.make_brand(live_database, elena, name) for name in ("Aurora", "Bosco")]
    people = [
        await house.make_worker(live_database, brands, f"Operatore {number:02}") for number in range(PEOPLE)
    ]
    for number in range(CONTACTS):
        await house.arrive(live_database, brands[number % 2], customer=f"C {number}")

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=PEOPLE)) as client:

        async def ask(number: int, worker: Worker) -> tuple[int, str | None]:
            headers = {**house.headers_of(live_settings, worker), "Cookie": f"portavoce={worker.cookie}"}
            answer = await client.post(f"{processes[number % 2].url}/desk/next", headers=headers)
            return answer.status_code, answer.headers.get("hx-push-url")

        answers = await asyncio.gather(*(ask(number, worker) for number, worker in enumerate(people)))
    assert {status for status, _ in answers} == {200}
    given = [address for _, address in answers if address]
    assert len(given) == len(set(given)) == CONTACTS
    async with live_database.begin(Scope.reading({brand.id for brand in brands})) as db:
        query = select(Interaction.brand_id, Interaction.brand_agent_id).where(
            Interaction.state == "assigned"
        )
        held = [tuple(row) for row in await db.execute(query)]
    assert len(held) == len(set(held)) == CONTACTS


@pytest.mark.deep
async def test_of_all_who_take_one_contact_at_one_instant_one_has_it_and_the_others_read_whose_it_is(
    processes: list[WebProcess], live_settings: Settings, live_database: Database
) -> None:
    aurora = await house.make_brand(live_database, await house.make_admin(live_database), "Aurora")
    people = [
        await house.make_worker(live_database, [aurora], f"Operatore {n:02}", cap=ROUNDS * len(CROWDS))
        for n in range(max(CROWDS))
    ]
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=max(CROWDS))) as client:
        for crowd in CROWDS * ROUNDS:
            item, _message = await house.arrive(live_database, aurora)
            answers = await asyncio.gather(
                *(
                    attempt(client, live_settings, processes[n % 2], aurora, worker, item)
                    for n, worker in enumerate(people[:crowd])
                )
            )
            [winner] = [
                worker.alias
                for worker, (status, _) in zip(people[:crowd], answers, strict=True)
                if status == 200
            ]
            lost = [text for status, text in answers if status == 409]
            assert len(lost) == crowd - 1
            assert all(winner in text for text in lost)
    async with live_database.begin(Scope.reading({aurora.id})) as db:
        held = await db.scalar(select(func.count()).where(Interaction.state == "assigned"))
    assert held == ROUNDS * len(CROWDS)
