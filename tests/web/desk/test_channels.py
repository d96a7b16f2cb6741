"""The contact goes on by another channel, and a call is written down, at the desk."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.core.scope import Scope
from portavoce.customers.identifying import add_identity
from portavoce.customers.models import Customer
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import alias, take

NUMBER = "+393385550142"


@pytest.fixture
async def contact(desk: Desk) -> UUID:
    return await take(desk, desk.aurora, desk.anna)


async def numbered(desk: Desk) -> None:
    async with desk.database.begin(desk.aurora.writing) as db:
        customer = (await db.scalars(select(Conversation.customer_id))).one()
        await add_identity(db, customer, "phone", NUMBER, by=await alias(db, desk.anna, desk.aurora))


def wish(desk: Desk, contact: UUID, channel: str) -> dict[str, str]:
    return {
        "expected_brand": str(desk.aurora.id), "expected_interaction": str(contact), "channel": channel,
    }  # fmt: skip


async def channel_of(desk: Desk, contact: UUID) -> str:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        return (await db.get_one(Interaction, (desk.aurora.id, contact))).channel


async def moved(desk: Desk, contact: UUID) -> str:
    await numbered(desk)
    answer = await desk.post(url(desk.aurora, contact, "/channel"), desk.anna, wish(desk, contact, "phone"))
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_form_offers_what_is_open_and_says_why_the_rest_is_not(desk: Desk, contact: UUID) -> None:
    form = (await desk.get(url(desk.aurora, contact, "/channel"), desk.anna, htmx=True)).text
    assert 'value="phone"' not in form
    assert "Non si conosce nessun numero di questo cliente." in form
    await numbered(desk)
    form = (await desk.get(url(desk.aurora, contact, "/channel"), desk.anna, htmx=True)).text
    assert 'value="phone" checked' in form
    async with desk.database.begin(desk.aurora.writing) as db:
        (await db.scalars(select(Customer))).one().needs = "no_calls"
    form = (await desk.get(url(desk.aurora, contact, "/channel"), desk.anna, htmx=True)).text
    assert 'value="phone"' not in form
    assert "desidera non essere chiamato" in form


async def test_moved_to_the_phone_one_calls_in_the_place_of_writing(desk: Desk, contact: UUID) -> None:
    shown = await moved(desk, contact)
    assert await channel_of(desk, contact) == "phone"
    assert 'name="reached"' in shown
    assert f'action="{url(desk.aurora, contact)}/messages"' not in shown
    assert f'action="{url(desk.aurora, contact)}/notes"' in shown
    back = await desk.post(url(desk.aurora, contact, "/channel"), desk.anna, wish(desk, contact, "email"))
    assert f'action="{url(desk.aurora, contact)}/messages"' in back.text


async def test_what_was_begun_in_writing_waits_there(desk: Desk, contact: UUID) -> None:
    await desk.put(url(desk.aurora, contact, "/drafts/reply"), desk.anna, {"text": "Gentile Gina"})
    assert "Gentile Gina" not in await moved(desk, contact)
    back = await desk.post(url(desk.aurora, contact, "/channel"), desk.anna, wish(desk, contact, "email"))
    assert ">Gentile Gina</textarea>" in back.text


@pytest.mark.deep
async def test_without_scripts_it_leads_back_to_the_contact(desk: Desk, contact: UUID) -> None:
    await numbered(desk)
    here = url(desk.aurora, contact, "/channel")
    answer = await desk.post(here, desk.anna, wish(desk, contact, "phone"), htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, url(desk.aurora, contact))
    assert (await desk.get(here, desk.anna)).status_code == 303


async def test_a_refusal_is_said_in_the_form_and_a_stale_form_is_refused(desk: Desk, contact: UUID) -> None:
    here = url(desk.aurora, contact, "/channel")
    refused = await desk.post(here, desk.anna, wish(desk, contact, "phone"))
    assert (refused.status_code, refused.headers["hx-retarget"]) == (422, "#channel-body")
    assert "Non si conosce nessun numero" in refused.text
    stale = {**wish(desk, contact, "phone"), "expected_brand": str(desk.bosco.id)}
    assert (await desk.post(here, desk.anna, stale)).status_code == 409
    assert (await desk.post(here, desk.bruno, wish(desk, contact, "email"))).status_code == 409
    assert await channel_of(desk, contact) == "email"


async def test_the_number_is_hidden_until_its_holder_asks_and_that_is_written_down(
    desk: Desk, contact: UUID
) -> None:
    shown = await moved(desk, contact)
    bar = shown[shown.index('id="number"') :].partition("</div>")[0]
    assert "•••42" in bar
    assert NUMBER not in bar
    here = url(desk.aurora, contact, "/number")
    assert (await desk.post(here, desk.bruno)).status_code == 409
    assert f'href="tel:{NUMBER}"' in (await desk.post(here, desk.anna)).text
    assert f'href="tel:{NUMBER}"' in (await desk.post(here, desk.anna, htmx=False)).text
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        query = select(AuditEntry.actor).where(AuditEntry.action == "customer.revealed")
        assert (await db.scalars(query)).all() == [str(desk.anna.aliases[desk.aurora.id])] * 2


@pytest.mark.parametrize(("reached", "text", "shows"), [("yes", "Viene domani.", "per telefono"), ("no", "", "Il cliente non ha risposto alla chiamata.")])  # fmt: skip
async def test_a_call_stands_in_the_timeline(
    desk: Desk, contact: UUID, reached: str, text: str, shows: str
) -> None:
    await moved(desk, contact)
    form = {**desk.writing(desk.aurora, contact, text), "reached": reached}
    answer = await desk.post(url(desk.aurora, contact, "/calls"), desk.anna, form)
    assert answer.status_code == 200
    assert shows in answer.text
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        (said,) = (await db.scalars(select(Message).where(Message.direction != "in"))).all()
    assert (said.channel, said.direction) == ("phone", "out" if reached == "yes" else "note")


async def test_a_call_without_an_end_keeps_its_text(desk: Desk, contact: UUID) -> None:
    await moved(desk, contact)
    form = desk.writing(desk.aurora, contact, "Ha detto di sì.")
    answer = await desk.post(url(desk.aurora, contact, "/calls"), desk.anna, form)
    assert answer.status_code == 422
    assert "Indica se il cliente ha risposto." in answer.text
    assert ">Ha detto di sì.</textarea>" in answer.text


async def test_what_was_written_in_a_stale_form_is_not_lost(desk: Desk, contact: UUID) -> None:
    await moved(desk, contact)
    form = desk.writing(desk.aurora, contact, "Per iscritto.")
    answer = await desk.post(url(desk.aurora, contact, "/messages"), desk.anna, form)
    assert answer.status_code == 409
    assert "Per scrivere, spostalo su email." in answer.text
    assert ">Per iscritto.</textarea>" in answer.text
