"""Team reports: the brands one supervises and no other, people by name only where that is authorised."""

from __future__ import annotations

import re

import pytest

from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from tests.web.supervisor.conftest import HERE, NAMES, Team


def rows_of(page: str) -> dict[str, list[str]]:
    """Cells by the heading of their row."""
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.DOTALL):
        name, *cells = re.split(r"</t[hd]>", re.sub(r"<(?!/t[hd])[^>]*>", "", row))
        found[" ".join(name.split())] = [cell.strip() for cell in cells[:-1]]
    return found


async def test_people_of_an_authorised_site_are_named_and_others_are_a_group(team: Team) -> None:
    await team.staff(team.world.aurora, NAMES)
    await team.staff(team.world.aurora, ("Nina", "Olga"), authorised=True)
    page = (await team.dino.get(f"{HERE}?by=agent")).text
    rows = rows_of(page)
    assert list(rows) == ["Nina", "Olga", "Torino, together", "All rows together"]
    assert rows["Torino, together"][:4] == ["6", "6", "6", "10:00"]
    assert rows["All rows together"][1] == "8"
    assert not any(name in page for name in NAMES)


async def test_four_are_not_shown_in_any_grouping_and_what_came_in_is(team: Team) -> None:
    await team.staff(team.world.aurora, NAMES[:4])
    for by in ("agent", "team", "brand", "queue", "outcome"):
        page = (await team.dino.get(f"{HERE}?by={by}")).text
        assert "fewer than five people" in page
        assert "10:00" not in page
    assert rows_of((await team.dino.get(f"{HERE}?by=brand")).text)["Aurora"][:4] == ["–", "4", "–", "–"]


async def test_a_month_without_anything_says_so(team: Team) -> None:
    assert "No figures" in (await team.dino.get(f"{HERE}?first=2026-01&last=2026-02")).text


async def test_only_brands_one_supervises_can_be_asked_for(team: Team) -> None:
    """Not even one in which the supervisor works as an agent."""
    await team.staff(team.world.bosco, NAMES)
    bosco = team.world.bosco.slug
    async with team.site.database.begin(HOUSE) as db:
        await grant(db, team.dino_id, "agent", brand_id=team.world.bosco.id)
    for by in ("agent", "team", "brand", "queue", "outcome", "reason"):
        page = (await team.dino.get(f"{HERE}?by={by}")).text
        assert bosco not in page
        assert "Bosco" not in page
        assert "Torino" not in page
    for query in (
        f"brand={bosco}",
        f"brand={team.world.aurora.slug}&brand={bosco}",
        "brand=nowhere",
        "by=x",
    ):
        assert (await team.dino.get(f"{HERE}?{query}")).status_code == 404


@pytest.mark.parametrize("role", ["agent", "client_viewer", "client_approver"])
async def test_neither_an_agent_nor_a_client_has_reports(team: Team, role: str) -> None:
    client = team.world.client if role.startswith("client") else None
    other = await team.site.person(role, brand=team.world.aurora.id, client_id=client)
    async with team.site.browser() as one:
        await one.sign_in(other.email)
        assert (await one.get(HERE)).status_code == 404


@pytest.mark.parametrize(
    "months", ["first=2026-04&last=2026-03", "first=x", "last=2026-13", "first=2024-01&last=2026-03"]
)
async def test_months_that_make_no_sense_are_said_beside_the_field(team: Team, months: str) -> None:
    answer = await team.dino.get(f"{HERE}?{months}")
    assert (answer.status_code, 'id="f-first-err"' in answer.text) == (422, True)


async def test_rows_stand_in_the_order_asked_for(team: Team) -> None:
    await team.staff(team.world.aurora, ("Nina", "Olga"), authorised=True)
    await team.staff(team.world.aurora, NAMES)
    up = rows_of((await team.dino.get(f"{HERE}?by=agent&sort=handled")).text)
    down = rows_of((await team.dino.get(f"{HERE}?by=agent&sort=-handled")).text)
    assert list(up)[-2] == "Torino, together"
    assert next(iter(down)) == "Torino, together"
