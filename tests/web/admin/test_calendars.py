"""An administrator of the brand looks at its calendars and publishes versions, previewed first, within the brand."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.calendars.queries import Version, versions_of
from portavoce.core.scope import HOUSE, Scope
from portavoce.web.admin.calendar_forms import typed
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site

SEEN = re.compile(r'name="seen" value="(\w+)"')


async def calendar_of(the_site: Site, brand: Added) -> UUID:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return (await db.scalars(select(Calendar.id).where(Calendar.name == "Opening hours"))).one()


async def versions(the_site: Site, brand: Added) -> list[Version]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        calendar_id = (await db.scalars(select(Calendar.id).where(Calendar.name == "Opening hours"))).one()
        return await versions_of(db, calendar_id)


async def form_of(the_site: Site, brand: Added, **given: str) -> dict[str, str]:
    last = (await versions(the_site, brand))[-1]
    return {**typed(last.document, the_site.database.clock.now().date()), **given}


async def published(sara: Browser, here: str, form: dict[str, str]) -> httpx.Response:
    """Previewed, then published."""
    shown = await sara.fill(here, form, to=here.removesuffix("/new"))
    assert shown.status_code == 200, shown.text
    [mark] = SEEN.findall(shown.text)
    return await sara.post(here.removesuffix("/new"), {**form, "act": "publish", "seen": mark})


def section(page: str, name: str) -> str:
    """The text of the card with this heading's id."""
    card = page.split(f'aria-labelledby="{name}"')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", card).split())


async def test_a_version_is_previewed_and_only_then_published_with_a_trace(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/calendars/{await calendar_of(the_site, aurora)}"
    form = await form_of(the_site, aurora, place="IT-TO", phone_5="09:00-12:00")
    preview = await sara.fill(here, form)
    assert preview.status_code == 200
    shown = section(preview.text, "seen-h")
    assert "No clock is running" in shown
    assert "Epiphany" in shown
    assert len(await versions(the_site, aurora)) == 1
    saved = await published(sara, here, form)
    assert (saved.status_code, saved.headers["location"]) == (
        303,
        f"/admin/b/{aurora.slug}/calendars?saved=1",
    )
    _, last = await versions(the_site, aurora)
    assert (last.document.subdivision, last.document.channels["phone"].days) == ("TO", {5: ((540, 720),)})
    page = (await sara.get(f"/admin/b/{aurora.slug}/calendars?saved=1")).text
    assert "Published. Open clocks walk on" in page
    assert "Sara Longo" in section(page, "cal-1")
    assert "In force" in section(page, "cal-1")
    async with the_site.database.begin(HOUSE) as db:
        audited = select(HouseAudit.action).where(HouseAudit.subject_id == last.id)
        assert list(await db.scalars(audited)) == ["calendar.published"]


async def test_what_was_not_previewed_is_previewed_instead_of_published(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/calendars/{await calendar_of(the_site, aurora)}"
    for seen in ("", "0" * 64):
        form = await form_of(the_site, aurora, act="publish", seen=seen)
        assert 'id="seen-h"' in (await sara.fill(here, form)).text
    assert len(await versions(the_site, aurora)) == 1


async def test_a_preview_is_stale_once_somebody_else_published_or_the_form_was_changed(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/calendars/{await calendar_of(the_site, aurora)}"
    form = await form_of(the_site, aurora, place="IT")
    [mark] = SEEN.findall((await sara.fill(here, form)).text)
    changed = await sara.post(here, {**form, "day_6": "09:00-12:00", "act": "publish", "seen": mark})
    assert 'id="seen-h"' in changed.text
    assert (await published(sara, here, await form_of(the_site, aurora))).status_code == 303
    late = await sara.post(here, {**form, "act": "publish", "seen": mark})
    assert 'id="seen-h"' in late.text
    assert len(await versions(the_site, aurora)) == 2


REFUSED = [
    ({f"day_{day}": "" for day in range(7)}, "day_0"),
    ({"day_3": "never"}, "day_3"),
    ({"zone": "Europe/Atlantis"}, "zone"),
    ({"place": "IT-XX"}, "place"),
    ({"starts": "2020-01-01"}, "starts"),
    ({"exceptions": "2020-01-01"}, "exceptions"),
    ({"patrons": "24 giugno"}, "patrons"),
]


async def test_what_is_refused_is_said_under_its_field_and_changes_nothing(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/calendars/{await calendar_of(the_site, aurora)}"
    form = await form_of(the_site, aurora)
    await sara.get(here)
    for given, field in REFUSED:
        refused = await sara.post(here, {**form, **given})
        assert (refused.status_code, f'id="f-{field}-err"' in refused.text) == (422, True), field
    assert len(await versions(the_site, aurora)) == 1


async def test_a_further_calendar_is_opened_under_a_name_of_its_own(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/calendars/new"
    form = await form_of(the_site, aurora, name="Numero verde")
    assert (await published(sara, here, form)).status_code == 303
    page = (await sara.get(f"/admin/b/{aurora.slug}/calendars")).text
    assert re.findall(r'<h2 id="cal-\d">([^<]+)<', page) == ["Numero verde", "Opening hours"]
    again = await published(sara, here, form)
    assert (again.status_code, 'id="f-name-err"' in again.text) == (422, True)


async def test_another_brands_calendars_are_not_there(
    the_site: Site, sara: Browser, aurora: Added, bosco: Added
) -> None:
    foreign = await calendar_of(the_site, bosco)
    form = await form_of(the_site, aurora)
    await sara.get(f"/admin/b/{aurora.slug}/calendars/new")
    for here in (
        f"/admin/b/{bosco.slug}/calendars",
        f"/admin/b/{bosco.slug}/calendars/new",
        f"/admin/b/{bosco.slug}/calendars/{foreign}",
        f"/admin/b/{aurora.slug}/calendars/{foreign}",
        f"/admin/b/{aurora.slug}/calendars/{uuid4()}",
    ):
        assert (await sara.get(here)).status_code == 404, here
        if not here.endswith("new"):
            assert (await sara.post(here, form)).status_code in (404, 422), here
    async with the_site.database.begin(Scope.reading({bosco.id})) as db:
        assert len(list(await db.scalars(select(CalendarVersion.id)))) == 1


async def test_the_list_is_read_with_few_statements_however_many_there_are(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    async def counted() -> int:
        with the_site.counting() as queries:
            await sara.get(f"/admin/b/{aurora.slug}/calendars")
        return len(queries)

    await counted()
    before = await counted()
    form = await form_of(the_site, aurora, name="Sabato")
    await published(sara, f"/admin/b/{aurora.slug}/calendars/new", form)
    assert await counted() == before
