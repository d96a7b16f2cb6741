"""The dry run: a whole file line by line against what the brand knows, a part at a time, without changing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.countries import country_of
from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.customers.defining import attributes
from portavoce.customers.importing.fields import checked, field_of
from portavoce.customers.importing.known import known_to
from portavoce.customers.importing.planning import Asked, Plan, Planner, Typed, typed
from portavoce.customers.importing.reading import Sheet

PART = 500
"""Lines that are looked up, or written, together."""
Tell = Callable[[int, int], Awaitable[None]]
"""Done, of all."""


class Home(NamedTuple):
    """What the brand says of itself and asks of its customers."""

    language: str
    region: str
    asked: tuple[Asked, ...]


async def look_through(
    database: Database, brand_id: UUID, sheet: Sheet, mapping: Sequence[str], tell: Tell
) -> list[Plan]:
    """BadMapping when the brand no longer asks what a column was to be."""
    scope = Scope.reading({brand_id})
    async with database.begin(scope) as db:
        home = await _home(db)
    checked(mapping, len(sheet.headings), [each.field for each in home.asked])
    planner = Planner(home.asked, home.language)
    plans: list[Plan] = []
    await tell(0, len(sheet.rows))
    for start in range(0, len(sheet.rows), PART):
        lines = await asyncio.to_thread(_typed, sheet, start, mapping, home.region)
        async with database.begin(scope) as db:
            known = await known_to(db, lines)
        plans += await asyncio.to_thread(planner.plan_all, lines, known)
        await tell(len(plans), len(sheet.rows))
    return plans


def _typed(sheet: Sheet, start: int, mapping: Sequence[str], region: str) -> list[Typed]:
    return [typed(line, cells, mapping, region) for line, cells in sheet.rows[start : start + PART]]


async def _home(db: AsyncSession) -> Home:
    language, zone = (await db.execute(select(Brand.language, Brand.zone))).one()
    asked = tuple(
        Asked(each.id, field_of(each.id), each.kind, tuple(each.options))
        for each in await attributes(db)
        if not each.retired
    )
    return Home(language, country_of(zone), asked)
