"""The client says which reports leave by mail; only its own people who see the portal can be chosen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from portavoce.core.db import APP
from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person
from tests.conversations.conftest import counted
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.world import Cast, World


@dataclass(frozen=True, slots=True)
class Office:
    """Carla reads for Aurora, and so does Rosa; Vera for Bosco."""

    site: Site
    world: World
    carla: Browser
    people: dict[str, Person]

    @property
    def here(self) -> str:
        return f"/portal/{self.world.aurora.slug}/schedules"

    def form(self, *names: str, **changes: Any) -> dict[str, Any]:
        people = [str(self.people[name].id) for name in names]
        return {
            "rhythm": "daily", "leaves": "08:30", "language": "it", "formats": ["pdf", "csv"],
            "recipient": people, **changes,
        }  # fmt: skip


@pytest.fixture
async def office(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Office]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    people = {
        "carla": await the_site.person("client_viewer", brand=world.aurora.id, name="Carla Neri"),
        "rosa": await the_site.person("client_approver", brand=world.aurora.id, name="Rosa Riva"),
        "vera": await the_site.person("client_viewer", brand=world.bosco.id, name="Vera Blu"),
        "olga": await the_site.person("client_back_office", brand=world.aurora.id, name="Olga Serra"),
    }
    async with the_site.browser() as one:
        await one.sign_in(people["carla"].email)
        yield Office(the_site, world, one, people)


def removals(page: str) -> list[str]:
    return re.findall(r'action="([^"]+/removal)"', page)


async def test_a_schedule_is_made_listed_and_ended(office: Office) -> None:
    page = (await office.carla.get(office.here)).text
    assert "No report by mail yet" in page
    assert "Vera Blu" not in page
    assert "Olga Serra" not in page
    made = await office.carla.post(office.here, office.form("carla", "rosa"))
    assert (made.status_code, made.headers["location"]) == (303, office.here)
    page = (await office.carla.get(office.here)).text
    assert "Carla Neri, Rosa Riva" in page
    assert "08:30" in page
    assert "PDF, CSV" in page
    [end] = removals(page)
    assert (await office.carla.post(end)).status_code == 303
    assert "No report by mail yet" in (await office.carla.get(office.here)).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rhythm": "hourly"}, "rhythm"),
        ({"leaves": "25:00"}, "leaves"),
        ({"leaves": ""}, "leaves"),
        ({"formats": []}, "formats"),
        ({"formats": ["exe"]}, "formats"),
        ({"recipient": []}, "recipient"),
        ({"recipient": ["x"]}, "recipient"),
    ],
)
async def test_what_is_written_wrong_is_said_and_what_was_chosen_stays(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    answer = await office.carla.fill(office.here, office.form("rosa", **changes))
    assert answer.status_code == 422
    assert f'id="f-{field}-err"' in answer.text
    if field != "recipient":
        assert f'value="{office.people["rosa"].id}" checked' in answer.text
    assert removals((await office.carla.get(office.here)).text) == []


@pytest.mark.parametrize("who", ["vera", "olga"])
async def test_who_does_not_read_the_portal_is_as_unknown_as_nobody(office: Office, who: str) -> None:
    answer = await office.carla.fill(office.here, office.form("carla", who))
    never = await office.carla.post(office.here, office.form("carla", recipient=["0" * 32]))
    assert (answer.status_code, never.status_code) == (422, 422)
    assert "Choose who gets the report." in answer.text
    assert len(answer.text) - len(never.text) in range(-20, 60)


async def test_another_brands_schedules_are_not_there(office: Office) -> None:
    await office.carla.fill(office.here, office.form("carla"))
    [end] = removals((await office.carla.get(office.here)).text)
    async with office.site.browser() as browser:
        await browser.sign_in(office.people["vera"].email)
        there = f"/portal/{office.world.bosco.slug}/schedules"
        page = (await browser.get(there)).text
        assert "Carla Neri" not in page
        assert (await browser.post(end)).status_code == 404
        assert (
            await browser.post(end.replace(office.world.aurora.slug, office.world.bosco.slug))
        ).status_code == 404
    assert len(removals((await office.carla.get(office.here)).text)) == 1


async def test_the_list_takes_as_many_statements_for_three_as_for_one(office: Office) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await office.carla.fill(office.here, office.form("carla", "rosa"))
        with counted(office.world.database, APP) as statements:
            await office.carla.get(office.here)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_the_people_of_the_house_are_not_offered(office: Office) -> None:
    async with office.site.database.begin(HOUSE) as db:
        elena = (await db.get_one(Person, office.world.elena)).name
    assert elena not in (await office.carla.get(office.here)).text
