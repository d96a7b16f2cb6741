"""SEC-10, SEC-62: a stream ends with the right to it and shows nothing after; nobody opens streams without end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import Poke
from portavoce.identity.changing import change_address, change_password
from portavoce.identity.mails import House
from portavoce.identity.models import AccessGrant, Person
from portavoce.identity.sessions import IDLE, end_session, hashed, open_session, person_of_session
from portavoce.onboarding.people import disable_person, give_role, take_role
from portavoce.web.live.hub import MOST_STREAMS, Hub
from portavoce.web.live.streams import Stream
from tests.web.browsing import PASSWORD, QUICK
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker
from tests.web.live.test_hub import Recorder, Silence, aurora_bosco_anna, next_with, running, stream_of

PATIENCE = 20
CARE = House("Voxa Servizi", "https://care.voxa.example")
Loss = Callable[[Database, Worker, DeskBrand], Awaitable[object]]


async def brand_taken(database: Database, anna: Worker, bosco: DeskBrand) -> None:
    async with database.begin(HOUSE) as db:
        mine = (AccessGrant.person_id == anna.person_id, AccessGrant.brand_id == bosco.id)
        grant_id = (await db.scalars(select(AccessGrant.id).where(*mine))).one()
    await take_role(database, person_id=anna.person_id, grant_id=grant_id, by=uuid4())


async def role_given(database: Database, anna: Worker, bosco: DeskBrand) -> None:
    by = await house.make_admin(database)
    await give_role(database, CARE, person_id=anna.person_id, role="supervisor", brand_id=bosco.id, by=by)


async def disabled(database: Database, anna: Worker, _: DeskBrand) -> None:
    await disable_person(database, person_id=anna.person_id, by=uuid4())


async def signed_out(database: Database, anna: Worker, _: DeskBrand) -> None:
    async with database.begin(HOUSE) as db:
        await end_session(db, anna.session_id)


async def password_changed(database: Database, anna: Worker, _: DeskBrand) -> None:
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.person_id)).password_hash = await QUICK.hash(PASSWORD)
    await change_password(
        database, QUICK, CARE, person_id=anna.person_id, current=PASSWORD, new="tutt'altra frase, più lunga",
        address="192.0.2.1",
    )  # fmt: skip


async def address_changed(database: Database, anna: Worker, _: DeskBrand) -> None:
    async with database.begin(HOUSE) as db:
        await change_address(db, CARE, anna.person_id, f"{uuid4().hex}@voxa.example", by=anna.person_id)


LOSSES = [brand_taken, role_given, disabled, signed_out, password_changed, address_changed]


async def everything(stream: Stream) -> bytes:
    """What the browser is sent, to the end."""
    async with asyncio.timeout(PATIENCE):
        return b"".join([message async for message in stream.sent()])


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
async def test_after_the_loss_nothing_is_shown_and_the_stream_ends(
    live_database: Database, lose: Loss
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    bruno = await house.make_worker(live_database, [aurora, bosco], "Bruno")
    annas, brunos = stream_of(anna, aurora, bosco), stream_of(bruno, aurora, bosco)
    views = Recorder()
    async with running(live_database, views, annas, brunos) as hub:
        annas.mailbox.put("waiting", b"what was not taken yet")
        await lose(live_database, anna, bosco)
        hub.hear([Poke("queue", bosco.id, bosco.id), Poke("queue", aurora.id, aurora.id)])
        assert await asyncio.wait_for(brunos.mailbox.take(), PATIENCE) is not None
        assert await everything(annas) == b""
        assert not brunos.mailbox.closed


async def test_rights_that_cannot_be_asked_show_nothing_until_they_can(
    live_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    stream, views = stream_of(anna, aurora, bosco), Recorder()
    asked = asyncio.Event()
    rights = Hub._rights

    async def away(*_: object) -> tuple[set[str], dict[UUID, set[UUID]]]:
        asked.set()
        raise ConnectionError("the database is away")

    async with running(live_database, views, stream) as hub:
        monkeypatch.setattr(Hub, "_rights", away)
        hub.hear([Poke("queue", aurora.id, aurora.id)])
        await asyncio.wait_for(asked.wait(), PATIENCE)
        assert views.asked == []
        monkeypatch.setattr(Hub, "_rights", rights)
        assert "fresh" in await next_with(stream, "fresh")


async def test_a_person_has_so_many_streams_and_no_more_and_others_have_theirs(
    live_database: Database,
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    bruno = await house.make_worker(live_database, [aurora], "Bruno")
    hub = Hub(live_database, Recorder(), Silence())
    streams = [stream_of(anna, aurora, bosco) for _ in range(200)]
    for stream in streams:
        hub.add(stream)
    assert [stream.mailbox.closed for stream in streams] == [False] * MOST_STREAMS + [True] * (
        200 - MOST_STREAMS
    )
    assert hub.full(anna.person_id)
    assert not hub.full(bruno.person_id)
    for stream in streams[1:]:
        hub.remove(stream)
    assert not hub.full(anna.person_id)


async def test_a_heartbeat_and_a_stream_that_comes_back_keep_no_session_alive(database: Database) -> None:
    """SEC-32: only what a person does counts."""
    anna = await house.make_worker(database, [], "Anna")
    clock = database.clock
    for active, alive in ((True, True), (False, False)):
        async with database.begin(HOUSE) as db:
            cookie = hashed(open_session(db, anna.person_id, "127.0.0.1"))
        for _ in range(4):
            clock.advance(IDLE / 2)  # type: ignore[attr-defined]  # -- a stepped clock
            async with database.begin(HOUSE) as db:
                found = await person_of_session(db, cookie, active=active)
        assert (found is not None) is alive
