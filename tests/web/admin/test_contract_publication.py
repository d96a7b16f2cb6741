"""What a draft changes is shown before it is published, from a moment still to come on the brand's clock."""

from __future__ import annotations

import asyncio

from tests.web.admin.conftest import Added
from tests.web.admin.test_contract import drafted, here, numbers, terms
from tests.web.admin.test_contract_clauses import SOLVED, begin
from tests.web.browsing import Browser, Site


async def test_the_summary_says_what_is_added_changed_and_gone(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    lob = await begin(the_site, sara, aurora)
    place = f"{here(aurora)}/publication"
    assert "Nothing: it says what version 1 says." in (await sara.get(place)).text
    await sara.post(f"{here(aurora)}/clauses", {**SOLVED, "lob_id": str(lob)})
    await sara.post(f"{here(aurora)}/draft/terms", {"fee": "1800"})
    first = (await drafted(the_site, aurora))[0].id
    faster = {**SOLVED, "metric": "first_response", "pauses": "", "lob_id": str(lob)}
    assert (await sara.post(f"{here(aurora)}/clauses/{first}", faster)).status_code == 303
    page = (await sara.get(place)).text
    for said in ("Added", "Reworded", "€1,800.00", "Before", "After"):
        assert said in page, said
    await sara.post(f"{here(aurora)}/clauses/{first}/removal")
    assert "Gone" in (await sara.get(place)).text


async def test_it_is_published_from_its_moment_and_listed_with_who(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    await begin(the_site, sara, aurora)
    place = f"{here(aurora)}/publication"
    for wrong in ("2020-01-01T09:00", "yesterday", "0001-01-01T00:00", "9999-12-31T23:59", "9" * 300):
        refused = await sara.post(place, {"starts": wrong})
        assert (refused.status_code, 'id="f-starts-err"' in refused.text) == (422, True), wrong
    assert await terms(the_site, aurora) is not None
    done = await sara.post(place, {"starts": ""})
    assert (done.status_code, done.headers["location"]) == (303, f"{here(aurora)}?saved=published")
    assert await numbers(the_site, aurora) == [1, 2]
    page = (await sara.get(done.headers["location"])).text
    assert "Published. What was opened before keeps its version." in page
    assert "published by Sara Longo" in page
    assert "To come" in page
    assert "There is no draft" in (await sara.get(place)).text
    assert (await sara.post(place, {})).status_code == 409


async def test_of_two_who_publish_at_once_one_is_told(the_site: Site, sara: Browser, aurora: Added) -> None:
    await begin(the_site, sara, aurora)
    place = f"{here(aurora)}/publication"
    answers = await asyncio.gather(sara.post(place, {}), sara.post(place, {}))
    assert sorted(each.status_code for each in answers) == [303, 409]
    assert await numbers(the_site, aurora) == [1, 2]
