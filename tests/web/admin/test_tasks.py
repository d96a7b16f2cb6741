"""The provider's side: ask, see what came of it, withdraw."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
import pytest_asyncio

from portavoce.contracts.tasks.doing import finish
from portavoce.contracts.tasks.queries import open_tasks
from tests.contracts.tasks.owing import owed, somebody
from tests.minting import Minted, mint_brand
from tests.web.browsing import Browser, Site

GIVEN = {"kind": "access", "wording": "Il gestionale\nnuovo", "due": "2026-03-05T18:00"}


@pytest_asyncio.fixture
async def aurora(the_site: Site) -> Minted:
    return await mint_brand(the_site.database, "Aurora")


@pytest_asyncio.fixture
async def elena(the_site: Site, aurora: Minted) -> AsyncIterator[Browser]:
    """Administers Aurora."""
    async with the_site.browser() as browser:
        person = await the_site.person("admin", brand=aurora.id, name="Elena Fabbri")
        await browser.sign_in(person.email)
        yield browser


def here(brand: Minted) -> str:
    return f"/admin/b/{brand.slug}/tasks"


async def test_a_task_is_asked_on_the_clock_of_the_brand(
    the_site: Site, aurora: Minted, elena: Browser
) -> None:
    answer = await elena.fill(here(aurora), GIVEN)
    assert answer.headers["location"] == f"{here(aurora)}?saved=asked"
    page = (await elena.get(answer.headers["location"])).text
    assert "Access to systems" in page
    assert "Elena Fabbri" in page
    async with the_site.database.begin(aurora.reading) as db:
        [task] = await open_tasks(db)
    assert task.due_at == datetime(2026, 3, 5, 17, tzinfo=UTC)
    assert task.wording == "Il gestionale\nnuovo"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "money"),
        ("wording", " "),
        ("wording", "x" * 1_001),
        ("due", "2026-02-01T10:00"),
        ("due", "2026-03-29T02:30"),
        ("due", "domani"),
        ("due", "2028-01-01T10:00"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    the_site: Site, aurora: Minted, elena: Browser, field: str, value: str
) -> None:
    answer = await elena.fill(here(aurora), {**GIVEN, field: value})
    assert answer.status_code == 422
    assert f'id="f-{field}-err"' in answer.text
    if field != "wording":
        assert "Il gestionale" in answer.text
    async with the_site.database.begin(aurora.reading) as db:
        assert await open_tasks(db) == []


async def test_what_came_of_it_is_seen_and_what_is_not_needed_is_withdrawn(
    the_site: Site, aurora: Minted, elena: Browser
) -> None:
    done, gone = [await owed(the_site.database, aurora) for _ in range(2)]
    carla: UUID = await somebody(the_site.database, "Carla Neri")
    await the_site.database.run(aurora.writing, lambda db: finish(db, done.id, "Nel <i>file</i>", by=carla))
    answer = await elena.fill(here(aurora), {}, to=f"{here(aurora)}/{gone.id}/removal")
    assert answer.headers["location"] == f"{here(aurora)}?saved=withdrawn"
    page = (await elena.get(answer.headers["location"])).text
    for words in ("Withdrawn.", "Done in time", "Nel &lt;i&gt;file&lt;/i&gt;", "Carla Neri", "owes nothing"):
        assert words in page
    late = await elena.post(f"{here(aurora)}/{done.id}/removal", {})
    assert late.status_code == 409
    assert "Somebody has done this or withdrawn it meanwhile." in late.text


@pytest.mark.parametrize("role", ["client_viewer", "agent", "supervisor"])
async def test_others_ask_for_nothing(the_site: Site, aurora: Minted, role: str) -> None:
    async with the_site.browser() as browser:
        person = await the_site.person(role, brand=aurora.id)
        await browser.sign_in(person.email)
        await browser.get("/preferences")
        assert (await browser.post(here(aurora), GIVEN)).status_code == 404
        assert (await browser.get(here(aurora))).status_code == 404
