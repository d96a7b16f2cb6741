"""FT-32: every script, no character at all and far too many of them: stored, or refused in words; never a 500."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from portavoce.conversations.models import Message
from portavoce.core.scope import Scope
from tests.web.desk import house
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take
from tests.world import World, letter

STORED = {
    "emoji": "Famiglia \U0001f468\u200d\U0001f469\u200d\U0001f467 e bandiera \U0001f1ee\U0001f1f9",
    "right to left": "שלום \u202eabc\u202c عربى",
    "combining": "e\u0301" * 500 + "Z\u0351\u036b\u0343" * 50,
    "beyond the first plane": "\U00010348\U0010fffd",
    "noncharacters": "\ufffe\uffff\ufdd0",
    "controls": "a\x01b\x1bc\x7f",
    "the widest line": "w" * 19_000,
    "every space": "a\u00a0\u2003\u200b\u3000\ufeffb",
    "room around it": "\n  rientro\t\n\n",
}
REFUSED = {"NUL": "prima\0dopo", "too long": "x" * 20_001}
RAW = {
    "half a pair": b"%ED%A0%80",
    "no UTF-8": b"%FF%FE",
    "cut short": b"%E2%82",
    "NUL": b"%00",
    "a bare percent": b"%",
}


async def bodies(desk: Desk) -> list[str]:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        rows = await db.scalars(select(Message.body).where(Message.direction != "in").order_by(Message.at))
        return list(rows.all())


@pytest.mark.parametrize("kind", ["messages", "notes"])
async def test_what_an_agent_writes_is_kept_as_written_or_refused_in_words(desk: Desk, kind: str) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    where = url(desk.aurora, interaction, f"/{kind}")
    for name, text in STORED.items():
        answer = await desk.post(where, desk.anna, desk.writing(desk.aurora, interaction, text))
        assert answer.status_code == 200, name
    assert sorted(await bodies(desk)) == sorted(STORED.values())
    for name, text in REFUSED.items():
        answer = await desk.post(where, desk.anna, desk.writing(desk.aurora, interaction, text))
        assert answer.status_code == 422, name
        assert 'role="alert"' in answer.text
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    assert page.status_code == 200
    assert "\U0001f468\u200d\U0001f469" in page.text


@pytest.mark.parametrize("name", RAW)
async def test_octets_that_are_no_text_are_no_500(desk: Desk, name: str) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, "")
    form.pop("text")
    client: httpx.AsyncClient = desk.client
    answer = await client.request(
        "POST",
        url(desk.aurora, interaction, "/messages"),
        headers={
            **house.headers_of(desk.settings, desk.anna), "Cookie": f"portavoce={desk.anna.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        content=urlencode(form).encode() + b"&text=ciao" + RAW[name],
    )  # fmt: skip
    assert answer.status_code in (200, 400, 409, 422)
    for text in await bodies(desk):
        assert "\0" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/desk?closed=%00",
        "/b/%00/interactions/x",
        "/b/%ED%A0%80/interactions/x",
        "/desk/stream?brand=%FF&open=x",
    ],
)
async def test_addresses_that_are_no_text_are_no_500(desk: Desk, path: str) -> None:
    answer = await desk.get(path, desk.anna)
    assert 400 <= answer.status_code < 500


async def test_a_customer_of_any_name_and_text_is_a_contact_that_can_be_read(
    world: World, desk: Desk
) -> None:
    aurora = world.aurora
    for text in STORED.values():
        await world.receive(aurora, letter(aurora.address, text.replace("\x01", "").replace("\x1b", "")))
    names = ["\U0001f469\u200d\U0001f467", "\u202egro", "G" * 20_000, "=?utf-8?b?7aCA?=", "Gi\tna"]
    for number, name in enumerate(names):
        head = f"From: {name} <gina{number}@customer.example>\r\nTo: {aurora.address}\r\nSubject: {name}\r\n"
        await world.receive(aurora, head.encode() + b"Message-ID: <n%d@x.example>\r\n\r\nciao\r\n" % number)
    messages = await world.messages(aurora)
    assert len(messages) == len(STORED) + len(names)
    for customer in ("\U0001f469" * 2_000, "\u202e\u2066 Gina", "G" * 20_000):
        contact, _ = await house.arrive(desk.database, desk.aurora, customer=customer)
        page = await desk.get(url(desk.aurora, contact), desk.anna)
        assert page.status_code == 200
