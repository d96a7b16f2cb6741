"""What is refused: the text stays, and nothing is written."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from portavoce.conversations.claiming import claim, release
from portavoce.conversations.models import Message
from portavoce.core.scope import Scope
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
