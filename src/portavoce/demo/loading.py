"""Loads the demo provider once, into an empty database only; what is somebody else's is never touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from enum import StrEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.audit.models import HouseAudit
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.demo import cast
from portavoce.demo.seeding import seed
from portavoce.demo.simulation import Plan
from portavoce.identity.models import Person
from portavoce.kit.clock import Clock, SystemClock
from portavoce.wiring import open_database

BEGUN, FINISHED = "demo.begun", "demo.finished"
Recreate = Callable[[], None]


class Found(StrEnum):
    """What the database holds."""

    NOTHING = "nothing"
    DEMO = "demo"
    HALF = "half"
    OTHER = "other"


class HalfLoaded(Exception):
    """A demo that was cut off, in a database that is not ours to make anew; the message says what to do."""


async def load_demo(
    settings: Settings,
    console: Console,
    *,
    recreate: Recreate | None = None,
    plan: Plan | None = None,
) -> bool:
    """Returns whether the demo provider is there. `recreate` empties our own embedded database; None for another's.

    Raises HalfLoaded when a loading was cut off and there is no `recreate`.
    """
    found = await look(settings)
    if found is Found.DEMO:
        return True
    if found is Found.OTHER:
        console.print("This installation holds data of its own, so the demo is not loaded.")
        return False
    if found is Found.HALF:
        _start_over(settings, console, recreate)
    await _fill(settings, console, plan or plan_until_now(SystemClock()))
    return True


def plan_until_now(clock: Clock) -> Plan:
    """Sixty days up to the last full hour."""
    return Plan(clock.now().replace(minute=0, second=0, microsecond=0))


async def look(settings: Settings) -> Found:
    database = open_database(settings)
    try:
        async with database.begin(HOUSE) as db:
            return await _found(db)
    finally:
        await database.close()


async def _found(db: AsyncSession) -> Found:
    marks = set(await db.scalars(select(HouseAudit.action).where(HouseAudit.action.in_((BEGUN, FINISHED)))))
    if FINISHED in marks:
        return Found.DEMO
    people = set(await db.scalars(select(Person.email)))
    if not people <= _known_people():
        return Found.OTHER
    if BEGUN in marks:
        return Found.HALF
    return Found.OTHER if people else Found.NOTHING


def _known_people() -> set[str]:
    parties = {cast.ADMIN, *cast.SUPERVISORS, *(party for team in cast.TEAMS for party in team.people)}
    return {each.email for each in parties} | {each.email for each in cast.OPERATORS}


def _start_over(settings: Settings, console: Console, recreate: Recreate | None) -> None:
    if recreate is None:
        raise HalfLoaded(
            "Loading the demo into this database was cut off. It is not Portavoce's own, so nothing was deleted: "
            "empty it yourself, or run with --no-demo."
        )
    console.print("Loading the demo was cut off last time: starting over with a new database.")
    recreate()
    shutil.rmtree(settings.files_dir / "brand", ignore_errors=True)


async def _fill(settings: Settings, console: Console, plan: Plan) -> None:
    database = open_database(settings)
    await _mark(database, BEGUN)
    console.print(
        f"Loading the demo: {plan.days} days of {cast.TEAMS[0].name}, {cast.TEAMS[1].name}, {cast.TEAMS[2].name} "
        f"and {cast.TEAMS[3].name} by the real verbs …"
    )
    with _progress(console) as progress:
        task = progress.add_task("people and brands", total=plan.days)

        def tell(day: int, contacts: int) -> None:
            progress.update(task, completed=min(day, plan.days), description=f"{contacts} contacts")

        await seed(settings, plan, tell)
    await _mark(database, FINISHED)
    await database.close()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("  {task.description:>18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        TimeElapsedColumn(),
        console=console,
    )


async def _mark(database: Database, action: str) -> None:
    async with database.begin(HOUSE) as db:
        audit_house(db, None, action, "house")
