"""The case at the desk: what is grouped is shown beside the contact and in the timeline, and changed in a dialog."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.conversations.models import Interaction
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import finish, take


async def case_of(desk: Desk, interaction_id: UUID) -> UUID | None:
    async with desk.database.begin(desk.aurora.writing) as db:
        found: UUID | None = await db.scalar(
            select(Interaction.care_case_id).where(Interaction.id == interaction_id)
        )
        return found


async def test_an_earlier_contact_is_chosen_and_both_are_one_case(desk: Desk) -> None:
    earlier = await finish(desk, desk.aurora, desk.anna)
    contact = await take(desk, desk.aurora, desk.anna)
    before = (await desk.get(url(desk.aurora, contact), desk.anna)).text
    assert "Stessa pratica" not in before
    form = (await desk.get(url(desk.aurora, contact, "/case"), desk.anna, htmx=True)).text
    wanted = await case_of(desk, earlier)
    assert f'value="{wanted}"' in form
    answer = await desk.post(url(desk.aurora, contact, "/case"), desk.anna, {"care_case": str(wanted)})
    assert (answer.status_code, "close-dialog" in answer.headers["hx-trigger"]) == (200, True)
    assert "Stessa pratica" in answer.text
    assert await case_of(desk, contact) == wanted
    page = (await desk.get(url(desk.aurora, contact), desk.anna)).text
    assert f'id="ev-{earlier}"' in page
    assert "Stessa pratica" in page


@pytest.mark.parametrize("choice", ["", "else", str(UUID(int=7))])
async def test_what_is_no_case_of_the_customer_is_refused_in_the_open_dialog(desk: Desk, choice: str) -> None:
    contact = await take(desk, desk.aurora, desk.anna)
    before = await case_of(desk, contact)
    answer = await desk.post(url(desk.aurora, contact, "/case"), desk.anna, {"care_case": choice})
    assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#case-body")
    assert 'class="err"' in answer.text
    assert await case_of(desk, contact) == before
