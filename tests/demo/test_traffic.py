"""Customers against a real listener and with a real mail server of their own."""

from __future__ import annotations

import asyncio
import smtplib
import subprocess
import sys
from collections.abc import AsyncIterator
from email import message_from_bytes
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
import pytest_asyncio

from portavoce.channels.email.listening import Server, serve
from portavoce.channels.email.receiving import Arrival, ListenSettings, Recipient
from portavoce.core.config import Settings
from portavoce.demo import cast
from portavoce.demo.traffic import Town
from tests.database import NOON
from tests.demo.test_answering import _reply

BRAND = UUID(int=1)
FORBIDDEN = ("sqlalchemy", "psycopg", "redis", "portavoce.core.db")


class House:
    """The listener's side: takes every mail for a brand of the demo."""

    def __init__(self) -> None:
        self.taken: asyncio.Queue[Arrival] = asyncio.Queue()

    async def known(self, address: str) -> Recipient | None:
        mine = {box.address for team in cast.TEAMS for box in team.boxes}
        return Recipient(brand_id=BRAND, endpoint_id=BRAND, address=address) if address in mine else None

    async def accept(self, arrival: Arrival, _group: list[Recipient]) -> None:
        self.taken.put_nowait(arrival)


@pytest.fixture
def house() -> House:
    return House()


@pytest_asyncio.fixture(loop_scope="session")
async def listener(house: House) -> AsyncIterator[Server]:
    server = await serve(ListenSettings(), known=house.known, accept=house.accept, now=lambda: NOON)
    yield server
    await server.close()


@pytest.fixture
def town(listener: Server, tmp_path: Path) -> Town:
    settings = Settings(home=tmp_path, smtp_port=listener.port, sent_port=0)
    return Town(settings, Random(5), lambda: NOON, between=(0.01, 0.02), thinking=(0.0, 0.01), chance=1.0)


async def test_a_customer_writes_to_a_brand(town: Town, house: House) -> None:
    post = town.compose()
    assert await town.send(post)
    arrival = await asyncio.wait_for(house.taken.get(), 10)
    assert arrival.envelope_from == post.sender
    assert message_from_bytes(arrival.raw)["To"] == post.recipient


async def test_the_answer_of_a_brand_is_kept_and_answered_in_its_thread(town: Town, house: House) -> None:
    server = await town.receive()
    await asyncio.to_thread(_send, server.port, _reply())
    arrival = await asyncio.wait_for(house.taken.get(), 10)
    mail = message_from_bytes(arrival.raw)
    assert mail["To"] == "ciao+token@nordcaffe.example"
    assert mail["In-Reply-To"] == "<our.1@nordcaffe.example>"
    assert mail["References"].split() == ["<hers.1@posta.example>", "<our.1@nordcaffe.example>"]
    assert len(list(town.settings.sent_dir.glob("*.eml"))) == 1
    await server.close()


async def test_it_goes_on_until_told_to_stop(town: Town, house: House) -> None:
    stopping = asyncio.Event()
    life = asyncio.create_task(town.live(stopping))
    for _ in range(3):
        await asyncio.wait_for(house.taken.get(), 10)
    stopping.set()
    await asyncio.wait_for(life, 10)


async def test_a_listener_that_is_away_is_no_reason_to_stop(town: Town, listener: Server) -> None:
    await listener.close()
    assert not await town.send(town.compose())


def test_customers_have_no_database_in_reach() -> None:
    code = f"import portavoce.demo.traffic, sys; print([m for m in {FORBIDDEN!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _send(port: int, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        smtp.sendmail("ciao@nordcaffe.example", ["gina.rossini@posta.example"], raw)
