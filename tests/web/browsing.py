"""The whole application behind a browser without a screen: cookies are kept, forms carry the token of their page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
from argon2 import PasswordHasher
from litestar import Litestar
from sqlalchemy import event, select

from portavoce.app import create_app, what_handlers_share
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.models import HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords

BASE = "http://testserver.local"
PASSWORD = "una frase lunga e tranquilla"
_TOKEN = re.compile(r'name="_csrf" value="([0-9a-f]{64})"')
_peers = count(1)
_spare: list[Litestar] = []

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Real argon2, with parameters that cost a test nothing."""


@dataclass(slots=True)
class Browser:
    client: httpx.AsyncClient
    token: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"Accept": "text/html", "Accept-Language": "en"})

    async def get(self, url: str, **options: Any) -> httpx.Response:
        answer = await self.client.get(url, headers={**self.headers, **options.pop("headers", {})}, **options)
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    async def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """With the token of the page that was seen last, unless `data` brings another."""
        sent = {"_csrf": self.token, **(data or {})}
        return await self.client.post(
            url, data=sent, headers={**self.headers, **options.pop("headers", {})}, **options
        )

    async def fill(self, page: str, data: dict[str, Any], *, to: str = "") -> httpx.Response:
        """Open a page and send its form."""
        await self.get(page)
        return await self.post(to or page, data)

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return await self.fill("/sign-in", {"email": email, "password": password, **more})

    @property
    def session(self) -> str | None:
        return self.client.cookies.get("portavoce")


@dataclass(slots=True)
class Site:
    """One application over one database."""

    app: Litestar
    database: Database
    settings: Settings

    @asynccontextmanager
    async def browser(self, peer: str = "") -> AsyncIterator[Browser]:
        """Someone at an address of their own; redirects are not followed."""
        number = next(_peers)
        peer = peer or f"203.0.{number // 250}.{number % 250}"
        transport = httpx.ASGITransport(app=self.app, client=(peer, 40000), raise_app_exceptions=False)  # type: ignore[arg-type]  # -- both speak ASGI
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield Browser(client)

    async def person(
        self,
        role: str | None = None,
        *,
        brand: UUID | None = None,
        client_id: UUID | None = None,
        name: str = "Anna Riva",
        password: str | None = PASSWORD,
    ) -> Person:
        """Somebody who may sign in; role `admin` without a brand is an administrator of the house."""
        stored = await QUICK.hash(password) if password else None
        async with self.database.begin(HOUSE) as db:
            one = Person(
                id=new_id(db),
                email=f"{new_id(db).hex}@voxa.example",
                name=name,
                client_id=client_id,
                password_hash=stored,
                locale="en",
                created_at=now(db),
            )
            db.add(one)
            await db.flush()
            if role is not None:
                await grant(db, one.id, role, brand_id=brand)
        return one

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that reach PostgreSQL meanwhile, without the scope's own."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        engine = self.database.engine().sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    async def mails_to(self, email: str) -> list[HouseOutbox]:
        return await mails_to(self.database, email)


async def mails_to(database: Database, email: str) -> list[HouseOutbox]:
    """What the house wrote to somebody, oldest first."""
    async with database.begin(HOUSE) as db:
        query = select(HouseOutbox).where(HouseOutbox.recipient == email).order_by(HouseOutbox.id)
        return list((await db.scalars(query)).all())


def link_in(mail: HouseOutbox) -> str:
    """The path of the one link of a mail."""
    found = re.search(r"http://testserver\.local(/\S+)", mail.body)
    assert found is not None
    return found[1]


def site(database: Database, home: Path, **changes: Any) -> Site:
    settings = msgspec.structs.replace(Settings(home=home, public_url=BASE), **changes)
    return Site(create_app(settings, database, passwords=QUICK), database, settings)


@contextmanager
def lent_site(database: Database, home: Path) -> Iterator[Site]:
    """A site with the routes of one that is not in use: to register them costs more than most tests do with them."""
    if not _spare:
        _spare.append(site(database, home).app)
    app, settings = _spare.pop(), Settings(home=home, public_url=BASE)
    app.state = what_handlers_share(settings, database, passwords=QUICK)
    yield Site(app, database, settings)
    _spare.append(app)
