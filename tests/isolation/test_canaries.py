"""Each brand's rows carry a word of their own; after a day's work it stands nowhere that is another brand's or nobody's."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
import pytest_asyncio
import structlog
from redis.asyncio import Redis

from portavoce.core.config import Settings
from portavoce.core.embedded.redis import RedisServer
from portavoce.core.push import Publisher
from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person
from portavoce.identity.resetting import ask_reset
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.month import FIGURES
from portavoce.web.desk.streaming import desk_streams
from portavoce.wiring import open_database
from portavoce.worker import work
from tests.cluster import SessionCluster
from tests.database import NOON, Installation
from tests.fakes.smtp_sink import SmtpSink, Sunk
from tests.isolation import sweeping
from tests.isolation.asking import Request, ask
from tests.isolation.filling import GINA, canary_of
from tests.isolation.provider import Provider, build_provider
from tests.isolation.sweeping import READERS, Driven, leaks
from tests.settled import settled
from tests.world import HOUSE_NAME

BRANDS = sorted(READERS)


class Lines(logging.Handler):
    """Keeps what is logged, by the standard library and as events."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(logging.Formatter().format(record))

    def note(self, _logger: Any, _name: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
        self.kept.append(sweeping.as_text(entry))
        raise structlog.DropEvent


@pytest.fixture(scope="module")
def own_installation(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Installation]:
    """Nobody else's mail waits here."""
    made = install()
    yield made
    cluster.drop_database(made.name)


@contextmanager
def listening() -> Iterator[Lines]:
    lines, before = Lines(), structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, lines.note])
    logging.getLogger().addHandler(lines)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(lines)
        structlog.configure(**before)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def driven(
    own_installation: Installation, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Driven]:
    home, sink = tmp_path_factory.mktemp("driven"), SmtpSink()
    await sink.start()
    async with Redis.from_url(redis_server.url) as redis:
        await redis.flushall()
    settings = settled(own_installation, redis_server.url, home)
    settings = msgspec.structs.replace(settings, relay_url=f"smtp://127.0.0.1:{sink.port}?security=none")
    publisher = Publisher(settings.redis_url)
    database = open_database(settings, clock=SteppedClock(NOON), publish=publisher.publish)
    with listening() as lines:
        async with sweeping.overheard(settings.redis_url) as heard:
            provider = await build_provider(database, home)
            await ask_reset(database, HOUSE_NAME, email=await address_of(provider), address="203.0.113.7")
            queue = await sweeping.deliver(settings, provider)
            await trouble(provider, settings, sink)
        async with desk_streams(provider.site.app):
            yield Driven(provider, settings, sink, queue, heard, lines.kept)
    await publisher.close()
    await database.close()
    await sink.close()


async def trouble(provider: Provider, settings: Settings, sink: SmtpSink) -> None:
    """What fails is what is logged: mails refused with their text in the answer, and pages that break."""
    for brand in (provider.world.aurora, provider.world.bosco):
        sink.replies["dot"] = f"451 4.7.1 not now, {canary_of(brand)}"
        await provider.world.answer(brand, UUID(provider.names[brand.id]["held"]), f"Ecco {canary_of(brand)}")
        await sweeping.deliver(settings, provider)
        names = {**provider.names[brand.id], "slug": "nobody-at-all"}
        await ask(
            provider.site.app,
            Request("GET", f"/b/{names['slug']}/attachments/{names['attachment']}", {}),
            provider.people["agent"],
        )
        await work({"database": provider.world.database, "key": b"other"}, {"body": canary_of(brand)})
    del sink.replies["dot"]


async def address_of(provider: Provider) -> str:
    async with provider.world.database.begin(HOUSE) as db:
        return (await db.get_one(Person, provider.people["viewer"].person_id)).email


@pytest.fixture(scope="module")
def behind(own_installation: Installation) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(own_installation.superuser_dsn, autocommit=True) as connection:
        yield connection


def foreign(driven: Driven, name: str) -> list[str]:
    """Traces of the other brand."""
    other = next(each for each in BRANDS if each != name)
    return driven.provider.traces(sweeping.brand_of(driven, other))


def anybodys(driven: Driven) -> list[str]:
    """Content of any brand: what machines and records have no business with."""
    canaries = [canary_of(sweeping.brand_of(driven, name)) for name in BRANDS]
    return [*canaries, GINA, "Ecco ", "Buongiorno"]


