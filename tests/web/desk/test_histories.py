"""Reading upwards: older messages and contacts are fragments, each with the way to those before it."""

from __future__ import annotations

import re
from uuid import UUID

from portavoce.conversations.models import Interaction
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive

WAY = re.compile(r'hx-get="([^"]+/(?:older|earlier)\?[^"]+)"')
MESSAGE = re.compile(r'id="m-([^"]+)"')
CONTACT = re.compile(r'id="ev-([0-9a-f-]{36})"')


async def thread_of(desk: Desk, interaction: UUID) -> UUID:
    async with desk.database.begin(desk.aurora.writing) as db:
        return (await db.get_one(Interaction, (desk.aurora.id, interaction))).conversation_id


async def test_older_messages_are_fetched_until_there_are_none(desk: Desk) -> None:
    interaction, first = await arrive(desk.database, desk.aurora, "messaggio 0")
    thread = await thread_of(desk, interaction)
    for number in range(1, 45):
        await arrive(desk.database, desk.aurora, f"messaggio {number}", thread=thread)
    text, read, pages = (await desk.get(url(desk.aurora, interaction), desk.anna)).text, [], 1
    read = MESSAGE.findall(text)
    while way := WAY.search(text):
        text = (await desk.get(way[1], desk.anna, htmx=True)).text
        read, pages = MESSAGE.findall(text) + read, pages + 1
    assert (pages, len(read), len(set(read)), read[0]) == (3, 45, 45, str(first))


async def test_older_contacts_are_fetched_until_there_are_none(desk: Desk) -> None:
    contacts = [(await arrive(desk.database, desk.aurora, subject=f"Domanda {n}"))[0] for n in range(33)]
    text = (await desk.get(url(desk.aurora, contacts[-1]), desk.anna)).text
    read = CONTACT.findall(text)
    assert len(read) == 10
    while way := WAY.search(text):
        text = (await desk.get(way[1], desk.anna, htmx=True)).text
        read = CONTACT.findall(text) + read
    assert read == [str(each) for each in contacts[:-1]]


async def test_what_is_not_of_the_brand_is_before_nothing(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    foreign, message = await arrive(desk.database, desk.bosco)
    for way in (f"/older?before_message={message}", f"/earlier?before_contact={foreign}"):
        answer = await desk.get(url(desk.aurora, interaction, way), desk.anna, htmx=True)
        assert answer.status_code == 200
        assert not MESSAGE.search(answer.text)
        assert not CONTACT.search(answer.text)
