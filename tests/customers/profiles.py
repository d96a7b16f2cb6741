"""Gina, a customer of Aurora, with what Aurora asks about its customers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from portavoce.customers.defining import add_attribute
from portavoce.customers.editing import edit
from portavoce.customers.finding import find_or_create
from portavoce.customers.queries import Profile, profile_of
from tests.floor import GINA, Floor
from tests.world import WorldBrand


async def gina(
    floor: Floor, *, at: WorldBrand | None = None, address: str = GINA, name: str = "Gina"
) -> UUID:
    return (await floor.do(find_or_create, "email", address, name, "it", at=at)).id


async def asks(
    floor: Floor, key: str, kind: str = "text", *, choices: tuple[str, ...] = (), masked: bool = False,
    at: WorldBrand | None = None,
) -> UUID:  # fmt: skip
    return await floor.do(
        add_attribute,
        key=key,
        label=key.title(),
        kind=kind,
        choices=choices,
        masked=masked,
        by="admin",
        at=at,
    )


async def read(floor: Floor, customer_id: UUID, at: WorldBrand | None = None) -> Profile:
    async with floor.database.begin((at or floor.aurora).reading) as db:
        return await profile_of(db, customer_id)


async def write(floor: Floor, customer_id: UUID, given: Mapping[str, str], *, version: int = 1) -> int:
    return await floor.do(edit, customer_id, given, version=version, by=floor.anna)
