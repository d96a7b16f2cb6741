"""Another address for a person, by an administrator of the house."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


async def test_a_person_signs_in_with_the_new_address_and_hears_of_it_at_both(
    the_site: Site, admin: Browser, aurora: Added
) -> None:
    anna = await the_site.person("agent", brand=aurora.id)
    here, new = f"/admin/people/{anna.id}", f"{uuid4().hex}@voxa.example"
    async with the_site.browser() as hers:
        await hers.sign_in(anna.email)
        answer = await admin.fill(here, {"email": new}, to=f"{here}/address")
        assert answer.headers["location"] == f"{here}?moved=1"
        assert (await hers.get("/preferences")).headers["location"] == "/sign-in?next=/preferences&ended=1"
        assert (await hers.sign_in(anna.email)).status_code == 422
        assert (await hers.sign_in(new)).status_code == 303
    page = await admin.get(answer.headers["location"])
    assert "The address was changed." in page.text
    assert [len(await the_site.mails_to(each)) for each in (anna.email, new)] == [1, 1]


@pytest.mark.parametrize("kind", ["taken", "none", "blank"])
async def test_an_address_that_cannot_be_theirs_is_refused(
    the_site: Site, admin: Browser, aurora: Added, kind: str
) -> None:
    anna, bruno = await the_site.person("agent", brand=aurora.id), await the_site.person()
    here = f"/admin/people/{anna.id}"
    wanted = {"taken": bruno.email, "none": "anna at voxa", "blank": ""}[kind]
    answer = await admin.fill(here, {"email": wanted}, to=f"{here}/address")
    assert answer.status_code == 422
    assert 'id="f-email-err"' in answer.text
    assert await the_site.mails_to(anna.email) == []


async def test_an_administrator_of_one_brand_moves_nobody(the_site: Site, sara: Browser) -> None:
    anna = await the_site.person()
    await sara.get("/admin")
    answer = await sara.post(f"/admin/people/{anna.id}/address", {"email": "x@voxa.example"})
    assert answer.status_code == 404
