"""What many tests begin with is made once by the real verbs; each test gets those rows again, under ids of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from secrets import token_bytes
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Table, inspect
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import make_transient_to_detached

from portavoce.core.db import Database, Reactions
from portavoce.core.tables import Base
from portavoce.identity.sessions import hashed
from portavoce.kit.ids import IdSource, SeededClock, uuid7
from portavoce.ledger.chain import genesis, link
from portavoce.wiring import LAST_WRITERS
from tests.database import NOON, Installation

T = TypeVar("T")
Press = Callable[[Callable[[Database], Awaitable[T]], Reactions], Awaitable["Mold[T]"]]

_numbers = count(1)
_FREE_BITS = 48
"""What the last group of a UUID holds: the ids of one cast differ in it, those of two casts before it."""
_ALIKE = len("00000000-0000-7000-8000-")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHAINS = {"ledger_event": ("brand_head", "brand_id"), "agent_event": ("agent_slot", "agent_id")}
"""Facts by their table, with the table and the owner of their heads: their hashes cover ids."""
_ALWAYS = {"brand", *_CHAINS, *(heads for heads, _ in _CHAINS.values())}


class MoldClock(SeededClock):
    """A clock whose ids of one instant begin alike, and like those of no other such clock."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start, 0)
        first = (next(_numbers) << _FREE_BITS << 7).to_bytes(10, "big")
        self.ids = IdSource(lambda size: first if size == len(first) else token_bytes(size))


@dataclass(frozen=True, slots=True)
class Mold(Generic[T]):
    """`made` and its rows as JSON by table. `names` are texts that no two casts may share: ends of addresses."""

    made: T
    server: psycopg.Connection[Any]
    alike: str
    names: tuple[str, ...]
    rows: Mapping[str, str]
    insert: sql.Composed

    def cast(self) -> T:
        """Stores the rows once more, as superuser; gives what was made, speaking of the new ones."""
        renamed = _Renaming(self)
        rows = {table: renamed.text(stored) for table, stored in self.rows.items()}
        for table, (heads, owner) in _CHAINS.items():
            rows[table], rows[heads] = _chained(rows[table], rows[heads], owner)
        self.server.execute(self.insert, list(rows.values()))
        return cast(T, renamed.value(self.made))


class _Renaming:
    """From the texts of a mold to those of one cast."""

    def __init__(self, mold: Mold[Any]) -> None:
        number = next(_numbers)
        alike = str(uuid7(MoldClock(NOON)))[:_ALIKE]
        self._texts = {mold.alike: alike, mold.alike.replace("-", ""): alike.replace("-", "")}
        self._texts |= {name: _other(name, number)[: len(name)] for name in mold.names}
        digests = {digest for stored in mold.rows.values() for digest in _DIGEST.findall(stored)}
        secrets = {hashed(text): text for text in texts_of(mold.made) if hashed(text) in digests}
        self._texts |= {text: _other(text, number)[: len(text)] for text in secrets.values()}
        for digest in digests:
            known = secrets.get(digest)
            self._texts[digest] = hashed(self._texts[known]) if known else _other(digest, number)

    def text(self, text: str) -> str:
        for old, new in self._texts.items():
            text = text.replace(old, new)
        return text

    def value(self, value: Any) -> Any:
        """The same value: ids and texts renamed wherever they are, entities as if read anew."""
        match value:
            case str():
                return self.text(value)
            case UUID():
                return UUID(self.text(str(value)))
            case Base():
                return self._entity(value)
            case dict():
                return {self.value(key): self.value(each) for key, each in value.items()}
            case list() | tuple():
                return type(value)(map(self.value, value))
            case msgspec.Struct():
                names = value.__struct_fields__
                return msgspec.structs.replace(
                    value, **{name: self.value(getattr(value, name)) for name in names}
                )
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{each.name: self.value(getattr(value, each.name)) for each in fields(value)}
            )
        return value

    def _entity(self, entity: Base) -> Base:
        columns = [column.key for column in inspect(type(entity)).column_attrs]
        copied = type(entity)(**{key: self.value(getattr(entity, key)) for key in columns})
        make_transient_to_detached(copied)
        return copied


def _other(text: str, number: int) -> str:
    return sha256(f"{text} {number}".encode()).hexdigest()


def texts_of(value: Any) -> Iterator[str]:
    """Every text and id in a value."""
    if isinstance(value, str | UUID):
        yield str(value)
    elif isinstance(value, Mapping):
        yield from texts_of([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)
    elif is_dataclass(value):
        yield from texts_of([getattr(value, each.name) for each in fields(value)])


def _chained(facts: str, heads: str, owner: str) -> tuple[str, str]:
    """Both with hashes of what the facts say now."""
    last = {head[owner]: genesis(UUID(head[owner])) for head in json.loads(heads)}
    linked = sorted(json.loads(facts), key=lambda fact: (fact[owner], fact["n"]))
    for fact in linked:
        prev = last[fact[owner]]
        last[fact[owner]] = link(prev, fact["n"], fact["body"])
        fact |= {"prev": _bytea(prev), "hash": _bytea(last[fact[owner]])}
    ended = [head | {"hash": _bytea(last[head[owner]])} for head in json.loads(heads)]
    return json.dumps(linked), json.dumps(ended)


def _bytea(value: bytes) -> str:
    return rf"\x{value.hex()}"


def _stored(server: psycopg.Connection[Any], alike: str) -> dict[str, str]:
    """All rows that speak of such an id, by table."""
    found = {}
    for table in Base.metadata.sorted_tables:
        query = sql.SQL("SELECT json_agg(t)::text FROM {} t WHERE t::text LIKE {}")
        named = query.format(sql.Identifier("pv", table.name), sql.Literal(f"%{alike}%"))
        (rows,) = server.execute(named).fetchone() or (None,)
        if rows is not None or table.name in _ALWAYS:
            found[table.name] = rows or "[]"
    return found


def _insert(tables: list[Table]) -> sql.Composed:
    """One statement: what refers to each other is checked when it ends."""
    each = [
        sql.SQL("{} AS (INSERT INTO {} ({}) SELECT {} FROM json_populate_recordset(NULL::{}, %s::json))").format(
            sql.Identifier(table.name), named := sql.Identifier("pv", table.name), columns := sql.SQL(", ").join(
                sql.Identifier(column.name) for column in table.columns if column.computed is None
            ), columns, named,
        )
        for table in tables
    ]  # fmt: skip
    return sql.SQL("WITH {} SELECT").format(sql.SQL(", ").join(each))


@pytest.fixture(scope="session")
def press(installation: Installation, engines: dict[str, AsyncEngine]) -> Iterator[Press[Any]]:
    """Makes a mold: runs what it is given on the session's database, with these reactions and the ledger."""
    with psycopg.connect(installation.superuser_dsn, autocommit=True) as server:

        async def press_into(make: Callable[[Database], Awaitable[T]], reactions: Reactions) -> Mold[T]:
            clock = MoldClock(NOON)
            alike = str(uuid7(clock))[:_ALIKE]
            database = Database(
                installation.urls, clock, _engines=engines, reactions=reactions, last_writers=LAST_WRITERS
            )
            made = await make(database)
            rows = _stored(server, alike)
            names = tuple(brand["slug"].rpartition("-")[2] for brand in json.loads(rows["brand"]))
            return Mold(made, server, alike, names, rows, _insert([_table(name) for name in rows]))

        yield press_into


def _table(name: str) -> Table:
    return Base.metadata.tables[f"pv.{name}"]
