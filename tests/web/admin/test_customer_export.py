"""Every profile of one brand as a file."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.limits import set_limit
from portavoce.core.scope import Scope
from portavoce.customers.defining import add_attribute
from portavoce.customers.finding import find_or_create
from portavoce.customers.models import CustomerValue
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site

EVIL = "=cmd|' /C calc'!A0"


async def known(the_site: Site, brand: Added) -> None:
    async with the_site.database.begin(Scope.writing(brand.id)) as db:
        shown = await add_attribute(db, key="level", label="+Level", kind="text", by="admin")
        hidden = await add_attribute(db, key="iban", label="IBAN", kind="text", masked=True, by="admin")
        gina = await find_or_create(db, "email", f"gina@{brand.slug}.example", EVIL, "it")
        await db.flush()
        for attribute, value in ((shown, '@Oro; "x"'), (hidden, "IT60X054")):
            db.add(CustomerValue(customer_id=gina.id, attribute_id=attribute, value=value))


async def test_a_file_holds_every_profile_runs_nothing_and_leaves_out_what_is_hidden(
    the_site: Site, sara: Browser, aurora: Added, bosco: Added
) -> None:
    for brand in (aurora, bosco):
        await known(the_site, brand)
    await sara.get(f"/admin/b/{aurora.slug}/attributes")
    answer = await sara.post(f"/admin/b/{aurora.slug}/customer-export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{aurora.slug}-customers.csv"'
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert heading[-1] == "'+Level"
    assert "IBAN" not in heading
    assert [(row[1], row[3], row[-1]) for row in rows] == [
        (f"'{EVIL}", f"gina@{aurora.slug}.example", '\'@Oro; "x"')
    ]
    assert "IT60X054" not in answer.text
    async with the_site.database.begin(Scope.reading({aurora.id})) as db:
        query = select(AuditEntry.actor).where(AuditEntry.action == "customers.exported")
        assert list(await db.scalars(query)) == ["admin"]
    assert (await sara.post(f"/admin/b/{bosco.slug}/customer-export")).status_code == 404


async def test_a_brand_exports_as_often_as_it_may(the_site: Site, sara: Browser, aurora: Added) -> None:
    async with the_site.database.begin(Scope.writing(aurora.id)) as db:
        await set_limit(db, "exports_hour", 1, by="admin")
    await sara.get(f"/admin/b/{aurora.slug}/attributes")
    answers = [await sara.post(f"/admin/b/{aurora.slug}/customer-export") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
