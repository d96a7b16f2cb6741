"""Closing with an outcome, and the way back."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import select

from portavoce.conversations.models import Closure, Interaction
from portavoce.core.scope import Scope
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import finish, take


def form(desk: Desk, interaction: UUID, **values: str) -> dict[str, str]:
    expected = {"expected_brand": str(desk.aurora.id), "expected_interaction": str(interaction)}
    return {**expected, "disposition": "solved", "note": "Corriere sabato", **values}


async def state_of(desk: Desk, interaction: UUID) -> str | None:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        return await db.scalar(select(Interaction.state).where(Interaction.id == interaction))


async def test_closing_saves_outcome_and_note_and_offers_to_undo(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(url(desk.aurora, interaction, "/closure"), desk.anna, form(desk, interaction))
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == "/desk"
    toast = json.loads(answer.headers["hx-trigger"])["toast"]
    assert toast["event"] == "undo"
    assert toast["url"] == url(desk.aurora, interaction, "/reopening")
    assert f"{url(desk.aurora, interaction)}/reopening" in answer.text
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        assert (await db.scalars(select(Closure.note))).one() == "Corriere sabato"


async def test_without_scripts_closing_leads_to_the_desk_with_the_way_back(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    address = url(desk.aurora, interaction, "/closure")
    answer = await desk.post(address, desk.anna, form(desk, interaction), htmx=False)
    assert answer.status_code == 303
    page = await desk.get(answer.headers["location"], desk.anna)
    assert f"{url(desk.aurora, interaction)}/reopening" in page.text
    reopened = await desk.post(url(desk.aurora, interaction, "/reopening"), desk.anna, htmx=False)
    assert reopened.status_code == 303
    assert "/reopening" not in (await desk.get(answer.headers["location"], desk.anna)).text


async def test_an_outcome_must_be_chosen_from_the_list(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    for chosen in ("", "invented"):
        given = form(desk, interaction, disposition=chosen)
        answer = await desk.post(url(desk.aurora, interaction, "/closure"), desk.anna, given)
        assert answer.status_code == 422
        assert "Corriere sabato" in answer.text
        assert answer.headers["hx-retarget"] == "#wrapup-form"
    assert await state_of(desk, interaction) == "assigned"


async def test_a_form_of_another_contact_closes_nothing(desk: Desk) -> None:
    one, other = await take(desk, desk.aurora, desk.anna), await take(desk, desk.bosco, desk.anna)
    answer = await desk.post(url(desk.aurora, one, "/closure"), desk.anna, form(desk, other))
    assert answer.status_code == 409
    assert await state_of(desk, one) == "assigned"


async def test_only_the_holder_closes(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(url(desk.aurora, interaction, "/closure"), desk.bruno, form(desk, interaction))
    assert answer.status_code == 409
    assert await state_of(desk, interaction) == "assigned"


async def test_a_closed_contact_is_reopened_into_the_queue(desk: Desk) -> None:
    interaction = await finish(desk, desk.aurora, desk.anna)
    page = await desk.get(url(desk.aurora, interaction), desk.bruno)
    assert "/reopening" in page.text
    answer = await desk.post(url(desk.aurora, interaction, "/reopening"), desk.bruno)
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == url(desk.aurora, interaction)
    assert await state_of(desk, interaction) == "waiting"
    assert (await desk.post(url(desk.aurora, interaction, "/reopening"), desk.bruno)).status_code == 409
