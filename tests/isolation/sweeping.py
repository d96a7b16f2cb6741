"""Everything the product makes for one brand, collected after driving it; each collection says where each piece is from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from redis.asyncio import Redis

from portavoce.channels.email.house_mail import HousePostman
from portavoce.channels.email.relays import relay_from
from portavoce.core.config import Settings
from portavoce.core.dispatching import dispatch
from portavoce.core.jobs import deserialize
from portavoce.core.queueing import JobQueue
from portavoce.core.secrets import secret
from portavoce.reporting.month import FIGURES
from portavoce.tables import METADATA
from portavoce.wiring import handlers
from portavoce.worker import work
from tests.fakes.smtp_sink import SmtpSink
from tests.isolation.asking import Answer, Request, ask
from tests.isolation.matrix import AT_HOME, cases
from tests.isolation.provider import Provider
from tests.world import WorldBrand

Pieces = dict[str, bytes]
READERS = {
    "aurora": ("agent", "supervisor", "viewer", "keeper"),
    "bosco": ("viewer of bosco", "keeper of bosco"),
}
"""People of one brand alone: nothing they see may tell of the other."""
HOMES = {
    "agent": ("/desk", "/brands.css"),
    "supervisor": ("/desk",),
    "viewer": ("/portal", "/brands.css"),
    "keeper": ("/admin", "/admin/brands"),
}


@dataclass(frozen=True, slots=True)
class Driven:
    """A provider after a day's work. `queue`: Redis as it was while jobs waited; `heard`: pokes; `logs`: every line."""

    provider: Provider
    settings: Settings
    sink: SmtpSink
    queue: Pieces
    heard: Pieces
    logs: list[str]


def leaks(pieces: Pieces, forbidden: Iterable[str]) -> list[str]:
    """Where something forbidden stands, in whatever case."""
    words = [word.lower().encode() for word in forbidden]
    return [where for where, piece in pieces.items() if any(word in piece.lower() for word in words)]


async def deliver(settings: Settings, provider: Provider) -> Pieces:
    """Hand every outbox row to a real Redis, look at it, then work on what it holds."""
    database, key = provider.world.database, secret(settings.secrets_dir, "jobs")
    queue = JobQueue(settings.redis_url, key, database.clock)
    await dispatch(database, queue.hand)
    await queue.close()
    dumped = await redis_dump(settings.redis_url)
    house = HousePostman(relay_from(settings), "portavoce@voxa.example", "Voxa", database.clock)
    context = {"database": database, "key": key, "house": house, "handlers": handlers(settings, database.clock)}  # fmt: skip
    for where, piece in dumped.items():
        if where.startswith("arq:job:"):
            await work(context, deserialize(piece)["a"][0])
    return dumped


async def redis_dump(url: str) -> Pieces:
    """Every key with its value, whatever its type."""
    found: Pieces = {}
    async with Redis.from_url(url) as redis:
        async for key in redis.scan_iter():
            kind = await redis.type(key)
            if kind == b"string":
                value = await redis.get(key)
            elif kind == b"zset":
                value = repr(await redis.zrange(key, 0, -1, withscores=True)).encode()
            else:
                value = await redis.dump(key)
            found[key.decode()] = key + b" " + value
            if kind == b"string":
                found[key.decode()] = value
    return found


@asynccontextmanager
async def overheard(url: str) -> AsyncIterator[Pieces]:
    """What is published meanwhile; the dictionary is filled at the end."""
    heard: Pieces = {}
    async with Redis.from_url(url) as redis, redis.pubsub() as channels:
        await channels.psubscribe("*")
        await channels.get_message(timeout=5)
        yield heard
        while message := await channels.get_message(ignore_subscribe_messages=True, timeout=0.2):
            heard[f"poke {len(heard)}"] = message["channel"] + b" " + message["data"]


def brand_of(driven: Driven, name: str) -> WorldBrand:
    world = driven.provider.world
    return world.aurora if name == "aurora" else world.bosco


async def pages(driven: Driven, name: str) -> Pieces:
    """Bodies and headers of every page that people of this brand alone may open, streams and files included."""
    provider, found = driven.provider, dict[str, bytes]()
    for who in READERS[name]:
        for request in readable(driven, name, who):
            answer = await ask(provider.site.app, request, provider.people[who])
            if answer.status < 400:
                found[f"{who}: GET {request.path} {dict(request.query)}"] = everything(answer)
    return found


