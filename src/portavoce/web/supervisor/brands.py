"""`/s`: the brands that the person answers for, with the reliefs of each that nobody has decided about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.told import State
from portavoce.web.access import SUPERVISOR_ROLES, Actor
from portavoce.web.pages import AnyRequest, page, shell

HOME = "/s"


class Face(msgspec.Struct, frozen=True):
    """How a brand is shown to its supervisors."""

    id: UUID
    slug: str
    name: str
    shape: str
    monogram: str
    zone: str


class BrandController(Controller):
    path = "/"

    @get()
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        supervised = actor.brands(SUPERVISOR_ROLES)
        database: Database = request.app.state.database
        async with database.begin(Scope.reading(supervised)) as db:
            brands, waiting = await read_faces(db, supervised), await undecided(db)
        told = {"brands": brands, "waiting": waiting}
        return page(shell(request, actor, "supervisor/brands.html", current=HOME, **told))


async def read_faces(db: AsyncSession, brand_ids: Collection[UUID]) -> list[Face]:
    """The brands in scope among these, by name."""
    columns = (Brand.id, Brand.slug, Brand.name, Brand.shape, Brand.monogram, Brand.zone)
    query = select(*columns).where(Brand.id.in_(brand_ids)).order_by(Brand.name, Brand.id)
    return [Face(*row) for row in await db.execute(query)]


async def undecided(db: AsyncSession) -> dict[UUID, int]:
    """By brand of the read scope; those without any are left out."""
    query = (
        select(ReliefEvent.brand_id, func.count(ReliefEvent.id))
        .where(ReliefEvent.state == State.PROPOSED)
        .group_by(ReliefEvent.brand_id)
    )
    return {row[0]: row[1] for row in await db.execute(query)}
