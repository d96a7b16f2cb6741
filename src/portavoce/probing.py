"""The nightly probe: the wall of every brand is tried from outside, and what came of it is kept for its client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import select

from portavoce.app import create_app
from portavoce.audit.isolation import Failure, Found, keep
from portavoce.audit.models import IsolationProbe
from portavoce.brands.models import Brand
from portavoce.brands.resolving import all_brand_ids
from portavoce.core.config import Settings
from portavoce.core.db import DISPATCH, Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.trespass import Walls, try_walls
from portavoce.web.trespassing.addresses import Names
from portavoce.web.trespassing.asking import awake
from portavoce.web.trespassing.attempts import trespass
from portavoce.web.trespassing.samples import sample
from portavoce.wiring import open_database

LOG = structlog.get_logger()
NEVER = "never"
Pages = Callable[[Sequence[Names], tuple[UUID, str] | None], Awaitable[Found]]


async def probe_when_due(settings: Settings, database: Database) -> None:
    """Once a day after `probe_at`, each brand that has no result of this day yet; asked again and again, it catches up."""
    now = database.clock.now()
    if not due(settings.probe_at, now):
        return
    brands = await _brands(database)
    waiting = set(brands) - await _probed(database, brands, now.date())
    if waiting:
        await probe(settings, sorted(waiting), night=now.date())


def due(probe_at: str, now: datetime) -> bool:
    """`probe_at` is a time of day in UTC, or `never`."""
    return probe_at != NEVER and now.time() >= time.fromisoformat(probe_at)


async def probe(
    settings: Settings, only: Sequence[UUID] | None = None, *, night: date | None = None
) -> dict[UUID, Found]:
    """Try the walls of these brands, or of all; gives what was found by brand. Kept under `night`, today without one.

    A brand whose probe breaks off is logged and left out: the next round takes it up.
    """
    database = open_database(settings)
    app = create_app(settings, database)
    async with awake(app):
        brands = await _brands(database)
        walls = await try_walls(database, brands)
        results = {}
        for brand_id in brands if only is None else only:
            try:
                found = await _probe(partial(trespass, app), database, brand_id, brands, walls)
                await _keep(database, brand_id, night or database.clock.now().date(), found)
            except Exception:
                LOG.exception("a brand's probe broke off", brand=str(brand_id))
            else:
                results[brand_id] = found
    return results


async def _probe(
    pages: Pages, database: Database, brand_id: UUID, brands: Sequence[UUID], walls: Walls
) -> Found:
    async with database.begin(Scope.reading([brand_id])) as db:
        samples = await sample(db, brand_id)
    asked = await pages(samples, await _neighbour(database, brand_id, brands))
    seen = [Failure("database", each) for each in sorted(walls.seen.get(brand_id, ()))]
    return Found({"database": walls.checks}, seen) + asked


async def _neighbour(database: Database, brand_id: UUID, brands: Sequence[UUID]) -> tuple[UUID, str] | None:
    """Another brand, if the house has one."""
    other = next((each for each in brands if each != brand_id), None)
    if other is None:
        return None
    async with database.begin(Scope.reading([other])) as db:
        return other, (await db.scalars(select(Brand.slug).where(Brand.id == other))).one()


async def _keep(database: Database, brand_id: UUID, night: date, found: Found) -> None:
    stored = await database.run(Scope.writing(brand_id), lambda db: keep(db, night, found))
    for failure in found.failures:
        LOG.critical("isolation failed", brand=str(brand_id), kind=failure.kind, what=failure.what)
    LOG.info("isolation probed", brand=str(brand_id), failures=len(found.failures), stored=stored)


async def _brands(database: Database) -> list[UUID]:
    async with database.begin(HOUSE, role=DISPATCH) as db:
        return await all_brand_ids(db)


async def _probed(database: Database, brands: Sequence[UUID], night: date) -> set[UUID]:
    if not brands:
        return set()
    async with database.begin(Scope.reading(brands)) as db:
        query = select(IsolationProbe.brand_id).where(IsolationProbe.night == str(night))
        return set((await db.scalars(query)).all())
