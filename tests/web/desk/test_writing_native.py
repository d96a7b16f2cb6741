"""The brand answered while somebody wrote: they read it first, are asked once, and no word of theirs is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.native_answers import NativeAnswer, take_native
from portavoce.core.scope import Scope
from portavoce.kit.clock import SteppedClock
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import take

WORDS = "Le mandiamo un tecnico domani."


@pytest.fixture
async def contact(desk: Desk) -> UUID:
    return await take(desk, desk.aurora, desk.anna)


async def native(desk: Desk, key: str = "1", author: str = "Laura Conti") -> UUID:
    async with desk.database.begin(desk.aurora.writing) as db:
        thread = (await db.scalars(select(Conversation))).one()
        answer = NativeAnswer(conversation=thread, channel="email", key=key, author=author, body=WORDS)
        return (await take_native(db, answer)).message.id


async def queued(desk: Desk) -> list[str]:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        query = select(Message.body).where(Message.direction == "out", Message.state == "queued")
        return list(await db.scalars(query.order_by(Message.id)))


def form_of(desk: Desk, contact: UUID, page: str, text: str) -> dict[str, str]:
    """As the browser would send the reply of this page."""
    fields = dict(re.findall(r'name="(native|form_key)" value="([^"]*)"', page))
    return {**desk.writing(desk.aurora, contact, text), **fields}


async def test_a_reply_written_before_it_came_is_asked_about_once(desk: Desk, contact: UUID) -> None:
    here = url(desk.aurora, contact)
    before = (await desk.get(here, desk.anna)).text
    answer = await native(desk)
    asked = await desk.post(f"{here}/messages", desk.anna, form_of(desk, contact, before, "Buongiorno, "))
    assert asked.status_code == 409
    assert "Leggi, poi invia o scarta il tuo testo." in asked.text
    assert ">Buongiorno, </textarea>" in asked.text
    assert WORDS in asked.text, "what is to be read comes along"
    assert (f'href="#m-{answer}"' in asked.text, "data-discard" in asked.text) == (True, True)
    assert await queued(desk) == []
    sent = await desk.post(f"{here}/messages", desk.anna, form_of(desk, contact, asked.text, "Buongiorno, "))
    assert sent.status_code == 200
    assert await queued(desk) == ["Buongiorno, "]


@pytest.mark.deep
async def test_another_answer_is_asked_about_anew_and_the_moment_is_kept(
    desk: Desk, contact: UUID, clock: SteppedClock
) -> None:
    here = url(desk.aurora, contact)
    await native(desk)
    clock.advance(timedelta(minutes=1))
    page = (await desk.get(here, desk.anna)).text
    later = {"send_at": "2026-03-04T09:00"}
    await native(desk, "2")
    asked = await desk.post(f"{here}/messages", desk.anna, {**form_of(desk, contact, page, "Poi."), **later})
    assert (asked.status_code, 'value="2026-03-04T09:00"' in asked.text) == (409, True)
    again = {**form_of(desk, contact, asked.text, "Poi."), **later}
    assert (await desk.post(f"{here}/messages", desk.anna, again)).status_code == 200


@pytest.mark.deep
async def test_without_scripts_the_page_asks_too(desk: Desk, contact: UUID) -> None:
    form = desk.writing(desk.aurora, contact, "Buongiorno")
    await native(desk)
    asked = await desk.post(url(desk.aurora, contact, "/messages"), desk.anna, form, htmx=False)
    assert asked.status_code == 409
    assert "<!doctype html>" in asked.text.lower()
    assert ">Buongiorno</textarea>" in asked.text


async def test_a_draft_of_before_is_asked_about_and_one_of_after_is_not(
    desk: Desk, contact: UUID, clock: SteppedClock
) -> None:
    here = url(desk.aurora, contact)
    await desk.put(f"{here}/drafts/reply", desk.anna, {"text": "Di prima"})
    clock.advance(timedelta(minutes=1))
    answer = await native(desk)
    page = (await desk.get(here, desk.anna)).text
    assert form_of(desk, contact, page, "")["native"] == ""
    clock.advance(timedelta(minutes=1))
    await desk.put(f"{here}/drafts/reply", desk.anna, {"text": "Di dopo"})
    page = (await desk.get(here, desk.anna)).text
    assert form_of(desk, contact, page, "")["native"] == str(answer)


async def test_what_was_to_leave_later_is_in_the_composer_again_and_asked_about(
    desk: Desk, contact: UUID, clock: SteppedClock
) -> None:
    here = url(desk.aurora, contact)
    later = {**desk.writing(desk.aurora, contact, "Domani."), "send_at": "2026-03-04T09:00"}
    assert (await desk.post(f"{here}/messages", desk.anna, later)).status_code == 200
    clock.advance(timedelta(minutes=1))
    await native(desk)
    page = (await desk.get(here, desk.anna)).text
    assert ">Domani.</textarea>" in page
    assert "Ha risposto prima il brand." in page
    assert await queued(desk) == []
    form = form_of(desk, contact, page, "Domani.")
    assert (await desk.post(f"{here}/messages", desk.anna, form)).status_code == 409


async def test_undo_pressed_too_late_gives_back_a_text_that_is_asked_about(desk: Desk, contact: UUID) -> None:
    here = url(desk.aurora, contact)
    await desk.post(f"{here}/messages", desk.anna, desk.writing(desk.aurora, contact, "Subito."))
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        message = (await db.scalars(select(Message.id).where(Message.direction == "out"))).one()
    await native(desk)
    page = (await desk.post(f"{here}/messages/{message}/withdrawal", desk.anna)).text
    assert ">Subito.</textarea>" in page
    assert form_of(desk, contact, page, "")["native"] == ""


async def test_it_stands_in_the_timeline_with_a_word_and_a_name(
    desk: Desk, contact: UUID, clock: SteppedClock
) -> None:
    clock.advance(timedelta(minutes=1))
    answer = await native(desk)
    page = (await desk.get(url(desk.aurora, contact), desk.anna)).text
    (entry,) = re.findall(rf'<li class="msg native" id="m-{answer}".*?</li>', page, re.DOTALL)
    assert "Ha risposto il brand stesso" in entry
    assert "Laura Conti" in entry
    assert "Leggi prima di scrivere." in page
    assert page.count("Ha risposto il brand<") == 1, "in the list of what she holds"
    theirs = (await desk.get(url(desk.aurora, contact), desk.bruno)).text
    assert "Ha risposto il brand</span>" in theirs.partition('id="conv-head"')[2].partition("</header>")[0]
    assert "Leggi prima di scrivere." not in theirs
    await arrive(desk.database, desk.aurora, "E allora?", thread=await thread(desk))
    clock.advance(timedelta(minutes=1))
    assert (await desk.get(url(desk.aurora, contact), desk.anna)).status_code == 200


async def thread(desk: Desk) -> UUID:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        return (await db.scalars(select(Conversation.id))).one()


async def test_a_text_of_the_brand_is_no_markup_and_a_missing_name_is_the_brands(
    desk: Desk, contact: UUID
) -> None:
    await native(desk, author="")
    async with desk.database.begin(desk.aurora.writing) as db:
        message = (await db.scalars(select(Message).where(Message.direction == "native"))).one()
        message.body = "<script>alert(1)</script>"
    page = (await desk.get(url(desk.aurora, contact), desk.anna)).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<span>Aurora</span>" in page


@pytest.mark.deep
async def test_notes_are_not_asked_about(desk: Desk, contact: UUID) -> None:
    form = desk.writing(desk.aurora, contact, "Una nota")
    await native(desk)
    assert (await desk.post(url(desk.aurora, contact, "/notes"), desk.anna, form)).status_code == 200
