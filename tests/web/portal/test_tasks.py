"""What the client owes, in its portal: seen by who reads, done with a word or without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from portavoce.contracts.tasks.asking import withdraw
from portavoce.contracts.tasks.models import ClientTask
from portavoce.contracts.tasks.queries import TaskRow, task_row
from portavoce.kit.clock import SteppedClock
from tests.contracts.tasks.owing import owed
from tests.minting import Minted, mint_brand
from tests.reporting.reading import counting
from tests.web.browsing import Browser, Site


@pytest_asyncio.fixture
async def aurora(the_site: Site) -> Minted:
    return await mint_brand(the_site.database, "Aurora")


@pytest_asyncio.fixture
async def task(the_site: Site, aurora: Minted) -> ClientTask:
    return await owed(the_site.database, aurora)


@pytest_asyncio.fixture
async def carla(the_site: Site, aurora: Minted) -> AsyncIterator[Browser]:
    """Reads for Aurora."""
    async with the_site.browser() as browser:
        person = await the_site.person("client_viewer", brand=aurora.id)
        await browser.sign_in(person.email)
        yield browser


def here(brand: Minted, rest: object = "") -> str:
    return f"/portal/{brand.slug}/tasks{f'/{rest}' if rest else ''}"


async def row(site: Site, brand: Minted, task: ClientTask) -> TaskRow:
    async with site.database.begin(brand.reading) as db:
        return await task_row(db, task.id)


async def test_a_task_is_listed_opened_and_done(
    the_site: Site, aurora: Minted, task: ClientTask, carla: Browser
) -> None:
    listed = (await carla.get(here(aurora))).text
    assert "Forecast of volumes" in listed
    assert "I volumi di aprile" in listed
    answer = await carla.fill(
        here(aurora, task.id), {"text": "Nel file <b>qui</b>"}, to=f"{here(aurora, task.id)}/completion"
    )
    assert answer.headers["location"] == f"{here(aurora)}?sent=1"
    after = (await carla.get(answer.headers["location"])).text
    assert "Marked as done" in after
    assert "Done in time" in after
    assert "Nothing waits for you" in after
    page = (await carla.get(here(aurora, task.id))).text
    assert "Nel file &lt;b&gt;qui&lt;/b&gt;" in page
    assert "completion" not in page
    assert (await row(the_site, aurora, task)).state == "done"


async def test_what_is_past_its_date_is_said(
    the_site: Site, aurora: Minted, task: ClientTask, clock: SteppedClock
) -> None:
    clock.advance(timedelta(days=4))
    async with the_site.browser() as browser:
        person = await the_site.person("client_approver", brand=aurora.id)
        await browser.sign_in(person.email)
        page = (await browser.get(here(aurora))).text
        assert "1 task is past its date" in page
        assert "Was due" in page
        await browser.fill(here(aurora, task.id), {}, to=f"{here(aurora, task.id)}/completion")
        assert "Done late" in (await browser.get(here(aurora))).text


async def test_what_was_withdrawn_meanwhile_keeps_the_text(
    the_site: Site, aurora: Minted, task: ClientTask, carla: Browser
) -> None:
    await carla.get(here(aurora, task.id))
    await the_site.database.run(aurora.writing, lambda db: withdraw(db, task.id, by=None))
    answer = await carla.post(f"{here(aurora, task.id)}/completion", {"text": "Ecco i numeri"})
    assert answer.status_code == 409
    assert "Somebody has done this or withdrawn it meanwhile." in answer.text
    assert "Ecco i numeri" in answer.text


async def test_a_text_that_is_too_long_is_refused_beside_its_field(
    the_site: Site, aurora: Minted, task: ClientTask, carla: Browser
) -> None:
    answer = await carla.fill(
        here(aurora, task.id), {"text": "x" * 5_001}, to=f"{here(aurora, task.id)}/completion"
    )
    assert answer.status_code == 422
    assert 'id="f-text-err"' in answer.text
    assert (await row(the_site, aurora, task)).state == "open"


async def test_another_brands_task_is_nobodys_here(
    the_site: Site, aurora: Minted, task: ClientTask, carla: Browser
) -> None:
    bosco = await mint_brand(the_site.database, "Bosco")
    other = await owed(the_site.database, bosco)
    await carla.get(here(aurora))
    for address in (here(bosco), here(bosco, other.id), here(aurora, other.id)):
        assert (await carla.get(address)).status_code == 404
    assert (await carla.post(f"{here(aurora, other.id)}/completion", {})).status_code == 404
    assert (await row(the_site, bosco, other)).state == "open"


@pytest.mark.parametrize("role", ["client_back_office", "client_lead_taker", "admin", "supervisor", "agent"])
async def test_others_have_no_tasks(the_site: Site, aurora: Minted, task: ClientTask, role: str) -> None:
    async with the_site.browser() as browser:
        person = await the_site.person(role, brand=aurora.id)
        await browser.sign_in(person.email)
        assert (await browser.get(here(aurora))).status_code == 404
        await browser.get("/preferences")
        assert (await browser.post(f"{here(aurora, task.id)}/completion", {})).status_code == 404


async def test_the_list_is_read_as_report_in_three_queries(
    the_site: Site, aurora: Minted, task: ClientTask, carla: Browser
) -> None:
    await carla.get(here(aurora))
    with counting(the_site.database) as seen:
        await carla.get(here(aurora))
    assert len(seen) == 3
