"""A brand's numbers on their page: seen with what is used, changed with a trace, out of bounds refused."""

from __future__ import annotations

from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.brands.limits import LIMITS, limits_of
from portavoce.brands.quotas import charge
from portavoce.core.scope import HOUSE, Scope
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


async def held_by(the_site: Site, brand: Added) -> dict[str, int]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return await limits_of(db)


async def test_numbers_are_changed_and_left_blank_they_are_everybodys(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/limits"
    saved = await sara.fill(here, {"mails_minute": "120", "raw_mail_days": "90"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{here}?saved=1")
    changed = await held_by(the_site, aurora)
    assert (changed["mails_minute"], changed["raw_mail_days"]) == (120, 90)
    page = (await sara.get(f"{here}?saved=1")).text
    assert 'value="120"' in page
    assert "Saved." in page
    await sara.post(here, {"mails_minute": ""})
    assert await held_by(the_site, aurora) == {name: each.default for name, each in LIMITS.items()}


async def test_a_number_out_of_bounds_is_refused_with_its_bounds_and_nothing_is_saved(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/limits"
    refused = await sara.fill(here, {"mails_minute": "120", "mail_mb": "0"})
    assert refused.status_code == 422
    assert "Write a number from 1 to 100." in refused.text
    assert 'value="120"' in refused.text
    assert (await held_by(the_site, aurora))["mails_minute"] == LIMITS["mails_minute"].default


async def test_what_is_used_stands_beside_and_who_saved_is_written_down(
    the_site: Site, admin: Browser, aurora: Added
) -> None:
    for _ in range(3):
        await charge(the_site.database, aurora.id, "exports_hour")
    here = f"/admin/b/{aurora.slug}/limits"
    assert "now 3" in (await admin.get(here)).text
    await admin.post(here, {"streams": "9"})
    async with the_site.database.begin(HOUSE) as db:
        query = select(HouseAudit.action).where(HouseAudit.subject_id == aurora.id)
        assert "limits.saved" in (await db.scalars(query)).all()


async def test_limits_of_a_brand_of_others_do_not_exist(
    the_site: Site, sara: Browser, aurora: Added, bosco: Added
) -> None:
    await sara.get(f"/admin/b/{aurora.slug}/limits")
    here = f"/admin/b/{bosco.slug}/limits"
    assert (await sara.get(here)).status_code == (await sara.post(here, {"streams": "9"})).status_code == 404
    assert (await held_by(the_site, bosco))["streams"] == LIMITS["streams"].default
