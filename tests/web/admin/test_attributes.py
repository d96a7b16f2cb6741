"""An administrator of the brand says what its agents ask about customers."""

from __future__ import annotations

import re

from portavoce.core.scope import Scope
from portavoce.customers.defining import AttributeRow, attributes
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site

LEVEL = {"key": "level", "label": "Livello <b>", "kind": "choice", "choices": "Oro\r\n Argento \r\n\r\nOro"}


async def known(the_site: Site, brand: Added) -> list[AttributeRow]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return await attributes(db)


async def test_an_attribute_is_added_changed_retired_and_brought_back(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/attributes"
    empty = (await sara.get(here)).text
    assert "No attribute yet" in empty
    assert '<option value="yes_no">Yes or no</option>' in empty
    added = await sara.post(here, {**LEVEL, "masked": "on"})
    assert (added.status_code, added.headers["location"]) == (303, f"{here}?saved=1")
    (level,) = await known(the_site, aurora)
    assert (level.label, level.options, level.masked) == ("Livello <b>", ["Oro", "Argento"], True)
    page = (await sara.get(here)).text
    assert "Livello &lt;b&gt;" in page
    changed = {"label": "Grado", "choices": "Oro\nBronzo", "position": "1"}
    assert (await sara.post(f"{here}/{level.id}", changed)).status_code == 303
    (level,) = await known(the_site, aurora)
    assert (level.label, level.options, level.masked) == ("Grado", ["Oro", "Bronzo"], False)
    await sara.post(f"{here}/{level.id}/retirement")
    assert [each.retired for each in await known(the_site, aurora)] == [True]
    assert "Not asked any more" in (await sara.get(here)).text
    await sara.post(f"{here}/{level.id}/retirement/undo")
    assert [each.retired for each in await known(the_site, aurora)] == [False]


async def test_mistakes_stand_beside_their_field_and_nothing_is_stored(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/attributes"
    refused = await sara.fill(here, {**LEVEL, "key": "Level!", "choices": "Oro"})
    assert refused.status_code == 422
    for field in ("key", "choices"):
        assert f'id="f-{field}-err"' in refused.text
    assert 'value="Level!"' in refused.text
    assert (await sara.post(here, {"label": ""})).status_code == 422
    assert await known(the_site, aurora) == []
    await sara.post(here, LEVEL)
    (level,) = await known(the_site, aurora)
    for wrong in ({"position": "0"}, {"label": ""}, {"choices": "Oro"}):
        bad = await sara.post(
            f"{here}/{level.id}", {"label": "L", "choices": "a\nb", "position": "1", **wrong}
        )
        assert bad.status_code == 422
        assert re.search(r"<details[^>]* open>", bad.text)
    assert [each.label for each in await known(the_site, aurora)] == ["Livello <b>"]


async def test_another_brands_attribute_is_not_there(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    await admin.fill(f"/admin/b/{bosco.slug}/attributes", LEVEL)
    (level,) = await known(the_site, bosco)
    assert (await sara.get(f"/admin/b/{bosco.slug}/attributes")).status_code == 404
    here = f"/admin/b/{aurora.slug}/attributes"
    await sara.get(here)
    for rest, typed in (("", {"label": "x", "position": "1"}), ("/retirement", {}), ("/retirement/undo", {})):
        assert (await sara.post(f"{here}/{level.id}{rest}", typed)).status_code == 404
    assert [each.label for each in await known(the_site, bosco)] == ["Livello <b>"]
