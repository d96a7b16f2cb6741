"""The floor: the smallest handlers on our own stack, without sign-in, walls, ledger or clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import jinja2
import psycopg
from litestar import Litestar, MediaType, get
from psycopg.rows import dict_row

ROWS = 50
TABLES = """
CREATE TABLE conversation (id uuid PRIMARY KEY, brand uuid, status text, subject text, customer text, channel text,
  last_at timestamptz);
CREATE TABLE message (id uuid PRIMARY KEY, conversation uuid, body text, at timestamptz);
CREATE INDEX ON conversation (brand, status, last_at DESC);
"""
LIST = "SELECT * FROM conversation WHERE brand = ANY (%s) AND status = 'open' ORDER BY last_at DESC LIMIT 50"
PAGE = jinja2.Environment(autoescape=True).from_string(
    "<!doctype html><title>Queue</title><table>{% for r in rows %}<tr>"
    "{% for cell in r.values() %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


async def prepare(dsn: str, brands: list[object], rows_a_brand: int) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(TABLES)
        async with connection.cursor() as cursor:
            await cursor.executemany(
                "INSERT INTO conversation VALUES (%s, %s, 'open', 'Lettura contatore', 'Gina', 'email', now())",
                [(uuid4(), brand) for brand in brands for _ in range(rows_a_brand)],
            )
        await connection.execute("ANALYZE")


@asynccontextmanager
async def queue_app(dsn: str, brands: list[object]) -> AsyncIterator[Litestar]:
    """A list of fifty rows of some brands, read by one psycopg connection and rendered by one template."""
    connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True, row_factory=dict_row)

    @get("/queue", media_type=MediaType.HTML)
    async def queue() -> str:
        rows = await (await connection.execute(LIST, [brands])).fetchall()
        return PAGE.render(rows=rows)

    async with connection:
        yield Litestar([queue], openapi_config=None)


async def insert(connection: psycopg.AsyncConnection[object], body: str) -> None:
    """A durable inbound with nothing around it: one message, one conversation bumped, one commit."""
    conversation = uuid4()
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO conversation VALUES (%s, %s, 'open', 'Lettura', 'Gina', 'email', now())",
            [conversation, uuid4()],
        )
        await connection.execute(
            "INSERT INTO message VALUES (%s, %s, %s, now())", [uuid4(), conversation, body]
        )
        await connection.execute("UPDATE conversation SET last_at = now() WHERE id = %s", [conversation])
