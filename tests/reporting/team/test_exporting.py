"""A file over several brands: a part in each brand's storage, the whole only for who supervises all of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.limits import set_limit
from portavoce.core.errors import TooMany
from portavoce.core.models import StoredFile
from portavoce.reporting.errors import NoReport
from portavoce.reporting.months import Month
from portavoce.reporting.team.exporting import (
    forget_exports,
    read_export,
)
from portavoce.reporting.team.models import ReportPart
from portavoce.reporting.team.pieces import By
from portavoce.reporting.team.reading import read_brands
from portavoce.reporting.team.rows import team_report
from tests.reporting.team.conftest import Office

MARCH = Month(2026, 3)


@pytest.mark.parametrize("by", [By.AGENT, By.QUEUE])
async def test_the_file_has_the_numbers_of_the_page(office: Office, by: By) -> None:
    export_id = await office.begin(by)
    assert (await office.export(export_id)).done == 0
    await office.make()
    export = await office.export(export_id)
    assert (export.is_ready, export.done, export.parts) == (True, 2, 2)
    report = await read_export(office.database, office.storage, export)
    shown = team_report(await read_brands(office.database, office.chosen, MARCH, MARCH), by)
    assert [(row.name, row.people, row.work) for row in report.rows] == [
        (row.name, row.people, row.work) for row in shown.rows
    ]
    assert (report.work, report.service) == (shown.work, shown.service)


async def test_each_brand_has_an_entry_of_who_took_its_figures(office: Office) -> None:
    await office.begin()
    for brand in office.brands:
        async with office.database.begin(brand.reading) as db:
            actions = (await db.scalars(select(AuditEntry.action))).all()
        assert actions.count("report.exported") == 1


async def test_it_is_nobody_elses_and_gone_with_one_of_its_brands(office: Office) -> None:
    export_id = await office.begin()
    with pytest.raises(NoReport):
        await office.export(export_id, office.brands[0])
    other, office.person_id = office.person_id, UUID(int=1)
    with pytest.raises(NoReport):
        await office.export(export_id)
    office.person_id = other
    assert (await office.export(export_id)).id == export_id


async def test_after_a_day_it_is_gone_with_its_files(office: Office) -> None:
    export_id = await office.begin()
    await office.make()
    office.database.clock.advance(timedelta(hours=23, minutes=59))  # type: ignore[attr-defined]  # -- the stepped clock of tests
    async with office.database.begin(office.brands[0].writing) as db:
        await forget_exports(db)
    assert (await office.export(export_id)).is_ready
    office.database.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # -- as above
    with pytest.raises(NoReport):
        await office.export(export_id)
    async with office.database.begin(office.brands[0].writing) as db:
        await forget_exports(db)
    assert (await office.count(ReportPart), await office.count(StoredFile)) == (0, 0)


async def test_where_one_brands_quota_is_used_up_no_part_is_asked_for(office: Office) -> None:
    async with office.database.begin(office.brands[1].writing) as db:
        await set_limit(db, "exports_hour", 1, by="test")
    await office.begin()
    with pytest.raises(TooMany):
        await office.begin()
    assert await office.count(ReportPart) == 1
