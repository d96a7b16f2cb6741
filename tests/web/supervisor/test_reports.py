"""Team reports: the brands one supervises and no other, people by name only where that is authorised."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from tests.molds import Mold
from tests.reporting.team.staffing import add_site, add_staff, employ, told, work
from tests.web.browsing import Browser, Site
from tests.world import Cast, World, WorldBrand

HERE = "/s/reports"
NAMES = ("Ada", "Bea", "Cleo", "Dora", "Emma", "Fede")


@dataclass(frozen=True, slots=True)
class Floor:
    """Dino supervises Aurora alone."""

    site: Site
    world: World
    dino: Browser
    dino_id: UUID

    async def staff(self, brand: WorldBrand, names: tuple[str, ...], *, authorised: bool = False) -> None:
        """Each closes one contact of this month, in a site of their own town."""
        place = await add_site(self.site.database, "Bari" if authorised else "Torino", authorised=authorised)
        people = await add_staff(self.site.database, place, *names)
        for number, by in enumerate(await employ(self.site.database, brand, people)):
            at = self.site.database.clock.now() - timedelta(hours=5, minutes=number)
            await work(self.site.database, brand, by, at)
        await told(self.site.database, brand)


@pytest.fixture
async def floor(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Floor]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    dino = await the_site.person("supervisor", brand=world.aurora.id, name="Dino Costa")
    async with the_site.browser() as one:
        await one.sign_in(dino.email)
        yield Floor(the_site, world, one, dino.id)


def rows_of(page: str) -> dict[str, list[str]]:
    """Cells by the heading of their row."""
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.DOTALL):
        name, *cells = re.split(r"</t[hd]>", re.sub(r"<(?!/t[hd])[^>]*>", "", row))
        found[" ".join(name.split())] = [cell.strip() for cell in cells[:-1]]
    return found


async def test_people_of_an_authorised_site_are_named_and_others_are_a_group(floor: Floor) -> None:
    await floor.staff(floor.world.aurora, NAMES)
    await floor.staff(floor.world.aurora, ("Nina", "Olga"), authorised=True)
    page = (await floor.dino.get(f"{HERE}?by=agent")).text
    rows = rows_of(page)
    assert list(rows) == ["Nina", "Olga", "Torino, together", "All rows together"]
    assert rows["Torino, together"][:4] == ["6", "6", "6", "10:00"]
    assert rows["All rows together"][1] == "8"
    assert not any(name in page for name in NAMES)


async def test_four_are_not_shown_in_any_grouping_and_what_came_in_is(floor: Floor) -> None:
    await floor.staff(floor.world.aurora, NAMES[:4])
    for by in ("agent", "team", "brand", "queue", "outcome"):
        page = (await floor.dino.get(f"{HERE}?by={by}")).text
        assert "fewer than five people" in page
        assert "10:00" not in page
    assert rows_of((await floor.dino.get(f"{HERE}?by=brand")).text)["Aurora"][:4] == ["–", "4", "–", "–"]


async def test_a_month_without_anything_says_so(floor: Floor) -> None:
    assert "No figures" in (await floor.dino.get(f"{HERE}?first=2026-01&last=2026-02")).text


async def test_only_brands_one_supervises_can_be_asked_for(floor: Floor) -> None:
    """Not even one in which the supervisor works as an agent."""
    await floor.staff(floor.world.bosco, NAMES)
    bosco = floor.world.bosco.slug
    async with floor.site.database.begin(HOUSE) as db:
        await grant(db, floor.dino_id, "agent", brand_id=floor.world.bosco.id)
    for by in ("agent", "team", "brand", "queue", "outcome", "reason"):
        page = (await floor.dino.get(f"{HERE}?by={by}")).text
        assert bosco not in page
        assert "Bosco" not in page
        assert "Torino" not in page
    for query in (
        f"brand={bosco}",
        f"brand={floor.world.aurora.slug}&brand={bosco}",
        "brand=nowhere",
        "by=x",
    ):
        assert (await floor.dino.get(f"{HERE}?{query}")).status_code == 404


@pytest.mark.parametrize("role", ["agent", "client_viewer", "client_approver"])
async def test_neither_an_agent_nor_a_client_has_reports(floor: Floor, role: str) -> None:
    client = floor.world.client if role.startswith("client") else None
    other = await floor.site.person(role, brand=floor.world.aurora.id, client_id=client)
    async with floor.site.browser() as one:
        await one.sign_in(other.email)
        assert (await one.get(HERE)).status_code == 404


@pytest.mark.parametrize(
    "months", ["first=2026-04&last=2026-03", "first=x", "last=2026-13", "first=2024-01&last=2026-03"]
)
async def test_months_that_make_no_sense_are_said_beside_the_field(floor: Floor, months: str) -> None:
    answer = await floor.dino.get(f"{HERE}?{months}")
    assert (answer.status_code, 'id="f-first-err"' in answer.text) == (422, True)


async def test_rows_stand_in_the_order_asked_for(floor: Floor) -> None:
    await floor.staff(floor.world.aurora, ("Nina", "Olga"), authorised=True)
    await floor.staff(floor.world.aurora, NAMES)
    up = rows_of((await floor.dino.get(f"{HERE}?by=agent&sort=handled")).text)
    down = rows_of((await floor.dino.get(f"{HERE}?by=agent&sort=-handled")).text)
    assert list(up)[-2] == "Torino, together"
    assert next(iter(down)) == "Torino, together"