def readable(driven: Driven, name: str, who: str) -> list[Request]:
    """What somebody may open at their own brand."""
    provider, brand = driven.provider, brand_of(driven, name)
    names, role = provider.names[brand.id], who.removesuffix(f" of {name}")
    every = [case for case in cases(provider.site.app) if case.method == "GET" and role in AT_HOME[case.who]]
    asked = [case.request(names) for case in every]
    asked += [case.request(names, only=[]) for case in every if case.query and "brand" in case.in_path]
    lists = [f"/portal/{brand.slug}/2026-03/{figure}.csv" for figure in FIGURES] if role == "viewer" else []
    return asked + [Request("GET", path, {}) for path in (*HOMES[role], *lists)]


async def fragments(driven: Driven, name: str) -> Pieces:
    """What Anna, who serves both, is shown of one brand's contacts: its own, whoever else the customer writes to."""
    provider = driven.provider
    names = provider.names[brand_of(driven, name).id]
    anna, htmx = provider.people["agent of both"], {"HX-Request": "true"}
    here = f"/b/{names['slug']}/interactions"
    paths = [f"{here}/{names[contact]}" for contact in ("interaction", "closed", "held", "waiting")]
    paths += [f"{here}/{names['interaction']}/messages/{names['message']}/frame", f"/b/{names['slug']}/attachments/{names['attachment']}"]  # fmt: skip
    return {
        path: everything(await ask(provider.site.app, Request("GET", path, {}, extra=htmx), anna))
        for path in paths
    }


def everything(answer: Answer) -> bytes:
    return b"\n".join(b"%b: %b" % header for header in answer.headers) + b"\n" + answer.body


def mails(driven: Driven, name: str) -> Pieces:
    """What left as this brand: its address is the sender's."""
    address = brand_of(driven, name).address
    found = {}
    for number, mail in enumerate(driven.sink.mails):
        parsed = BytesParser(policy=default).parsebytes(mail.raw)
        if address in str(parsed["From"]):
            body = parsed.get_body(("plain",))
            text = body.get_content().encode() if body is not None else b""
            envelope = f"{mail.envelope_from} {mail.recipients}".encode()
            found[f"mail {number}"] = b"\n".join([envelope, mail.raw, text])
    return found


def house_mails(driven: Driven) -> Pieces:
    """Invitations and resets: of no brand."""
    brands = [brand_of(driven, name).address for name in READERS]
    return {
        f"house mail {number}": mail.raw
        for number, mail in enumerate(driven.sink.mails)
        if not any(address.encode() in mail.raw for address in brands)
    }


def files(driven: Driven, name: str) -> Pieces:
    folder: Path = driven.settings.files_dir / "brand" / str(brand_of(driven, name).id)
    return {str(path): str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(conn: psycopg.Connection[Any], driven: Driven, name: str) -> Pieces:
    """Every row that carries the brand's id."""
    found: Pieces = {}
    for table in METADATA.sorted_tables:
        if table.info["kind"] == "tenant":
            query = (
                f"SELECT coalesce(string_agg(t::text, ' '), '') FROM pv.{table.name} t WHERE brand_id = %s"
            )
            row = conn.execute(query.encode(), [brand_of(driven, name).id]).fetchone()
            assert row is not None
            found[table.name] = row[0].encode()
    return found


def records(conn: psycopg.Connection[Any]) -> Pieces:
    """What is kept for ever or read by many: facts of the ledgers, denials, the house's own record."""
    queries = {
        "facts": "SELECT body FROM pv.ledger_event",
        "agents' facts": "SELECT body FROM pv.agent_event",
        "denials": "SELECT d::text FROM pv.denial d",
        "house": "SELECT h::text FROM pv.house_audit h",
    }
    return {
        where: " ".join(text for (text,) in conn.execute(query.encode())).encode()
        for where, query in queries.items()
    }


def log_lines(driven: Driven) -> Pieces:
    return {f"line {number}": line.encode() for number, line in enumerate(driven.logs)}


def as_text(entry: Any) -> str:
    return msgspec.json.encode(entry, enc_hook=repr).decode()
