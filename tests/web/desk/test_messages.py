"""Replies, notes, and sending again."""

from __future__ import annotations

import re
from uuid import uuid4

from sqlalchemy import select

from portavoce.conversations.delivery import mark_uncertain
from portavoce.conversations.models import Message
from portavoce.core.scope import Scope
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, Worker, arrive
from tests.web.desk.taking import take


async def texts(desk: Desk, brand: DeskBrand) -> list[tuple[str, str, str]]:
    async with desk.database.begin(Scope.reading({brand.id})) as db:
        query = select(Message.direction, Message.state, Message.body).order_by(Message.at, Message.id)
        return [(row.direction, row.state, row.body) for row in await db.execute(query)]


async def write(desk: Desk, text: str, *, worker: Worker | None = None, rest: str = "/messages") -> str:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, text)
    answer = await desk.post(url(desk.aurora, interaction, rest), worker or desk.anna, form)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_an_answer_is_queued_and_shown_as_the_brand(desk: Desk) -> None:
    shown = await write(desk, "Arriva domani.")
    assert ("out", "queued", "Arriva domani.") in await texts(desk, desk.aurora)
    assert "Arriva domani." in shown
    assert 'id="composers"' in shown
    assert 'data-state="leaving"' in shown


async def test_a_note_stays_inside(desk: Desk) -> None:
    shown = await write(desk, "Ha chiamato anche ieri.", rest="/notes")
    assert ("note", "noted", "Ha chiamato anche ieri.") in await texts(desk, desk.aurora)
    assert 'class="msg note"' in shown


async def test_without_scripts_an_answer_leads_back_to_the_contact(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "Arriva domani.")
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form, htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, url(desk.aurora, interaction))


async def test_nobody_answers_in_a_brand_that_is_not_theirs(desk: Desk) -> None:
    interaction = await take(desk, desk.bosco, desk.anna)
    form = desk.writing(desk.bosco, interaction, "Di nascosto")
    answer = await desk.post(url(desk.bosco, interaction, "/messages"), desk.bruno, form)
    assert answer.status_code == 404


async def test_an_unknown_contact_is_404(desk: Desk) -> None:
    missing = uuid4()
    form = desk.writing(desk.aurora, missing, "A nessuno")
    answer = await desk.post(url(desk.aurora, missing, "/messages"), desk.anna, form)
    assert answer.status_code == 404


async def uncertain(desk: Desk) -> None:
    """The answer's connection dropped at the end."""
    async with desk.database.begin(desk.aurora.writing) as db:
        await mark_uncertain(db, (await db.scalars(select(Message).where(Message.direction == "out"))).one())


async def test_an_uncertain_answer_can_be_sent_again_once(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "Arriva domani.")
    await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    await uncertain(desk)
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    [again] = re.findall(r'action="([^"]+/resending)"', page.text)
    first, second = await desk.post(again, desk.anna), await desk.post(again, desk.anna)
    assert (first.status_code, second.status_code) == (200, 409)
    assert again not in first.text

    await uncertain(desk)
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    assert 'data-state="uncertain"' in page.text
    assert again not in page.text
    third = await desk.post(again, desk.anna)
    assert third.status_code == 409
    assert "Chiedi al cliente prima di una terza." in third.text


async def test_without_scripts_sending_again_leads_back_to_the_contact(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    answer = await desk.post(
        url(desk.aurora, interaction, f"/messages/{uuid4()}/resending"), desk.anna, htmx=False
    )
    assert answer.status_code == 404
