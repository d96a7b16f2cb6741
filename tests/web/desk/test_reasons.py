"""Why the customer wrote, on the desk."""

from __future__ import annotations

import json
from uuid import UUID

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.choices import REASON
from portavoce.conversations.defining import add_choice
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take
from tests.web.desk.test_closures import form, state_of


async def tree(desk: Desk, *, required: bool = False) -> None:
    """Parcel, with Late below it."""
    lob = desk.aurora.lob_id
    async with desk.database.begin(desk.aurora.writing) as db:
        parcel = await add_choice(db, lob, kind=REASON, label="Pacco", by="admin")
        await add_choice(db, lob, kind=REASON, label="In ritardo", parent_id=parcel, by="admin")
        await set_line(db, lob, LineSettings("assisted", required, "off", 60), by="admin")


async def choose(desk: Desk, interaction: UUID, reason: str) -> tuple[int, str]:
    answer = await desk.post(
        url(desk.aurora, interaction, "/reason"), desk.anna, {"contact_reason": reason, "x": "1"}
    )
    return answer.status_code, answer.text


async def test_it_is_chosen_at_work_and_stands_in_the_head_and_the_timeline(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    assert 'data-open="reason"' not in (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    await tree(desk)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert 'data-open="reason"' in page
    assert 'data-into="pacco"' in page
    answer = await desk.post(
        url(desk.aurora, interaction, "/reason"), desk.anna, {"contact_reason": "in_ritardo"}
    )
    assert json.loads(answer.headers["hx-trigger"]) == {"close-dialog": {"id": "reason"}}
    assert answer.text.count("Pacco › In ritardo") == 2
    shown = (await desk.get(url(desk.aurora, interaction), desk.bruno)).text
    assert shown.count("Pacco › In ritardo") == 2


async def test_what_is_no_reason_is_refused_in_the_dialog(desk: Desk) -> None:
    await tree(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    for wrong in ("", "pacco", "invented"):
        status, text = await choose(desk, interaction, wrong)
        assert status == 422
        assert 'id="f-contact_reason-err"' in text
        assert 'id="reason-form"' in text


async def test_a_line_that_asks_says_so_at_closing_and_keeps_what_was_typed(desk: Desk) -> None:
    await tree(desk, required=True)
    interaction = await take(desk, desk.aurora, desk.anna)
    closing = url(desk.aurora, interaction, "/closure")
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert 'id="wrapup-reason"' in page
    for reason in ("", "pacco"):
        refused = await desk.post(closing, desk.anna, form(desk, interaction, contact_reason=reason))
        assert refused.status_code == 422
        assert 'id="f-contact_reason-err"' in refused.text
        assert "Corriere sabato" in refused.text
        assert 'value="solved" checked' in refused.text
    assert await state_of(desk, interaction) == "assigned"
    await choose(desk, interaction, "in_ritardo")
    assert 'id="wrapup-reason"' not in (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert (await desk.post(closing, desk.anna, form(desk, interaction))).status_code == 200


async def test_it_may_be_given_with_the_closing_itself_and_without_scripts(desk: Desk) -> None:
    await tree(desk, required=True)
    interaction = await take(desk, desk.aurora, desk.anna)
    alone = await desk.post(
        url(desk.aurora, interaction, "/reason"), desk.anna, {"contact_reason": "in_ritardo"}, htmx=False
    )
    assert (alone.status_code, alone.headers["location"]) == (303, url(desk.aurora, interaction))
    other = await take(desk, desk.aurora, desk.anna)
    given = form(desk, other, contact_reason="in_ritardo")
    assert (await desk.post(url(desk.aurora, other, "/closure"), desk.anna, given)).status_code == 200
    assert "Pacco › In ritardo" in (await desk.get(url(desk.aurora, other), desk.bruno)).text
