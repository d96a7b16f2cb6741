"""The page of the daily removal: the house's administrators read periods, the last run and the next."""

from __future__ import annotations

from portavoce.core.storage import Storage
from portavoce.privacy.removing import remove_if_due
from tests.web.browsing import Browser, Site


async def test_it_says_when_the_next_removal_is_and_what_the_last_took(
    the_site: Site, admin: Browser
) -> None:
    await remove_if_due(the_site.database, Storage(the_site.settings.files_dir))
    page = (await admin.get("/admin/retention")).text
    assert "Tue 3 Mar, 04:00" in page
    assert "Original mails, days" in page
    assert "Done" in page


async def test_a_brands_administrator_finds_no_such_page(sara: Browser) -> None:
    assert (await sara.get("/admin/retention")).status_code == 404
