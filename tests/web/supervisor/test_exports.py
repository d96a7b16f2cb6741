"""A team report is prepared as a file while one goes elsewhere, and is there for a day for who may still read it."""

from __future__ import annotations

from sqlalchemy import select

from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from portavoce.core.scope import HOUSE
from portavoce.core.unit import now
from portavoce.identity.granting import grant
from portavoce.identity.models import AccessGrant
from portavoce.reporting.team.exporting import TOPIC
from portavoce.reporting.team.jobs import SUPERVISING, PartMaker
from portavoce.web.access import SUPERVISOR_ROLES
from tests.web.supervisor.conftest import HERE, NAMES, Team
from tests.world import WorldBrand

FORM = {"by": "team", "first": "2026-03", "last": "2026-03"}


async def make(team: Team, brand: WorldBrand) -> None:
    async with team.site.database.begin(brand.reading) as db:
        [part] = await db.scalars(select(Outbox.ref_id).where(Outbox.topic == TOPIC))
    await PartMaker(team.world.storage).deliver(team.site.database, Job(brand.id, part))


async def begin(team: Team) -> str:
    sent = await team.dino.fill(HERE, FORM, to=f"{HERE}/exports")
    assert sent.status_code == 303
    where: str = sent.headers["location"]
    return where


async def test_a_file_is_prepared_downloaded_and_listed(team: Team) -> None:
    await team.staff(team.world.aurora, NAMES)
    where = await begin(team)
    waiting = (await team.dino.get(where)).text
    assert 'max="1" value="0"' in waiting
    assert (await team.dino.get(f"{where}/files/csv")).status_code == 404
    assert "HX-Redirect" not in (await team.dino.get(f"{where}/state")).headers
    await make(team, team.world.aurora)
    assert (await team.dino.get(f"{where}/state")).headers["HX-Redirect"] == where
    assert f'href="{where}/files/xlsx"' in (await team.dino.get(where)).text
    assert f'href="{where}"' in (await team.dino.get(HERE)).text
    got = await team.dino.get(f"{where}/files/csv")
    assert "Torino,,6,,6,6,600.0,6,0,0" in got.text
    assert got.headers["content-disposition"] == 'attachment; filename="report-team-2026-03-2026-03.csv"'
    assert (await team.dino.get(f"{where}/files/xlsx")).content[:2] == b"PK"
    assert (await team.dino.get(f"{where}/files/pdf")).status_code == 404


async def test_with_the_grant_the_file_is_gone(team: Team) -> None:
    await team.staff(team.world.aurora, NAMES)
    where = await begin(team)
    await make(team, team.world.aurora)
    async with team.site.database.begin(HOUSE) as db:
        for each in await db.scalars(select(AccessGrant).where(AccessGrant.person_id == team.dino_id)):
            each.revoked_at = now(db)
        await grant(db, team.dino_id, "supervisor", brand_id=team.world.bosco.id)
    for path in (where, f"{where}/state", f"{where}/files/csv"):
        assert (await team.dino.get(path)).status_code == 404
    assert where not in (await team.dino.get(HERE)).text


async def test_another_supervisor_of_the_brand_has_it_not(team: Team) -> None:
    where = await begin(team)
    other = await team.site.person("supervisor", brand=team.world.aurora.id)
    async with team.site.browser() as one:
        await one.sign_in(other.email)
        for path in (where, f"{where}/state", f"{where}/files/csv"):
            assert (await one.get(path)).status_code == 404


async def test_only_what_a_page_offers_can_be_asked_for(team: Team) -> None:
    await team.dino.get(HERE)
    for wrong in ({"by": "x"}, {"first": "2026-04"}, {"brand": team.world.bosco.slug}, {"by": "x" * 30}):
        assert (await team.dino.post(f"{HERE}/exports", {**FORM, **wrong})).status_code == 404


def test_the_worker_asks_for_the_roles_of_the_surface() -> None:
    assert SUPERVISING == SUPERVISOR_ROLES
