"""A complaint at the desk."""

from __future__ import annotations

import json

from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take


async def test_its_code_and_day_stand_at_the_head_of_the_contact_and_its_button_is_gone(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    assert 'id="complaint-form"' in (await desk.get(here, desk.anna)).text
    answer = await desk.post(f"{here}/complaint", desk.anna)
    said = json.loads(answer.headers["hx-trigger"])
    code = said["say"]["text"].split()[1].rstrip(".")
    assert said["close-dialog"] == {"id": "complaint"}
    page = (await desk.get(here, desk.bruno)).text
    assert "#i-flag" in answer.text
    assert code in page
    assert 'id="complaint-form"' not in (await desk.get(here, desk.anna)).text
    moved = await desk.post(f"{here}/complaint", desk.anna, htmx=False)
    assert (moved.status_code, moved.headers["location"]) == (303, here)


async def test_a_colleague_who_does_not_hold_it_is_told_so(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(url(desk.aurora, interaction, "/complaint"), desk.bruno)
    assert answer.status_code == 409
