"""What is refused: the text stays, and nothing is written."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from portavoce.conversations.claiming import claim, release
from portavoce.conversations.models import Message
from portavoce.core.scope import Scope
from portavoce.kit.clock import SteppedClock
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand
from tests.web.desk.taking import alias, take


async def directions(desk: Desk, brand: DeskBrand) -> list[str]:
    async with desk.database.begin(Scope.reading({brand.id})) as db:
        return list((await db.scalars(select(Message.direction))).all())


async def test_a_form_of_another_brand_is_refused_and_keeps_its_text(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.bosco, interaction, "Scritto per <Bosco>")
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert answer.status_code == 409
    assert "Scritto per &lt;Bosco&gt;" in answer.text
    assert answer.headers["hx-retarget"] == "#foot"
    assert await directions(desk, desk.aurora) == ["in"]


async def test_a_form_of_another_contact_is_refused_and_keeps_its_text(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, uuid4(), "Per un altro")
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form, htmx=False)
    assert answer.status_code == 409
    assert "Per un altro" in answer.text
    assert "<!doctype html>" in answer.text


async def test_a_form_that_names_no_contact_is_refused_and_keeps_its_text(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, {"text": "Senza marca"})
    assert answer.status_code == 409
    assert "Senza marca" in answer.text


async def test_who_no_longer_holds_the_contact_keeps_the_text(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    async with desk.database.begin(desk.aurora.writing) as db:
        await release(db, interaction, by=await alias(db, desk.anna, desk.aurora))
    async with desk.database.begin(desk.aurora.writing) as db:
        await claim(db, interaction, by=await alias(db, desk.bruno, desk.aurora))
    form = desk.writing(desk.aurora, interaction, "Quasi finito di scrivere")
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert answer.status_code == 409
    assert "Quasi finito di scrivere" in answer.text


async def test_an_empty_answer_is_refused_with_its_blanks(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "  \n ")
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


async def test_a_nul_byte_is_refused_in_words(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "prima\0dopo")
    answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    assert answer.status_code == 422
    assert await directions(desk, desk.aurora) == ["in"]


KEY = re.compile(r'id="composer-(\w+)".*?name="form_key" value="([0-9a-f-]{36})"', re.DOTALL)


async def test_a_double_click_and_a_retry_twelve_seconds_later_are_one_answer(
    desk: Desk, clock: SteppedClock
) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    keys = dict(KEY.findall(page.text))
    assert len({keys["reply"], keys["note"]}) == 2
    form = {**desk.writing(desk.aurora, interaction, "Arriva domani.\r\nAnna"), "form_key": keys["reply"]}
    where = url(desk.aurora, interaction, "/messages")
    answers = await asyncio.gather(*(desk.post(where, desk.anna, form) for _ in range(3)))
    clock.advance(timedelta(seconds=12))
    answers.append(await desk.post(where, desk.anna, form))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all("Arriva domani." in answer.text for answer in answers)
    assert sorted(await directions(desk, desk.aurora)) == ["in", "out"]
    assert KEY.findall(answers[-1].text) != KEY.findall(page.text)


async def test_a_text_changed_after_it_was_sent_is_kept_and_shown_with_what_was_sent(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = {**desk.writing(desk.aurora, interaction, "Arriva domani."), "form_key": str(uuid4())}
    where = url(desk.aurora, interaction, "/messages")
    await desk.post(where, desk.anna, form)
    answer = await desk.post(where, desk.anna, {**form, "text": "Arriva lunedì."})
    assert answer.status_code == 409
    assert "Arriva lunedì." in answer.text
    [(_, key), _note] = KEY.findall(answer.text)
    assert key != form["form_key"]
    second = {**form, "text": "Arriva lunedì.", "form_key": key}
    assert (await desk.post(where, desk.anna, second)).status_code == 200
    assert sorted(await directions(desk, desk.aurora)) == ["in", "out", "out"]
