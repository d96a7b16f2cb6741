"""Messages about another matter become a contact of their own at the desk, and come back."""

from __future__ import annotations

import json
import re
from uuid import UUID

from sqlalchemy import select

from portavoce.conversations.models import Interaction
from portavoce.conversations.threads.models import ThreadSplit
from tests.web.desk import house
from tests.web.desk.conftest import Desk, url


async def two_matters(desk: Desk) -> tuple[UUID, list[UUID]]:
    """In Anna's hands: what leaks, and then a meter."""
    contact, first = await house.arrive(desk.database, desk.aurora, "Perde acqua.", subject="Macchina")
    async with desk.database.begin(desk.aurora.writing) as db:
        thread = await db.scalar(select(Interaction.conversation_id).where(Interaction.id == contact))
    _, second = await house.arrive(desk.database, desk.aurora, "E il <b>contatore</b>?", thread=thread)
    await desk.post(url(desk.aurora, contact, "/claim"), desk.anna)
    return contact, [first, second]


def form_of(
    desk: Desk, contact: UUID, moved: UUID | None = None, *, subject: str = "Contatore"
) -> dict[str, str]:
    form = {
        "expected_brand": str(desk.aurora.id),
        "expected_interaction": str(contact),
        "split_subject": subject,
    }
    return form if moved is None else {**form, "moved": str(moved)}


async def split_of(desk: Desk) -> ThreadSplit:
    async with desk.database.begin(desk.aurora.writing) as db:
        return (await db.scalars(select(ThreadSplit))).one()


async def test_it_is_offered_where_the_customer_wrote_more_than_once_and_shows_what_may_move(
    desk: Desk,
) -> None:
    contact, said = await two_matters(desk)
    assert 'data-open="split"' in (await desk.get(url(desk.aurora, contact), desk.anna)).text
    form = (await desk.get(url(desk.aurora, contact, "/split"), desk.anna, htmx=True)).text
    assert re.findall(r'name="moved" value="([^"]+)"', form) == [str(each) for each in said]
    assert "E il &lt;b&gt;contatore&lt;/b&gt;?" in form
    assert 'name="split_subject" type="text" value="Macchina"' in form
    assert 'data-open="split"' not in (await desk.get(url(desk.aurora, contact), desk.bruno)).text
    lonely, _ = await house.arrive(desk.database, desk.aurora, customer="Ugo Neri")
    await desk.post(url(desk.aurora, lonely, "/claim"), desk.anna)
    assert 'data-open="split"' not in (await desk.get(url(desk.aurora, lonely), desk.anna)).text


async def test_both_timelines_lead_to_each_other_and_the_toast_leads_back(desk: Desk) -> None:
    contact, [_, second] = await two_matters(desk)
    done = await desk.post(url(desk.aurora, contact, "/split"), desk.anna, form_of(desk, contact, second))
    assert (done.status_code, done.headers["hx-push-url"]) == (200, url(desk.aurora, contact))
    chat = done.text.partition('id="chat"')[2].partition("</ol>")[0]
    new = url(desk.aurora, (await split_of(desk)).opened_id)
    assert "contatore" not in chat
    assert "1 messaggio è passato a" in chat
    assert f'href="{new}"' in chat
    assert f'action="{new}/split/undo"' in chat
    other = (await desk.get(new, desk.anna)).text
    chat = other.partition('id="chat"')[2].partition("</ol>")[0]
    assert "E il &lt;b&gt;contatore&lt;/b&gt;?" in chat
    assert "1 messaggio viene da" in chat
    assert f'href="{url(desk.aurora, contact)}"' in chat
    assert "<h2" in other
    toast = json.loads(done.headers["hx-trigger"])["toast"]
    assert toast["url"] == f"{new}/split/undo"
    back = await desk.post(toast["url"], desk.anna)
    assert (back.status_code, back.headers["hx-push-url"]) == (200, url(desk.aurora, contact))
    chat = back.text.partition('id="chat"')[2].partition("</ol>")[0]
    assert "E il &lt;b&gt;contatore&lt;/b&gt;?" in chat
    assert "1 messaggio è stato diviso ed è poi tornato" in chat
    assert "/split/undo" not in chat
    empty = (await desk.get(new, desk.anna)).text
    assert f'href="{url(desk.aurora, contact)}"' in empty.partition('id="takebar"')[2]
    assert "/reopening" not in empty


async def test_what_cannot_be_is_said_in_the_dialog_and_nothing_typed_is_lost(desk: Desk) -> None:
    contact, [_, second] = await two_matters(desk)
    foreign, strange = await house.arrive(desk.database, desk.bosco)
    here = url(desk.aurora, contact, "/split")
    for form, wrong in (
        (form_of(desk, contact, subject="Il mio"), "moved"),
        (form_of(desk, contact, strange, subject="Il mio"), "moved"),
        (form_of(desk, contact, second, subject=""), "split_subject"),
    ):
        answer = await desk.post(here, desk.anna, form)
        assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#split-body")
        assert f'id="f-{wrong}-err"' in answer.text
        assert f'value="{form["split_subject"]}"' in answer.text
        ticked = re.findall(r'name="moved" value="([^"]+)" checked', answer.text)
        assert ticked == ([str(second)] if form.get("moved") == str(second) else [])
    assert (
        await desk.post(url(desk.aurora, foreign, "/split"), desk.anna, form_of(desk, contact, second))
    ).status_code == 404
    assert (await desk.post(f"{here}/undo", desk.anna)).status_code == 404


async def test_a_form_of_another_contact_or_brand_splits_nothing(desk: Desk) -> None:
    contact, [_, second] = await two_matters(desk)
    stale = {"expected_interaction": str(second), "expected_brand": str(desk.bosco.id)}
    for name, value in stale.items():
        form = form_of(desk, contact, second) | {name: value}
        assert (await desk.post(url(desk.aurora, contact, "/split"), desk.anna, form)).status_code == 409
        del form[name]
        assert (await desk.post(url(desk.aurora, contact, "/split"), desk.anna, form)).status_code == 409
    async with desk.database.begin(desk.aurora.writing) as db:
        assert (await db.scalars(select(ThreadSplit))).all() == []


async def test_the_undo_says_clearly_why_not(desk: Desk) -> None:
    contact, [_, second] = await two_matters(desk)
    await desk.post(url(desk.aurora, contact, "/split"), desk.anna, form_of(desk, contact, second))
    new = (await split_of(desk)).opened_id
    async with desk.database.begin(desk.aurora.writing) as db:
        thread = await db.scalar(select(Interaction.conversation_id).where(Interaction.id == new))
    await house.arrive(desk.database, desk.aurora, "Allora?", thread=thread)
    refused = await desk.post(url(desk.aurora, new, "/split/undo"), desk.anna)
    assert refused.status_code == 409
    assert "Resta un contatto a sé" in refused.text


async def test_the_palette_has_it_and_a_browser_without_scripts_gets_pages(desk: Desk) -> None:
    contact, [_, second] = await two_matters(desk)
    assert "[data-open=split]" in (await desk.get("/desk/palette?q=dividi", desk.anna, htmx=True)).text
    form = await desk.get(url(desk.aurora, contact, "/split"), desk.anna)
    assert (form.status_code, form.headers["location"]) == (303, url(desk.aurora, contact))
    done = await desk.post(
        url(desk.aurora, contact, "/split"), desk.anna, form_of(desk, contact, second), htmx=False
    )
    assert (done.status_code, done.headers["location"]) == (303, url(desk.aurora, contact))
