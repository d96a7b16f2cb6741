from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from httpx import AsyncClient, Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.web.templating import Templates
from portavoce.wiring import LAST_WRITERS, reactions, thread_keys
from tests.molds import Mold, Press
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker
from tests.world import KEYS

People = tuple[DeskBrand, DeskBrand, Worker, Worker]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return house.settings_in(tmp_path)


@pytest.fixture
def desk_database(make_database: Callable[..., Database], settings: Settings) -> Database:
    """With every reaction and the ledger, as a process has it."""
    return make_database(reactions=reactions(thread_keys(settings)), last_writers=LAST_WRITERS)


@dataclass(frozen=True, slots=True)
class Desk:
    """Aurora and Bosco; Anna speaks for both, Bruno for Aurora only."""

    database: Database
    settings: Settings
    client: AsyncTestClient[Litestar]
    aurora: DeskBrand
    bosco: DeskBrand
    anna: Worker
    bruno: Worker

    async def get(self, url: str, worker: Worker, *, htmx: bool = False) -> Response:
        headers = house.headers_of(self.settings, worker, htmx=htmx)
        return await self._send("GET", url, worker, headers, None)

    async def post(
        self, url: str, worker: Worker, form: dict[str, str] | None = None, *, htmx: bool = True
    ) -> Response:
        headers = house.headers_of(self.settings, worker, htmx=htmx)
        return await self._send("POST", url, worker, headers, form or {"x": "1"})

    async def put(self, url: str, worker: Worker, form: dict[str, str]) -> Response:
        return await self._send("PUT", url, worker, house.headers_of(self.settings, worker), form)

    async def delete(self, url: str, worker: Worker) -> Response:
        return await self._send("DELETE", url, worker, house.headers_of(self.settings, worker), None)

    async def _send(
        self, method: str, url: str, worker: Worker, headers: dict[str, str], form: dict[str, str] | None
    ) -> Response:
        client: AsyncClient = self.client
        return await client.request(
            method,
            url,
            headers={**headers, "Cookie": f"portavoce={worker.cookie}", "Accept": "text/html"},
            data=form,
            follow_redirects=False,
        )

    def writing(self, brand: DeskBrand, interaction_id: UUID, text: str) -> dict[str, str]:
        return {"expected_brand": str(brand.id), "expected_interaction": str(interaction_id), "text": text}


@pytest.fixture(scope="session")
async def people_mold(press: Press[People]) -> Mold[People]:
    async def make(database: Database) -> People:
        elena = await house.make_admin(database)
        aurora = await house.make_brand(database, elena, "Aurora")
        bosco = await house.make_brand(database, elena, "Bosco")
        anna = await house.make_worker(database, [aurora, bosco], "Anna")
        return aurora, bosco, anna, await house.make_worker(database, [aurora], "Bruno")

    return await press(make, reactions(KEYS))


@pytest.fixture
async def desk(
    desk_database: Database, settings: Settings, templates: Templates, people_mold: Mold[People]
) -> AsyncIterator[Desk]:
    with house.lent_app(settings, desk_database) as app:
        async with AsyncTestClient(app) as client:
            yield Desk(desk_database, settings, client, *people_mold.cast())


def url(brand: DeskBrand, interaction_id: UUID, rest: str = "") -> str:
    return f"/b/{brand.slug}/interactions/{interaction_id}{rest}"
