"""What could not be delivered: every brand's, each read within its own wall, and to the house's administrators its own."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.dead_letters import (
    DeadLetter,
    dead_counts,
    dead_letters,
    give_up,
    give_up_house,
    house_dead_letters,
    retry,
    retry_house,
)
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.web.access import (
    ADMIN_ROLES,
    DESK_ROLES,
    Actor,
    house_admin,
    provide_admin_brand,
    provide_brand_db,
)
from portavoce.web.admin.listing import BrandRow, brand_rows
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
HERE = "/admin/undelivered"
OF_BRAND = "/admin/b/{brand:str}/undelivered/{row:uuid}"
OF_HOUSE = f"{HERE}/{{row:uuid}}"


class AttemptForm(msgspec.Struct, kw_only=True):
    """`twice`: the person knows that it may have arrived."""

    twice: bool = False


class AbandonmentForm(msgspec.Struct, kw_only=True):
    reason: Annotated[str, msgspec.Meta(min_length=3, max_length=200)]


class UndeliveredController(Controller):
    path = HERE

    @get("/")
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        return page(await _page(request, actor, {}))


class AttemptController(Controller):
    """Once more, with all its tries."""

    path = f"{OF_BRAND}/attempt"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        db: NamedDependency[AsyncSession],
        row: FromPath[UUID],
    ) -> Redirect:
        form, _, _ = await read(request, AttemptForm)
        await retry(db, row, by=actor.person_id, even_twice=form is not None and form.twice)
        return Redirect(HERE, status_code=303)


class AbandonmentController(Controller):
    path = f"{OF_BRAND}/abandonment"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        db: NamedDependency[AsyncSession],
        row: FromPath[UUID],
    ) -> Redirect:
        await give_up(db, row, await _reason(request, actor, row), by=actor.person_id)
        return Redirect(HERE, status_code=303)


class HouseAttemptController(Controller):
    path = f"{OF_HOUSE}/attempt"
    guards = (house_admin,)

    @post("/", status_code=303)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], row: FromPath[UUID]
    ) -> Redirect:
        async with request.app.state.database.begin(HOUSE) as db:
            await retry_house(db, row, by=actor.person_id)
        return Redirect(HERE, status_code=303)


class HouseAbandonmentController(Controller):
    path = f"{OF_HOUSE}/abandonment"
    guards = (house_admin,)

    @post("/", status_code=303)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], row: FromPath[UUID]
    ) -> Redirect:
        reason = await _reason(request, actor, row)
        async with request.app.state.database.begin(HOUSE) as db:
            await give_up_house(db, row, reason, by=actor.person_id)
        return Redirect(HERE, status_code=303)


UNDELIVERED = (
    UndeliveredController,
    AttemptController,
    AbandonmentController,
    HouseAttemptController,
    HouseAbandonmentController,
)


async def _reason(request: AnyRequest, actor: Actor, row: UUID) -> str:
    form, errors, _ = await read(request, AbandonmentForm)
    if form is None:
        raise Rejected(422, html=await _page(request, actor, {f"reason-{row}": errors["reason"]}))
    return form.reason


async def _page(request: AnyRequest, actor: Actor, errors: dict[str, str]) -> str:
    database: Database = request.app.state.database
    house = []
    if actor.house_admin:
        async with database.begin(HOUSE) as db:
            house = await house_dead_letters(db)
    return shell(
        request,
        actor,
        "admin/undelivered.html",
        current=HERE,
        brands=await _by_brand(database, actor),
        house=house,
        at_desk=actor.brands(DESK_ROLES),
        errors=errors,
    )


async def _by_brand(database: Database, actor: Actor) -> list[tuple[BrandRow, list[DeadLetter]]]:
    """Only counts are read across brands; what is in them, one brand a transaction."""
    brands = actor.brands(ADMIN_ROLES)
    if not brands:
        return []
    async with database.begin(Scope.reading(brands)) as db:
        counts = await dead_counts(db)
        rows = await brand_rows(db, counts) if counts else []
    found = []
    for brand in rows:
        async with database.begin(Scope.reading({brand.id})) as db:
            found.append((brand, await dead_letters(db)))
    return found
