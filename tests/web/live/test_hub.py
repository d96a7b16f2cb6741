"""The hub with a real PostgreSQL: what reaches whom, and what ends a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from portavoce.agents.models import BrandAgent
from portavoce.conversations.claiming import claim
from portavoce.conversations.models import Interaction
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.push import Publisher, Resync, Subscriber
from portavoce.core.scope import HOUSE
from portavoce.core.unit import Poke
from portavoce.identity.models import AccessGrant
from portavoce.identity.sessions import end_session
from portavoce.kit.ids import uuid7
from portavoce.web.desk.items import Lists
from portavoce.web.desk.live_views import DeskViews
from portavoce.web.desk.me import Presence
from portavoce.web.desk.streams import _events
from portavoce.web.live import hub as hubs
from portavoce.web.live.condition import Trouble
from portavoce.web.live.hub import Hub
from portavoce.web.live.streams import Opened, Stream, Topic
from portavoce.web.templating import Templates
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker

PATIENCE = 20


class Silence:
    """No pokes from anywhere."""

    connected = True

    async def subscribe(self) -> AsyncIterator[Poke | Resync]:
        await asyncio.Event().wait()
        yield Resync()


class Recorder:
    """Views that only note what they were asked."""

    def __init__(self) -> None:
        self.asked: list[Topic] = []
        self.warned: list[frozenset[Trouble]] = []
        self.broken = False

    async def beat(self, streams: Sequence[Stream]) -> None:
        if self.broken:
            raise RuntimeError("the database is away")
        for stream in streams:
            stream.mailbox.put("beat", b"beat")

    def warn(self, troubles: frozenset[Trouble], streams: Iterable[Stream]) -> None:
        self.warned.append(troubles)

    async def refresh(self, topic: Topic, streams: Sequence[Stream]) -> Iterable[Topic]:
        self.asked.append(topic)
        if self.broken:
            raise RuntimeError("the database is away")
        for stream in streams:
            stream.mailbox.put(topic, b"fresh")
        return ()


async def aurora_bosco_anna(database: Database) -> tuple[DeskBrand, DeskBrand, Worker]:
    elena = await house.make_admin(database)
    aurora = await house.make_brand(database, elena, "Aurora")
    bosco = await house.make_brand(database, elena, "Bosco")
    return aurora, bosco, await house.make_worker(database, [aurora, bosco], "Anna")


def stream_of(worker: Worker, *brands: DeskBrand, locale: str = "it", opened: Opened | None = None) -> Stream:
    ids = frozenset(brand.id for brand in brands)
    return Stream(worker.person_id, worker.session_id, worker.agent_id, locale, ids, opened)


async def next_message(stream: Stream) -> str:
    message = await asyncio.wait_for(stream.mailbox.take(), PATIENCE)
    assert message is not None, "the stream ended"
    return message.decode()


async def next_with(stream: Stream, words: str) -> str:
    while words not in (message := await next_message(stream)):
        pass
    return message


@asynccontextmanager
async def running(database: Database, views: hubs.Views, *streams: Stream) -> AsyncIterator[Hub]:
    hub = Hub(database, views, Silence())
    async with hub.running():
        for stream in streams:
            hub.add(stream)
        yield hub


async def test_a_change_is_read_once_and_reaches_every_language(
    live_database: Database, templates: Templates
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    italian, english = stream_of(anna, aurora, bosco), stream_of(anna, aurora, bosco, locale="en")
    async with running(live_database, DeskViews(live_database, templates), italian, english) as hub:
        interaction, _ = await house.arrive(live_database, aurora, "Appena arrivata")
        hub.hear([Poke("queue", aurora.id, interaction)] * 3)
        for stream in (italian, english):
            message = await next_message(stream)
            assert message.startswith("event: queue\n")
            assert "Appena arrivata" in message
            assert f'data-brand-queue="{aurora.slug}"' in message


async def test_nothing_of_a_brand_reaches_who_is_not_granted_it(
    live_database: Database, templates: Templates
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    bruno = await house.make_worker(live_database, [aurora], "Bruno")
    annas, brunos = stream_of(anna, aurora, bosco), stream_of(bruno, aurora)
    async with running(live_database, DeskViews(live_database, templates), annas, brunos) as hub:
        interaction, _ = await house.arrive(live_database, bosco, "Segreto di Bosco")
        hub.hear([Poke("queue", bosco.id, interaction), Poke("interaction", bosco.id, interaction)])
        assert "Segreto di Bosco" in await next_message(annas)
        assert len(brunos.mailbox) == 0


async def test_a_snapshot_shows_everything_and_then_the_open_contact(
    live_database: Database, templates: Templates
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    interaction, _ = await house.arrive(live_database, aurora, "Da leggere")
    async with live_database.begin(aurora.writing) as db:
        await claim(db, interaction, by=await db.get_one(BrandAgent, (aurora.id, anna.aliases[aurora.id])))
    await house.arrive(live_database, bosco, "In coda")
    stream = stream_of(anna, aurora, bosco, opened=Opened(aurora.id, interaction))
    await DeskViews(live_database, templates).snapshot(stream)
    message = await next_message(stream)
    assert "data-snapshot" in message
    assert "In coda" in message
    opened = f"[data-interaction='{interaction}']"
    for target in (
        "#mine",
        "#presence-btn",
        *(f"{opened} #{part}" for part in ("conv-head", "timeline", "foot")),
    ):
        assert f'hx-target="{target}"' in message
    assert stream.held == {interaction}


class Interrupted(DeskViews):
    """A mail arrives and is shown while a snapshot is between its reading and its sending."""

    brand: DeskBrand
    registered: Stream

    async def _lists(self, stream: Stream) -> tuple[Lists, Presence | None]:
        read = await super()._lists(stream)
        await house.arrive(self._database, self.brand, "Arrivata nel mezzo")
        await self.refresh(Topic("queue", self.brand.id, None), [self.registered])
        return read


async def test_what_changes_while_a_snapshot_is_read_is_shown_after_it(
    live_database: Database, templates: Templates
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    views = Interrupted(live_database, templates)
    views.brand, views.registered = aurora, stream_of(anna, aurora, bosco)
    await views.snapshot(views.registered)
    message = await next_message(views.registered)
    assert 0 <= message.index("data-snapshot") < message.index("Arrivata nel mezzo")


async def test_an_answer_in_a_held_contact_reaches_the_list_and_the_open_timeline(
    live_database: Database, templates: Templates
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    interaction, _ = await house.arrive(live_database, aurora, "Prima")
    async with live_database.begin(aurora.writing) as db:
        await claim(db, interaction, by=await db.get_one(BrandAgent, (aurora.id, anna.aliases[aurora.id])))
    views = DeskViews(live_database, templates)
    showing = stream_of(anna, aurora, bosco, opened=Opened(aurora.id, interaction))
    elsewhere = stream_of(anna, aurora, bosco)
    for stream in (showing, elsewhere):
        await views.snapshot(stream)
        await next_message(stream)
    async with running(live_database, views, showing, elsewhere) as hub:
        async with live_database.begin(aurora.writing) as db:
            thread = (await db.get_one(Interaction, (aurora.id, interaction))).conversation_id
        await house.arrive(live_database, aurora, "Novità dal cliente", thread=thread)
        hub.hear([Poke("interaction", aurora.id, interaction)])
        assert "Novità dal cliente" in await next_with(showing, "#timeline")
        assert "Novità dal cliente" in await next_with(elsewhere, "#mine")


async def test_pokes_in_a_row_are_one_reading(live_database: Database) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    views, stream = Recorder(), stream_of(anna, aurora, bosco)
    async with running(live_database, views, stream) as hub:
        hub.hear([Poke("queue", aurora.id, uuid7(live_database.clock)) for _ in range(200)])
        await next_message(stream)
    assert views.asked == [Topic("queue", aurora.id, None)]


async def test_what_could_not_be_read_is_read_again(live_database: Database) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    views, stream = Recorder(), stream_of(anna, aurora, bosco)
    views.broken = True
    async with running(live_database, views, stream) as hub:
        hub.hear([Poke("queue", aurora.id, aurora.id)])
        while not views.asked:
            await asyncio.sleep(0.02)
        views.broken = False
        assert await next_message(stream) == "fresh"


async def test_an_ended_session_ends_its_stream_and_no_other(live_database: Database) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    bruno = await house.make_worker(live_database, [aurora], "Bruno")
    annas, brunos = stream_of(anna, aurora, bosco), stream_of(bruno, aurora)
    hub = Hub(live_database, Recorder(), Silence())
    hub.add(annas)
    hub.add(brunos)
    await hub.sweep()
    assert not annas.mailbox.closed
    async with live_database.begin(HOUSE) as db:
        await end_session(db, anna.session_id)
    await hub.sweep()
    assert annas.mailbox.closed
    assert not brunos.mailbox.closed


async def test_a_revoked_grant_ends_the_stream(live_database: Database) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    stream = stream_of(anna, aurora, bosco)
    async with live_database.begin(HOUSE) as db:
        await db.execute(
            update(AccessGrant)
            .where(AccessGrant.person_id == anna.person_id, AccessGrant.brand_id == bosco.id)
            .values(revoked_at=live_database.clock.now() - timedelta(seconds=1))
        )
    async with running(live_database, Recorder(), stream):
        assert await asyncio.wait_for(stream.mailbox.take(), PATIENCE) is None


async def test_rights_that_cannot_be_checked_end_every_stream(
    live_database: Database, tmp_path: Path
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    stream = stream_of(anna, aurora, bosco)
    away = Database({"portavoce_app": f"postgresql+psycopg://x@/x?host={tmp_path}"}, live_database.clock)
    hub = Hub(away, Recorder(), Silence())
    hub.add(stream)
    for _ in range(hubs.BLIND_SWEEPS):
        assert not stream.mailbox.closed
        await hub.sweep()
    assert stream.mailbox.closed
    await away.close()


async def test_stopping_ends_streams_and_lets_in_no_new_one(live_database: Database) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    early, late = stream_of(anna, aurora, bosco), stream_of(anna, aurora, bosco)
    async with running(live_database, Recorder(), early) as hub:
        hub.end_all()
        hub.add(late)
        assert await early.mailbox.take() is None
        assert await late.mailbox.take() is None
        hub.remove(early)
        assert len(hub) == 1


async def test_pokes_of_another_process_arrive_through_redis(
    live_settings: Settings, live_database: Database, templates: Templates
) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    stream = stream_of(anna, aurora, bosco)
    subscriber = Subscriber(live_settings.redis_url)
    hub = Hub(live_database, DeskViews(live_database, templates), subscriber)
    async with hub.running():
        while not subscriber.connected:
            await asyncio.sleep(0.02)
        hub.add(stream)
        await house.arrive(live_database, bosco, "Da un altro processo")
        assert "Da un altro processo" in await next_message(stream)


async def test_without_redis_screens_are_read_again_by_themselves(
    live_database: Database, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "FALLBACK", 0.2)
    monkeypatch.setattr(hubs, "HEARTBEAT", 0.2)
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    stream = stream_of(anna, aurora, bosco)
    hub = Hub(
        live_database, DeskViews(live_database, templates), Subscriber(f"unix://{tmp_path}/nobody.sock")
    )
    async with hub.running():
        hub.add(stream)
        await next_with(stream, "event: heartbeat")
        await house.arrive(live_database, aurora, "Senza Redis")
        await next_with(stream, "Senza Redis")


async def test_a_process_hears_its_own_commits_without_redis(live_database: Database, tmp_path: Path) -> None:
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    stream = stream_of(anna, aurora, bosco)
    async with running(live_database, Recorder(), stream) as hub:
        publisher = Publisher(f"unix://{tmp_path}/nobody.sock", nearby=hub.hear)
        await publisher.publish([Poke("queue", bosco.id, bosco.id)])
        assert await next_message(stream) == "fresh"
        await publisher.close()


class Deaf(Silence):
    connected = False


async def test_who_watches_is_told_that_live_updates_are_off_and_when_they_are_back(
    live_database: Database, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "SWEEP", 0.05)
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    italian, signals = stream_of(anna, aurora, bosco), Deaf()
    hub = Hub(live_database, DeskViews(live_database, templates), signals)
    async with hub.running():
        hub.add(italian)
        assert "Gli aggiornamenti in tempo reale sono sospesi." in await next_with(italian, "#condition")
        late = stream_of(anna, aurora, bosco)
        hub.tell_condition(late)
        assert "condition-live" in await next_message(late)
        signals.connected = True
        assert "condition-live" not in await next_with(italian, "#condition")


async def test_who_watches_is_told_when_nothing_can_be_saved(
    live_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "SWEEP", 0.05)
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    views, stream = Recorder(), stream_of(anna, aurora, bosco)

    async def closed(_db: object) -> bool:
        return True

    monkeypatch.setattr(hubs, "takes_no_changes", closed)
    async with running(live_database, views, stream):
        async with asyncio.timeout(PATIENCE):
            while not views.warned:
                await asyncio.sleep(0.02)
    assert views.warned == [frozenset({Trouble.SAVING})]


class Blind(DeskViews):
    """The database is away when a page's first look is read, and back for whatever follows."""

    async def snapshot(self, stream: Stream) -> None:
        raise NoConnectionFree("none is free")


async def test_a_page_whose_first_look_cannot_be_read_keeps_its_stream_and_is_told_later(
    live_database: Database, templates: Templates
) -> None:
    """A stream that broke off instead would be an error in the browser, which comes back to the same trouble."""
    aurora, bosco, anna = await aurora_bosco_anna(live_database)
    await house.arrive(live_database, aurora, "In coda")
    views, stream = Blind(live_database, templates), stream_of(anna, aurora, bosco)
    async with running(live_database, views) as hub:
        said, events = "", _events(hub, views, stream)
        async with asyncio.timeout(30):
            while "In coda" not in said:
                said += (await anext(events)).decode()
        assert len(hub) == 1
