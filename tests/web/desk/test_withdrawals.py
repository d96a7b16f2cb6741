"""An answer waits a moment before it leaves, or until its writer wishes; until then it can be taken back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portavoce.brands.limits import set_limit
from portavoce.conversations.models import Message
from portavoce.core.models import Outbox
from portavoce.core.scope import Scope
from tests.web.desk import house
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take

ROME = ZoneInfo("Europe/Rome")


async def answer_of(desk: Desk) -> tuple[Message, Outbox]:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        message = (await db.scalars(select(Message).where(Message.direction == "out"))).one()
        return message, (await db.scalars(select(Outbox).where(Outbox.ref_id == message.id))).one()


def wished(desk: Desk, **ahead: float) -> str:
    return f"{(desk.database.clock.now() + timedelta(**ahead)).astimezone(ROME):%Y-%m-%dT%H:%M}"


async def test_an_answer_waits_ten_seconds_and_its_text_comes_back(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "Mi sono <sbagliata>")
    sent = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    message, row = await answer_of(desk)
    assert row.run_at == message.leaves_at == desk.database.clock.now() + timedelta(seconds=10)
    undo = url(desk.aurora, interaction, f"/messages/{message.id}/withdrawal")
    toast = json.loads(sent.headers["hx-trigger"])["toast"]
    assert (toast["event"], toast["url"]) == ("undo", undo)
    assert undo in sent.text
    back = await desk.post(undo, desk.anna)
    assert back.status_code == 200
    assert ">Mi sono &lt;sbagliata&gt;</textarea>" in back.text
    assert 'data-state="withdrawn"' in back.text
    assert (await answer_of(desk))[0].state == "withdrawn"


async def test_who_asked_for_double_time_has_it_here_too(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    headers = {
        **house.headers_of(desk.settings, desk.anna, htmx=True),
        "Cookie": f"portavoce={desk.anna.cookie}; pace=double",
        "Accept": "text/html",
    }
    form = desk.writing(desk.aurora, interaction, "Con calma")
    await desk.client.post(url(desk.aurora, interaction, "/messages"), headers=headers, data=form)
    message, _ = await answer_of(desk)
    assert message.leaves_at == desk.database.clock.now() + timedelta(seconds=20)


async def test_without_scripts_the_text_comes_back_on_a_whole_page(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "Mi sono sbagliata")
    await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form, htmx=False)
    message, _ = await answer_of(desk)
    undo = url(desk.aurora, interaction, f"/messages/{message.id}/withdrawal")
    back = await desk.post(undo, desk.anna, htmx=False)
    assert "<!doctype html>" in back.text
    assert ">Mi sono sbagliata</textarea>" in back.text


async def test_a_brand_may_let_answers_leave_at_once(desk: Desk) -> None:
    async with desk.database.begin(desk.aurora.writing) as db:
        await set_limit(db, "undo_send_s", 0, by="test")
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "Subito")
    sent = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    message, row = await answer_of(desk)
    assert (message.leaves_at, row.run_at) == (None, desk.database.clock.now())
    assert "hx-trigger" not in sent.headers


async def test_an_answer_leaves_when_its_writer_wishes_on_the_clock_of_the_brand(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    at = wished(desk, hours=20)
    form = {**desk.writing(desk.aurora, interaction, "A domani"), "send_at": at}
    assert (await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)).status_code == 200
    message, row = await answer_of(desk)
    assert row.run_at == message.leaves_at == datetime.fromisoformat(at).replace(tzinfo=ROME)


async def test_a_moment_that_is_none_or_gone_is_refused_and_text_and_moment_stay(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    for at in ("ieri", wished(desk, hours=-1), wished(desk, days=400)):
        form = {**desk.writing(desk.aurora, interaction, "A domani"), "send_at": at}
        answer = await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
        assert answer.status_code == 422
        assert ">A domani</textarea>" in answer.text
        assert f'value="{at}"' in answer.text


async def test_the_address_of_another_contact_takes_nothing_back(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "Mi sono sbagliata")
    await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, form)
    message, _ = await answer_of(desk)
    other = await take(desk, desk.aurora, desk.anna)
    undo = url(desk.aurora, other, f"/messages/{message.id}/withdrawal")
    assert (await desk.post(undo, desk.anna)).status_code == 404
    assert (await answer_of(desk))[0].state == "queued"
