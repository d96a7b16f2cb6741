"""At the desk: ask for approval, see that it waits, take it back, and find what was sent back."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from sqlalchemy import select, update

from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.conversations.approvals.deciding import send_back
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.identity import people
from portavoce.identity.granting import grant
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take
from tests.web.desk.test_messages import texts

REPLY = "Arriva domani."


async def rosa(desk: Desk) -> UUID:
    async with desk.database.begin(desk.aurora.writing) as db:
        client_id = await db.scalar(select(Brand.client_id).where(Brand.id == desk.aurora.id))
        one = await people.add_person(
            db,
            name="Rosa Gallo",
            email=f"{uuid4().hex}@client.example",
            locale="it",
            client_id=client_id,
            by=None,
        )
        await grant(db, one.id, "client_approver", brand_id=desk.aurora.id)
        return one.id


async def asked(desk: Desk) -> tuple[UUID, str]:
    """The contact, and what the desk answers."""
    interaction = await take(desk, desk.aurora, desk.anna)
    form = {**desk.writing(desk.aurora, interaction, REPLY), "approval": "1"}
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert answer.status_code == 200, answer.text
    assert "aspetta l'approvazione" in answer.headers["HX-Trigger"]
    return interaction, answer.text


async def test_the_agent_may_ask_for_it_and_sees_that_it_waits(desk: Desk) -> None:
    await rosa(desk)
    _, shown = await asked(desk)
    assert ("out", "awaiting", REPLY) in await texts(desk, desk.aurora)
    assert 'data-state="awaiting"' in shown
    assert "Una risposta aspetta l'approvazione" in shown


async def test_the_rule_of_the_line_changes_what_the_button_says(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    assert 'name="approval"' in (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    async with desk.database.begin(desk.aurora.writing) as db:
        await db.execute(update(LineOfBusiness).values(approval="always"))
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    [button] = re.findall(r'<button[^>]* id="send">.*?</button>', page, re.DOTALL)
    assert "Chiedi l'approvazione al committente" in button
    assert 'name="approval"' not in page


async def test_where_nobody_approves_the_text_stays(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = {**desk.writing(desk.aurora, interaction, REPLY), "approval": "1"}
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert answer.status_code == 409
    assert "può ancora approvare" in answer.text
    assert REPLY in answer.text
    assert [each for each in await texts(desk, desk.aurora) if each[0] == "out"] == []


async def test_it_is_taken_back_and_the_text_is_in_the_composer(desk: Desk) -> None:
    await rosa(desk)
    _, shown = await asked(desk)
    back = re.findall(r'action="([^"]+/withdrawal)"', shown)
    answer = await desk.post(back[0], desk.anna)
    assert answer.status_code == 200
    assert re.search(rf"<textarea[^>]*>{REPLY}</textarea>", answer.text)
    assert ("out", "withdrawn", REPLY) in await texts(desk, desk.aurora)


async def test_what_was_sent_back_says_so_with_the_comment_and_its_text_to_go_on_with(desk: Desk) -> None:
    person = await rosa(desk)
    interaction, _ = await asked(desk)
    async with desk.database.begin(desk.aurora.writing) as db:
        approval = (await db.scalars(select(ReplyApproval.id))).one()
        await send_back(db, approval, "Dite il giorno.", person_id=person)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert 'data-state="returned"' in page
    assert "Il committente l&#39;ha rimandata." in page
    assert "Dite il giorno." in page
    assert "Rosa, approver" in page
    assert re.search(rf"<textarea[^>]*>{REPLY}</textarea>", page)


async def test_the_guard_asks_first_and_the_wish_survives_its_question(desk: Desk) -> None:
    """What names another brand is never shown to the client unexcused."""
    await rosa(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    text = f"Scrivete a {desk.bosco.address}"
    form = {**desk.writing(desk.aurora, interaction, text), "approval": "1"}
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert (answer.status_code, 'id="guard"' in answer.text) == (422, True)
    assert '<input type="hidden" name="approval" value="1">' in answer.text
    async with desk.database.begin(desk.aurora.writing) as db:
        assert (await db.scalars(select(ReplyApproval.id))).all() == []


async def test_the_contact_cannot_be_finished_meanwhile_and_the_form_says_why(desk: Desk) -> None:
    await rosa(desk)
    interaction, _ = await asked(desk)
    form = {**desk.writing(desk.aurora, interaction, ""), "disposition": "solved"}
    answer = await desk.post(url(desk.aurora, interaction, "/closure"), desk.anna, form)
    assert (answer.status_code, 'id="f-disposition-err"' in answer.text) == (422, True)
    assert "Una risposta di questo contatto aspetta l&#39;approvazione" in answer.text
