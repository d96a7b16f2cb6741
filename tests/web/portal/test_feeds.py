"""The client's page of days by intervals, and each file behind the person's grant of this moment."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from portavoce.core.db import REPORT
from portavoce.core.scope import HOUSE
from portavoce.core.storage import Storage
from portavoce.identity.granting import revoke
from portavoce.identity.models import AccessGrant
from portavoce.reporting.feeding import feed
from portavoce.reporting.feeds import list_feeds
from tests.conversations.conftest import counted
from tests.database import NOON
from tests.reporting.telling import answer
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import DAY, HOUR, House


async def night(house: House, home: Path, carla: Visit) -> Visit:
    """A day later; who was signed in signs in again."""
    house.clock.advance(DAY)
    for brand in (house.aurora, house.bosco):
        await feed(house.database, Storage(home / "files"), brand.id)
    return await sign_in(house.database, carla.client, house.aurora)


def files_in(page: str) -> list[str]:
    return re.findall(r'href="(/portal/[^"]+/feeds/[0-9a-f-]{36})"', page)


async def test_before_the_first_night_it_says_so(house: House, carla: Visit) -> None:
    page = await carla.get(f"/portal/{house.aurora.slug}/feeds")
    assert page.status_code == 200
    assert "No day yet" in page.text


async def test_a_day_is_there_in_four_files_and_restated_in_four_more(
    house: House, carla: Visit, tmp_path: Path
) -> None:
    carla = await night(house, tmp_path, carla)
    here = f"/portal/{house.aurora.slug}/feeds"
    assert len(files_in((await carla.get(here)).text)) == 4
    await answer(house.database, house.aurora, house.aurora_contacts[3], NOON + 8 * DAY + HOUR)
    carla = await night(house, tmp_path, carla)
    page = (await carla.get(here)).text
    assert len(files_in(page)) == 8
    file = await carla.get(files_in(page)[0])
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.startswith("starts_at,ends_at,line_id")


async def test_a_file_is_not_there_once_the_grant_has_ended(
    house: House, carla: Visit, tmp_path: Path
) -> None:
    """SEC-05: looked at when it is taken away, not only when it was made or listed."""
    carla = await night(house, tmp_path, carla)
    [one, *_] = files_in((await carla.get(f"/portal/{house.aurora.slug}/feeds")).text)
    assert (await carla.get(one)).status_code == 200
    async with house.database.begin(HOUSE) as db:
        mine = select(AccessGrant.id).where(AccessGrant.person_id == carla.person_id)
        await revoke(db, (await db.scalars(mine)).one())
    assert (await carla.get(one)).status_code == 404


async def test_another_brands_file_is_not_there_under_any_address(
    house: House, carla: Visit, tmp_path: Path
) -> None:
    carla = await night(house, tmp_path, carla)
    [own, *_] = files_in((await carla.get(f"/portal/{house.aurora.slug}/feeds")).text)
    async with house.database.begin(house.bosco.reading) as db:
        foreign = (await list_feeds(db))[0].id
    for path in (
        f"/portal/{house.aurora.slug}/feeds/{foreign}",
        f"/portal/{house.bosco.slug}/feeds/{foreign}",
        own.replace(house.aurora.slug, house.bosco.slug),
    ):
        assert (await carla.get(path)).status_code == 404, path


async def test_the_page_takes_as_many_statements_for_two_days_as_for_one(
    house: House, carla: Visit, tmp_path: Path
) -> None:
    counts = []
    for _ in range(2):
        carla = await night(house, tmp_path, carla)
        with counted(house.database, REPORT) as statements:
            await carla.get(f"/portal/{house.aurora.slug}/feeds")
        counts.append(len(statements))
    assert counts[0] == counts[1] == 5
