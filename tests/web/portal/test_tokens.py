"""The client's approver makes tokens and takes them back; a secret is on one page, once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from portavoce.core.db import APP
from portavoce.identity.api_tokens import bearer_of
from tests.conversations.conftest import counted
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.world import Cast, World

NEW = {"name": "Pianificazione", "days": "30"}


@dataclass(frozen=True, slots=True)
class Office:
    """Rosa approves for Aurora."""

    site: Site
    world: World
    rosa: Browser

    @property
    def here(self) -> str:
        return f"/portal/{self.world.aurora.slug}/tokens"


@pytest.fixture
async def office(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Office]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    person = await the_site.person("client_approver", brand=world.aurora.id, name="Rosa Neri")
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield Office(the_site, world, one)


def secret_in(page: str) -> str:
    return "".join(re.findall(r"pvt_[A-Za-z0-9_-]{43}", page))


async def test_a_token_is_shown_once_and_works(office: Office) -> None:
    assert "No token yet" in (await office.rosa.get(office.here)).text
    made = await office.rosa.fill(office.here, NEW)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "private, no-store"
    secret = secret_in(made.text)
    assert (await bearer_of(office.site.database, secret)).brand_id == office.world.aurora.id
    page = (await office.rosa.get(office.here)).text
    assert secret_in(page) == ""
    assert "Pianificazione" in page
    assert "Rosa Neri" in page


async def test_a_token_that_is_taken_back_says_so_and_stops(office: Office) -> None:
    secret = secret_in((await office.rosa.fill(office.here, NEW)).text)
    token = (await bearer_of(office.site.database, secret)).token_id
    back = await office.rosa.post(f"{office.here}/{token}/revocation")
    assert (back.status_code, back.headers["location"]) == (303, office.here)
    page = (await office.rosa.get(office.here)).text
    assert "Taken back" in page
    assert "revocation" not in page
    answer = await office.rosa.client.get(
        f"/api/v1/brands/{office.world.aurora.slug}/feeds", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 81}, {"days": "31"}, {"days": "0"}, {"days": "99999"}, {"days": "x"}],
)
async def test_what_is_written_wrong_is_said_and_nothing_is_made(
    office: Office, wrong: dict[str, Any]
) -> None:
    answer = await office.rosa.fill(office.here, {**NEW, **wrong})
    assert answer.status_code == 422
    assert f'id="f-{next(iter(wrong))}-err"' in answer.text
    assert secret_in(answer.text) == ""
    assert "No token yet" in (await office.rosa.get(office.here)).text


async def test_who_only_reads_makes_none_and_an_administrator_does(office: Office) -> None:
    for role, status in (("client_viewer", 404), ("agent", 404), ("supervisor", 404), ("admin", 200)):
        person = await office.site.person(role, brand=office.world.aurora.id)
        async with office.site.browser() as browser:
            await browser.sign_in(person.email)
            assert (await browser.get(office.here)).status_code == status, role
            await browser.get("/preferences")
            made = await browser.post(office.here, NEW)
            assert made.status_code == (201 if status == 200 else 404), role


async def test_the_list_takes_as_many_statements_for_three_as_for_one(office: Office) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await office.rosa.fill(office.here, NEW)
        with counted(office.world.database, APP) as statements:
            await office.rosa.get(office.here)
        counts.append(len(statements))
    assert counts[0] == counts[1]
