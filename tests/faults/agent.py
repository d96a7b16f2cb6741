"""Somebody at the desk without a screen: what the browser would send, and what came back (0: nobody answered)."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
import msgspec

from portavoce.app import create_app
from portavoce.core.db import Database
from portavoce.core.patience import WEB
from portavoce.core.scope import HOUSE as HOUSE_SCOPE
from portavoce.identity.sessions import open_session
from portavoce.wiring import open_database
from tests.faults.site import Site
from tests.world import WorldAgent, WorldBrand

FORM = re.compile(r'<form class="composer"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
TOKEN = re.compile(r'X-CSRF-Token":"([0-9a-f]{64})')
PATIENCE = 60.0
HOUSE = "http://testserver.local"


@dataclass
class Agent:
    """`client` speaks to a web process, or to the application itself; its base URL is the site."""

    client: httpx.AsyncClient
    who: WorldAgent
    token: str = ""

    async def get(self, path: str) -> httpx.Response | None:
        try:
            answer = await self.client.get(path, headers={"Accept": "text/html"}, timeout=PATIENCE)
        except httpx.HTTPError:
            return None
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    async def post(self, path: str, form: dict[str, str] | None = None) -> httpx.Response | None:
        """As a form without scripts: 303 is success."""
        try:
            return await self.client.post(
                path,
                data={"_csrf": self.token, **(form or {})},
                headers={"Accept": "text/html"},
                timeout=PATIENCE,
            )
        except httpx.HTTPError:
            return None

    async def claim(self, brand: WorldBrand, contact: UUID) -> int:
        return status(await self.post(f"{url(brand, contact)}/claim"))

    async def release(self, brand: WorldBrand, contact: UUID) -> int:
        return status(await self.post(f"{url(brand, contact)}/release"))

    async def close(self, brand: WorldBrand, contact: UUID) -> int:
        form = {
            "expected_brand": str(brand.id),
            "expected_interaction": str(contact),
            "disposition": "solved",
        }
        return status(await self.post(f"{url(brand, contact)}/closure", form))

    async def composer(self, brand: WorldBrand, contact: UUID) -> dict[str, str] | None:
        """The hidden fields of the reply's form, as the page gives them; None without a form."""
        page = await self.get(url(brand, contact))
        form = FORM.search(page.text) if page is not None and page.status_code == 200 else None
        return {name: html.unescape(value) for name, value in HIDDEN.findall(form[1])} if form else None

    async def reply(self, brand: WorldBrand, contact: UUID, form: dict[str, str], text: str) -> int:
        return status(await self.post(f"{url(brand, contact)}/messages", {**form, "text": text}))

    async def has_written(self, brand: WorldBrand, contact: UUID, text: str) -> bool | None:
        """Whether the text stands in the thread; None when the page did not come."""
        page = await self.get(f"{url(brand, contact)}?all=true")
        return text in html.unescape(page.text) if page is not None and page.status_code == 200 else None

    async def write_once(self, brand: WorldBrand, contact: UUID, text: str, *, tries: int = 100) -> int:
        """As somebody does who was told to try again: the same form until it is taken; gives the last answer.

        Without a key in the form they look first whether the text is there already.
        """
        answer, form = 0, None
        for _ in range(tries):
            form = form or await self.composer(brand, contact)
            if form is not None:
                answer = await self.reply(brand, contact, form, text)
            if answer and answer < 500:
                break
            await asyncio.sleep(0.3)
            if form is not None and "form_key" not in form:
                while (there := await self.has_written(brand, contact, text)) is None:
                    await asyncio.sleep(0.3)
                if there:
                    return 303
        return answer


@asynccontextmanager
async def at_the_desk(site: Site, who: WorldAgent) -> AsyncIterator[Agent]:
    """Before the application itself, in this process, with a database of its own as `serve` has it."""
    database = open_database(site.settings, patience=WEB)
    app = create_app(msgspec.structs.replace(site.settings, public_url=HOUSE), database)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # -- both speak ASGI
    try:
        async with httpx.AsyncClient(transport=transport, base_url=HOUSE) as client:
            yield await signed_in(client, site.world.database, who)
    finally:
        await database.close()


async def signed_in(client: httpx.AsyncClient, database: Database, who: WorldAgent) -> Agent:
    async with database.begin(HOUSE_SCOPE) as db:
        client.cookies.set("portavoce", open_session(db, who.person_id, "127.0.0.1"))
    agent = Agent(client, who)
    await agent.get("/desk")
    return agent


def url(brand: WorldBrand, contact: UUID) -> str:
    return f"/b/{brand.slug}/interactions/{contact}"


def status(answer: httpx.Response | None) -> int:
    return 0 if answer is None else answer.status_code
