"""Read what a report over several brands is made of: one brand at a time, in a transaction of that brand alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, BrandAgent, Site
from portavoce.conversations.models import Disposition
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.reporting.contract import Version, read_contract
from portavoce.reporting.models import Observation, Tally
from portavoce.reporting.month import LEADING, clauses_of, lob_names
from portavoce.reporting.months import Month, midnight, month_of
from portavoce.reporting.observing.changes import NOBODY
from portavoce.reporting.observing.units import CONTACT, HANDLED, SOLVED, TRANSFERRED
from portavoce.reporting.sums import is_overdue
from portavoce.reporting.team.figures import BrandMonths, Service, Told
from portavoce.reporting.team.grouping import Worker

OF_WORK = (CONTACT, HANDLED, SOLVED, TRANSFERRED)


class Chosen(NamedTuple):
    """A brand of the report."""

    id: UUID
    slug: str
    name: str
    zone: str


async def read_brands(
    database: Database, brands: Sequence[Chosen], first: Month, last: Month
) -> list[BrandMonths]:
    """Each in a snapshot of its own; whoever asks has seen to it that they may be read."""
    return [await _read_alone(database, brand, first, last) for brand in brands]


async def _read_alone(database: Database, brand: Chosen, first: Month, last: Month) -> BrandMonths:
    async with database.begin(Scope.reading({brand.id}), snapshot=True) as db:
        return await read_brand(db, brand, first, last)


async def read_brand(db: AsyncSession, brand: Chosen, first: Month, last: Month) -> BrandMonths:
    """Nine queries, whatever the months."""
    bounds = midnight(first.first, brand.zone), midnight(last.next.first, brand.zone)
    known, workers, names = await _people(db)
    choices = select(Disposition.code, Disposition.label).order_by(Disposition.id.desc())
    return BrandMonths(
        brand_id=brand.id,
        slug=brand.slug,
        name=brand.name,
        told=await _told(db, brand.zone, bounds, known, workers),
        promised=await _promised(db, brand.zone, bounds, await read_contract(db)),
        workers=workers,
        names=names,
        lobs=await lob_names(db),
        choices={row.code: row.label for row in await db.execute(choices)},
    )


async def _people(db: AsyncSession) -> tuple[dict[UUID, UUID], dict[UUID, Worker], dict[UUID, str]]:
    """Agents by the id the brand knows, what decides whether they may be named, and names of agents and sites."""
    query = (
        select(
            BrandAgent.id, AgentProfile.agent_id, AgentProfile.display_name, Site.id, Site.name,
            Site.monitoring_authorised,
        )
        .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
        .join(Site, Site.id == AgentProfile.site_id)
    )  # fmt: skip
    known: dict[UUID, UUID] = {}
    workers: dict[UUID, Worker] = {}
    names: dict[UUID, str] = {}
    for brand_agent_id, agent_id, name, site_id, site, authorised in await db.execute(query):
        known[brand_agent_id] = agent_id
        workers[agent_id] = Worker(agent_id, site_id, authorised)
        names |= {agent_id: name, site_id: site}
    return known, workers, names


async def _told(
    db: AsyncSession, zone: str, bounds: tuple[datetime, datetime], known: Mapping[UUID, UUID],
    workers: dict[UUID, Worker],
) -> list[Told]:  # fmt: skip
    """Whom no site knows counts as somebody of a site without authorisation."""
    key = (Tally.starts_at, Tally.measure, Tally.lob_id, Tally.code, Tally.brand_agent_id)
    sums = [func.sum(each).label(each.key) for each in (Tally.units, Tally.ended, Tally.used_s)]
    query = select(*key, *sums).where(Tally.measure.in_(OF_WORK), *_months(bounds)).group_by(*key)
    found = []
    for row in await db.execute(query):
        worker = None if row.brand_agent_id == NOBODY else known.get(row.brand_agent_id, row.brand_agent_id)
        if worker is not None:
            workers.setdefault(worker, Worker(worker, NOBODY, authorised=False))
        month = month_of(row.starts_at, zone)
        counts = (int(row.units), int(row.ended), int(row.used_s))
        found.append(Told(month, row.measure, row.lob_id, row.code, worker, *counts))
    return found


async def _promised(
    db: AsyncSession, zone: str, bounds: tuple[datetime, datetime], contract: Sequence[Version]
) -> dict[tuple[Month, UUID], Service]:
    """As the month's report counts them: of the leading clauses in force in each month, late is also what is past due."""
    found: dict[tuple[Month, UUID], Service] = defaultdict(Service)
    for query in (_decided(bounds), _overdue(bounds, zone, now(db))):
        for row in await db.execute(query):
            month = month_of(row.starts_at, zone)
            leading = [
                clause.id
                for clause in clauses_of(contract, *month.bounds(zone))
                if (clause.metric, clause.ordinal) == (LEADING, 1)
            ]
            if row.clause_id in leading:
                found[month, row.lob_id] += Service(met=int(row.met), decided=int(row.decided))
    return dict(found)


def _decided(bounds: tuple[datetime, datetime]) -> Select[*tuple[Any, ...]]:
    key = (Tally.starts_at, Tally.clause_id, Tally.lob_id)
    met, late = func.sum(Tally.met), func.sum(Tally.late)
    query = select(*key, met.label("met"), (met + late).label("decided"))
    return query.where(Tally.measure == str(LEADING), *_months(bounds)).group_by(*key)


def _overdue(bounds: tuple[datetime, datetime], zone: str, as_of: datetime) -> Select[*tuple[Any, ...]]:
    month = func.date_trunc("month", Observation.at, zone).label("starts_at")
    key = (month, Observation.clause_id, Observation.lob_id)
    units = func.count(Observation.from_n)
    return (
        select(*key, (units * 0).label("met"), units.label("decided"))
        .where(
            Observation.measure == str(LEADING),
            Observation.until_n.is_(None),
            is_overdue(as_of),
            Observation.at >= bounds[0],
            Observation.at < bounds[1],
        )
        .group_by(*key)
    )


def _months(bounds: tuple[datetime, datetime]) -> tuple[Any, ...]:
    return Tally.grain == "month", Tally.starts_at >= bounds[0], Tally.starts_at < bounds[1]
