"""The client saves a view of its month and sees it on the page, on paper and in the workbook; the figures stay the same."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from portavoce.core.db import APP
from portavoce.reporting.layouts import make_layout
from tests.conversations.conftest import counted
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import House
from tests.world import Cast, World

PLACES = {
    "place_results": "2", "place_trend": "0", "place_money": "0", "place_breaches": "0", "place_late": "1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    site: Site
    world: World
    carla: Browser

    @property
    def here(self) -> str:
        return f"/portal/{self.world.aurora.slug}/layouts"


@pytest.fixture
async def office(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Office]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    person = await the_site.person("client_viewer", brand=world.aurora.id, name="Carla Neri")
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield Office(the_site, world, one)


def promises_in(page: str) -> list[str]:
    return re.findall(r'name="promises" value="([^"]+)"', page)


async def test_a_layout_is_saved_chosen_and_removed(office: Office) -> None:
    page = (await office.carla.get(office.here)).text
    assert "No layout yet" in page
    form = {"name": "Breve", **PLACES, "promises": promises_in(page)[:1]}
    assert (await office.carla.post(office.here, form)).status_code == 303
    page = (await office.carla.get(office.here)).text
    assert "Late contacts, Results against target" in page
    month = (await office.carla.get(f"/portal/{office.world.aurora.slug}/2026-03")).text
    [chosen] = re.findall(r'href="([^"]+\?layout=[0-9a-f-]{36})"', month)
    assert (await office.carla.get(chosen)).status_code == 200
    [end] = re.findall(r'action="([^"]+/removal)"', page)
    assert (await office.carla.post(end)).status_code == 303
    assert (await office.carla.get(chosen)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"place_late": "6"}, "place_late"),
        ({"place_late": "2"}, "sections"),
        ({"place_late": "0", "place_results": "0"}, "sections"),
        ({"promises": ["x"]}, "promises"),
    ],
)
async def test_what_is_written_wrong_is_said(office: Office, wrong: dict[str, Any], field: str) -> None:
    answer = await office.carla.fill(office.here, {"name": "Breve", **PLACES, **wrong})
    assert answer.status_code == 422
    assert f'id="f-{field}-err"' in answer.text
    assert "No layout yet" in (await office.carla.get(office.here)).text


async def test_the_list_takes_as_many_statements_for_three_as_for_one(office: Office) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await office.carla.fill(office.here, {"name": "Breve", **PLACES})
        with counted(office.world.database, APP) as statements:
            await office.carla.get(office.here)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_a_month_shows_the_parts_of_its_layout_in_order_with_the_same_figures(
    house: House, carla: Visit
) -> None:
    layout = await house.database.run(
        house.aurora.writing,
        lambda db: make_layout(db, "Breve", ["late", "results"], [], person_id=house.anna),
    )
    month = f"/portal/{house.aurora.slug}/2026-03"
    whole, brief = (await carla.get(month)).text, (await carla.get(f"{month}?layout={layout}")).text
    assert whole.index('id="kpi-h"') < whole.index('id="trend-h"') < whole.index('id="late-h"')
    assert brief.index('id="late-h"') < brief.index('id="kpi-h"')
    assert 'id="trend-h"' not in brief
    assert re.findall(r"<b>\d+</b>", whole)[:3] == re.findall(r"<b>\d+</b>", brief)[:3]
    assert f"report.pdf?seen={seen(brief)}&amp;layout={layout}" in brief
    for file in ("report.pdf", "report.xlsx"):
        assert (await carla.get(f"{month}/{file}?layout={layout}")).status_code == 200
        assert (await carla.get(f"{month}/{file}?layout={uuid4()}")).status_code == 404


def seen(page: str) -> str:
    return str(re.findall(r"seen=([\d.]+)", page)[0])


async def test_a_layout_of_no_promise_of_the_month_shows_none(house: House, carla: Visit) -> None:
    layout = await house.database.run(
        house.aurora.writing,
        lambda db: make_layout(db, "Altro", ["results"], ["another"], person_id=house.anna),
    )
    month = f"/portal/{house.aurora.slug}/2026-03"
    assert "Share within the target:" in (await carla.get(month)).text
    assert "Share within the target:" not in (await carla.get(f"{month}?layout={layout}")).text


@pytest.mark.parametrize("wrong", ["x", "0", "%00", "0197d000-0000-7000-8000-000000000000"])
async def test_an_unknown_layout_is_no_page(house: House, carla: Visit, wrong: str) -> None:
    assert (await carla.get(f"/portal/{house.aurora.slug}/2026-03?layout={wrong}")).status_code == 404


async def test_another_brands_layout_is_no_page(house: House, carla: Visit) -> None:
    foreign = await house.database.run(
        house.bosco.writing, lambda db: make_layout(db, "Breve", ["late"], [], person_id=house.anna)
    )
    assert (await carla.get(f"/portal/{house.aurora.slug}/2026-03?layout={foreign}")).status_code == 404
