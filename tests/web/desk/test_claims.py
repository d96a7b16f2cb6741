"""Taking a contact and giving it back."""

from __future__ import annotations

import json
from uuid import uuid4

from portavoce.agents.choosing import choose_state
from portavoce.core.scope import HOUSE
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import take


async def test_taking_a_contact_opens_the_composer_of_its_brand(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    answer = await desk.post(url(desk.aurora, interaction, "/claim"), desk.anna)
    assert answer.status_code == 200
    assert 'id="composer-reply"' in answer.text
    assert "data-handling" in answer.text
    assert "Aurora" in answer.headers["hx-trigger"]


async def test_the_answer_itself_tells_the_lists_and_the_state(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    for verb, event, used in (
        ("/claim", "taken", "1 di 10"),
        ("/claim", "taken", "1 di 10"),
        ("/release", "released", ""),
    ):
        answer = await desk.post(url(desk.aurora, interaction, verb), desk.anna)
        assert answer.status_code == 200
        assert json.loads(answer.headers["hx-trigger"])[event] == {"id": str(interaction)}
        partial = answer.text.partition('<hx-partial hx-target="#presence-btn"')[2]
        assert used in partial
        assert (" di " in partial) is bool(used)


async def test_without_scripts_taking_leads_to_the_contact(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    answer = await desk.post(url(desk.aurora, interaction, "/claim"), desk.anna, htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, url(desk.aurora, interaction))


async def test_the_slower_of_two_is_told_who_was_faster(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.bruno)
    part = await desk.post(url(desk.aurora, interaction, "/claim"), desk.anna)
    page = await desk.post(url(desk.aurora, interaction, "/claim"), desk.anna, htmx=False)
    assert (part.status_code, page.status_code) == (409, 409)
    assert "Bruno" in part.text
    assert part.headers["hx-retarget"] == "#alerts"
    assert "Bruno" in page.text


async def test_who_is_on_a_pause_is_told_what_to_do(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    async with desk.database.begin(HOUSE) as db:
        await choose_state(db, desk.anna.agent_id, "aux", "meal")
    answer = await desk.post(url(desk.aurora, interaction, "/claim"), desk.anna)
    assert answer.status_code == 409
    assert "Disponibile" in answer.text


async def test_a_contact_given_back_waits_again(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(url(desk.aurora, interaction, "/release"), desk.anna)
    assert answer.status_code == 200
    assert f"{url(desk.aurora, interaction)}/claim" in answer.text
    assert (await desk.post(url(desk.aurora, interaction, "/claim"), desk.bruno)).status_code == 200


async def test_the_claim_can_be_deleted(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    assert (await desk.delete(url(desk.aurora, interaction, "/claim"), desk.anna)).status_code == 200
    assert (await desk.delete(url(desk.aurora, interaction, "/claim"), desk.anna)).status_code == 409


async def test_contacts_of_other_brands_and_of_nobody_cannot_be_taken(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.bosco)
    for address in (
        url(desk.bosco, interaction, "/claim"),
        url(desk.aurora, interaction, "/claim"),
        url(desk.aurora, uuid4(), "/claim"),
    ):
        assert (await desk.post(address, desk.bruno)).status_code == 404
    assert (await desk.post(url(desk.bosco, interaction, "/claim"), desk.anna)).status_code == 200
