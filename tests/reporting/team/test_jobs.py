"""A part of a file: made once, asked again whether it may be, and without anybody who may not be named."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portavoce.core.models import StoredFile
from portavoce.core.scope import HOUSE
from portavoce.core.unit import now
from portavoce.identity.models import AccessGrant
from portavoce.reporting.errors import NoReport
from portavoce.reporting.team.exporting import (
    read_export,
)
from tests.reporting.team.conftest import Office


async def test_a_part_is_made_once_and_holds_nobody_who_may_not_be_named(office: Office) -> None:
    await office.begin()
    await office.make()
    await office.make()
    assert await office.count(StoredFile) == 1
    async with office.database.begin(office.brands[0].reading) as db:
        file = (await db.scalars(select(StoredFile))).one()
    content = office.storage.read(file)
    assert b"Torino" in content
    assert not any(f'"{name}"'.encode() in content for name in "ABCDEF")


async def test_without_the_grant_at_work_time_nothing_is_made(office: Office) -> None:
    export_id = await office.begin()
    async with office.database.begin(HOUSE) as db:
        query = select(AccessGrant).where(
            AccessGrant.person_id == office.person_id, AccessGrant.brand_id == office.brands[1].id
        )
        (await db.scalars(query)).one().revoked_at = now(db)
    await office.make()
    export = await office.export(export_id)
    assert (export.done, export.failed, export.is_ready) == (1, True, False)
    with pytest.raises(NoReport):
        await read_export(office.database, office.storage, export)


async def test_an_agents_grant_is_not_enough(office: Office) -> None:
    export_id = await office.begin()
    async with office.database.begin(HOUSE) as db:
        for each in await db.scalars(select(AccessGrant).where(AccessGrant.person_id == office.person_id)):
            each.role = "agent"
    await office.make()
    assert (await office.export(export_id)).done == 0
