"""How soon a client's back office answers, and who does: set by the brand's administrators, with a trace."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.calendars.models import Calendar
from portavoce.contracts.promising import APPROVAL, BACK_OFFICE, promised_by_client
from portavoce.core.scope import HOUSE, Scope
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


async def promised(the_site: Site, brand: Added) -> timedelta | None:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        found = await promised_by_client(db, BACK_OFFICE)
    return found and found[0]


async def calendar_of(the_site: Site, brand: Added) -> UUID:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return (await db.scalars(select(Calendar.id))).one()


async def test_a_target_is_set_shown_and_taken_away_with_a_trace(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/back-office"
    calendar = str(await calendar_of(the_site, aurora))
    saved = await sara.fill(here, {"hours": "8", "calendar": calendar})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{here}?saved=1")
    assert await promised(the_site, aurora) == timedelta(hours=8)
    page = (await sara.get(f"{here}?saved=1")).text
    assert 'value="8"' in page
    assert "Saved." in page
    assert "Nobody yet" in page
    await sara.post(here, {"hours": "", "calendar": calendar})
    assert await promised(the_site, aurora) is None
    async with the_site.database.begin(HOUSE) as db:
        query = select(HouseAudit.action).where(HouseAudit.subject_id == aurora.id)
        assert list(await db.scalars(query)).count("back_office.promised") == 2


async def test_what_is_out_of_bounds_or_another_brands_is_refused_and_nothing_saved(
    the_site: Site, sara: Browser, aurora: Added, bosco: Added
) -> None:
    here, own = f"/admin/b/{aurora.slug}/back-office", str(await calendar_of(the_site, aurora))
    foreign = str(await calendar_of(the_site, bosco))
    for given, said in (
        ({"hours": "0", "calendar": own}, "Write a number from 1 to 400."),
        ({"hours": "8", "calendar": foreign}, "Choose one of the options shown."),
        ({"hours": "8", "calendar": str(uuid4())}, "Choose one of the options shown."),
        ({"hours": "8", "calendar": ""}, "Fill in this field."),
    ):
        refused = await sara.fill(here, given)
        assert (refused.status_code, said in refused.text) == (422, True), given
    assert await promised(the_site, aurora) is None
    assert (await sara.get(f"/admin/b/{bosco.slug}/back-office")).status_code == 404


async def test_who_answers_is_named(the_site: Site, sara: Browser, aurora: Added) -> None:
    olga = await the_site.person("client_back_office", brand=aurora.id, name="Olga Serra")
    page = (await sara.get(f"/admin/b/{aurora.slug}/back-office")).text
    assert "Olga Serra" in page
    assert olga.email in page


async def test_how_soon_approvers_decide_is_a_promise_of_its_own(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here, calendar = f"/admin/b/{aurora.slug}/approvals", str(await calendar_of(the_site, aurora))
    saved = await sara.fill(here, {"hours": "4", "calendar": calendar})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{here}?saved=1")
    async with the_site.database.begin(Scope.reading({aurora.id})) as db:
        found = await promised_by_client(db, APPROVAL)
    assert found is not None
    assert found[0] == timedelta(hours=4)
    assert await promised(the_site, aurora) is None
    await the_site.person("client_approver", brand=aurora.id, name="Rosa Gallo")
    page = (await sara.get(here)).text
    assert 'value="4"' in page
    assert "Rosa Gallo" in page
    async with the_site.database.begin(HOUSE) as db:
        query = select(HouseAudit.action).where(HouseAudit.subject_id == aurora.id)
        assert "approval.promised" in list(await db.scalars(query))