@pytest.mark.parametrize("name", BRANDS)
async def test_pages_streams_files_and_lists_of_a_brand_tell_nothing_of_another(
    driven: Driven, name: str
) -> None:
    found = await sweeping.pages(driven, name)
    own = driven.provider.canary(sweeping.brand_of(driven, name))
    assert leaks(found, foreign(driven, name)) == []
    if name == "aurora":
        told = " ".join(leaks(found, [own]))
        assert all(
            each in told
            for each in ("/desk/stream", "/frame", "/attachments/", "/original", "agent", "keeper")
        )
        files = [where for where in found if where.endswith(".csv {}")]
        assert sum("/regulator/" not in where for where in files) == len(FIGURES)
        assert len(files) == len(FIGURES) + 1


@pytest.mark.parametrize("name", BRANDS)
async def test_who_serves_both_sees_of_a_customer_of_both_only_what_is_this_brands(
    driven: Driven, name: str
) -> None:
    found = await sweeping.fragments(driven, name)
    assert leaks(found, foreign(driven, name)) == []
    own = leaks(found, [driven.provider.canary(sweeping.brand_of(driven, name))])
    assert len(own) == len(found)


@pytest.mark.parametrize("name", BRANDS)
async def test_mails_files_and_rows_of_a_brand_tell_nothing_of_another(
    driven: Driven, behind: psycopg.Connection[Any], name: str
) -> None:
    own = driven.provider.canary(sweeping.brand_of(driven, name))
    for found in (
        sweeping.mails(driven, name),
        sweeping.files(driven, name),
        sweeping.rows(behind, driven, name),
    ):
        assert leaks(found, foreign(driven, name)) == []
        assert leaks(found, [own]) != []


def test_the_houses_own_mails_carry_no_content_of_any_brand(driven: Driven) -> None:
    found = sweeping.house_mails(driven)
    assert any(b"invitation" in mail for mail in found.values())
    assert any(b"password-reset" in mail for mail in found.values())
    assert leaks(found, anybodys(driven)) == []


def test_redis_holds_ids_and_no_content(driven: Driven) -> None:
    assert any(where.startswith("arq:job:") for where in driven.queue)
    assert driven.heard
    assert leaks({**driven.queue, **driven.heard}, [*anybodys(driven), "@", "aurora", "bosco"]) == []


def test_what_is_recorded_and_logged_holds_no_content(
    driven: Driven, behind: psycopg.Connection[Any]
) -> None:
    records = sweeping.records(behind)
    assert all(records.values())
    assert leaks(records, anybodys(driven)) == []
    assert leaks({"facts": records["facts"]}, ["@", "gina", "rossi"]) == []
    assert driven.logs
    assert leaks(sweeping.log_lines(driven), anybodys(driven)) == []


async def test_every_sweep_sees_what_is_planted(driven: Driven, behind: psycopg.Connection[Any]) -> None:
    """The last of this module: it puts Bosco's word into Aurora's things, one after the other."""
    world = driven.provider.world
    word, aurora = canary_of(world.bosco), world.aurora
    behind.execute("UPDATE pv.line_of_business SET name = %s WHERE brand_id = %s", [word, aurora.id])
    behind.execute("UPDATE pv.customer SET name = %s WHERE brand_id = %s", [word, aurora.id])
    seen = " ".join(leaks(await sweeping.pages(driven, "aurora"), [word]))
    assert all(each in seen for each in (".csv", "/desk/stream", "viewer", "agent"))
    assert leaks(await sweeping.fragments(driven, "aurora"), [word])
    assert {*leaks(sweeping.rows(behind, driven, "aurora"), [word])} == {"line_of_business", "customer"}
    planted = Sunk(
        aurora.address,
        ("x@x.example",),
        f"From: {aurora.address}\r\n\r\n{word}".encode(),
        "",
        encrypted=False,
    )
    driven.sink.mails.append(planted)
    assert leaks(sweeping.mails(driven, "aurora"), [word])
    driven.sink.mails.append(Sunk("", (), word.encode(), "", encrypted=False))
    assert leaks(sweeping.house_mails(driven), [word])
    (driven.settings.files_dir / "brand" / str(aurora.id) / "planted").write_text(word)
    assert len(leaks(sweeping.files(driven, "aurora"), [word])) == 1
    async with Redis.from_url(driven.settings.redis_url) as redis:
        await redis.set("planted", word)
        await redis.hset("more", "planted", word)
    assert sorted(leaks(await sweeping.redis_dump(driven.settings.redis_url), [word])) == ["more", "planted"]
    structlog.get_logger().warning("planted", text=word)
    logging.getLogger("portavoce.web").warning("planted %s", word)
    assert len(leaks(sweeping.log_lines(driven), [word])) == 2
    behind.execute("UPDATE pv.ledger_event SET body = body || %s WHERE brand_id = %s", [word, aurora.id])
    behind.execute("UPDATE pv.denial SET detail = %s", [word])
    assert set(leaks(sweeping.records(behind), [word])) == {"facts", "denials"}
