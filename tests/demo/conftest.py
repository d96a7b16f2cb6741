"""A small provider of the demo, simulated twice from one seed for all tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from portavoce import wiring
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.core.db import Database
from portavoce.demo.calendar import windows
from portavoce.demo.counter import stand_in_shops
from portavoce.demo.evening import last_hours
from portavoce.demo.founding import Founded, found
from portavoce.demo.hours import announce_eves, keep_patrons
from portavoce.demo.office import last_wishes, owe_tasks
from portavoce.demo.reliefs import excuse
from portavoce.demo.simulation import DESKS, Ground, Plan, open_desk
from portavoce.demo.swift import SwiftStorage, hurry
from portavoce.demo.telling import tell_the_client
from portavoce.identity.mails import House
from portavoce.identity.passwords import Passwords
from portavoce.kit.ids import SeededClock
from tests.database import Installation

KEYS = ThreadKeys("a", {"a": b"demo" * 8})
END = datetime(2026, 3, 5, 14, tzinfo=UTC)
"""A Thursday afternoon: every brand is open."""
PLAN = Plan(END, days=3, contacts=48, seed=7)


@dataclass(frozen=True)
class Simulated:
    """A finished simulation, its database, and the ids of its brands and agents."""

    installation: Installation
    founded: Founded
    database: Database
    files: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the database, whoever may see it."""
        with psycopg.connect(self.installation.superuser_dsn) as superuser:
            return superuser.execute(query.encode()).fetchall()


def ground(installation: Installation, files: Path, seed: int, at: datetime) -> Ground:
    clock = SeededClock(at, seed)
    database = Database(
        installation.urls, clock, reactions=wiring.reactions(KEYS), last_writers=wiring.LAST_WRITERS
    )
    return Ground(hurry(database), clock, SwiftStorage(files), KEYS, "deployment")


async def simulate(installation: Installation, files: Path, plan: Plan = PLAN) -> Simulated:
    """What `seeding` does with processes, here one desk's day after the other's."""
    first = ground(installation, files, 1, plan.start - timedelta(hours=1))
    passwords = Passwords()
    founded = await found(first.database, House("Voxa", "http://localhost"), passwords)
    await keep_patrons(first.database, founded)
    await owe_tasks(first.database, founded)
    passwords.close()
    grounds = [ground(installation, files, 10 + desk, plan.start) for desk in DESKS]
    floors = [await open_desk(each, founded, plan, desk) for desk, each in zip(DESKS, grounds, strict=True)]
    for until in windows(plan.start, plan.end):
        for floor in floors:
            await floor.run_until(until)
    last = ground(installation, files, 99, plan.end)
    await last_hours(last, founded, plan)
    await stand_in_shops(last, founded, plan)
    await announce_eves(last, founded)
    await excuse(last, founded)
    await tell_the_client(last, founded)
    await last_wishes(last, founded)
    for each in (*grounds, last):
        await each.database.close()
    return Simulated(installation, founded, first.database, files)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(
    install: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Simulated]:
    made = await simulate(install(), tmp_path_factory.mktemp("demo"))
    yield made
    await made.database.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def again(
    install: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Simulated]:
    """The same seed and end in another database."""
    made = await simulate(install(), tmp_path_factory.mktemp("again"))
    yield made
    await made.database.close()
