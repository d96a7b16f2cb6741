"""A regime's clauses are shown with source and doubts before any is taken; what is doubtful is not ticked."""

from __future__ import annotations

import re

from sqlalchemy import select

from portavoce.contracts.models import Clause
from portavoce.core.scope import Scope
from portavoce.sla.presets import PRESETS, Regime
from tests.web.admin.conftest import Added
from tests.web.admin.test_contract import drafted, here
from tests.web.admin.test_contract_clauses import begin
from tests.web.browsing import Browser, Site


def boxes(html: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="chosen" value="\d+"[^>]*>', html)


async def test_only_what_is_verified_is_ticked_and_the_rest_says_why(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    await begin(the_site, sara, aurora)
    place = f"{here(aurora)}/presets"
    assert "Choose the regime" in (await sara.get(place)).text
    for regime in Regime:
        page = (await sara.get(f"{place}?regime={regime}")).text
        found = boxes(page)
        assert ["checked" in each for each in found] == [
            preset.on and preset.calendar != "working_days" for preset in PRESETS[regime]
        ]
        assert page.count("Not verified") == sum(not preset.verified for preset in PRESETS[regime])
        assert PRESETS[regime][0].source in page
        assert "Not measured yet" in page


async def test_the_ticked_clauses_go_into_the_draft_at_once_or_not_at_all(
    the_site: Site, sara: Browser, aurora: Added, bosco: Added
) -> None:
    lob = await begin(the_site, sara, aurora)
    hours = await calendar_of(the_site, aurora)
    form = {"regime": "AGCOM_255_24", "lob_id": str(lob), "calendar": hours}
    place = f"{here(aurora)}/presets"
    for typed, field in (
        ({}, "chosen"),
        ({"chosen": "x"}, "chosen"),
        ({"chosen": "1", "calendar": await calendar_of(the_site, bosco)}, "calendar"),
        ({"chosen": "1", "lob_id": str(bosco.id)}, "lob_id"),
    ):
        refused = await sara.post(place, {**form, **typed})
        assert (refused.status_code, f'id="f-{field}-err"' in refused.text) == (422, True), typed
    assert len(await drafted(the_site, aurora)) == 1
    assert (await sara.post(place, {**form, "chosen": ["0", "2"]})).status_code == 303
    added = {(each.metric, each.channel, each.target_s) for each in await drafted(the_site, aurora)}
    assert added == {
        ("first_response", "email", 14_400),
        ("speed_of_answer", "phone", None),
        ("resolution", "email", 30 * 86_400),
    }


async def calendar_of(the_site: Site, brand: Added) -> str:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return str((await db.scalars(select(Clause.calendar_id))).one())
