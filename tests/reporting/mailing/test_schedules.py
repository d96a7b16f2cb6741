"""Reports go to people who may read them in the portal, and to nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.reporting.errors import BadSchedule, NoReport
from portavoce.reporting.mailing.schedules import (
    MOST,
    Wish,
    end_schedule,
    latest_mailings,
    make_schedule,
    readers_of,
    schedules_of,
)
from tests.reporting.mailing.conftest import DAY, Post


async def test_readers_are_the_clients_people_who_see_the_portal(post: Post) -> None:
    async with post.database.begin(post.aurora.reading) as db:
        assert [each.name for each in await readers_of(db, post.aurora.id)] == ["Carla Neri", "Rosa Riva"]
    await post.lose_access("carla")
    async with post.database.begin(post.aurora.reading) as db:
        assert [each.name for each in await readers_of(db, post.aurora.id)] == ["Rosa Riva"]


@pytest.mark.parametrize("who", ["vera", "nobody"])
async def test_nobody_elses_person_can_be_chosen(post: Post, who: str) -> None:
    post.people.setdefault("nobody", uuid4())
    with pytest.raises(BadSchedule) as refused:
        await post.schedule("carla", who)
    assert set(refused.value.fields) == {"recipient"}


@pytest.mark.parametrize(
    ("formats", "names", "field"),
    [((), ("carla",), "formats"), (("exe",), ("carla",), "formats"), (("pdf",), (), "recipient")],
)
async def test_what_is_missing_is_said(
    post: Post, formats: tuple[str, ...], names: tuple[str, ...], field: str
) -> None:
    with pytest.raises(BadSchedule) as refused:
        await post.schedule(*names, formats=formats)
    assert set(refused.value.fields) == {field}


async def test_schedules_are_listed_until_they_end(post: Post) -> None:
    schedule = await post.schedule("rosa", "carla", formats=("csv", "pdf"))
    async with post.database.begin(post.aurora.writing) as db:
        [row] = await schedules_of(db)
        assert (row.people, row.formats, row.minute) == (["Carla Neri", "Rosa Riva"], ["pdf", "csv"], 480)
        for _ in range(2):
            await end_schedule(db, schedule, person_id=post.people["rosa"])
        await db.flush()
        assert await schedules_of(db) == []


async def test_another_brands_schedule_is_not_there(post: Post) -> None:
    schedule = await post.schedule("carla")
    async with post.database.begin(post.bosco.writing) as db:
        assert await schedules_of(db) == []
        with pytest.raises(NoReport):
            await end_schedule(db, schedule, person_id=post.people["vera"])


async def test_a_brand_has_so_many_and_no_more(post: Post) -> None:
    wish, by = Wish("daily", 0, ["pdf"], "it", [post.people["carla"]]), post.people["rosa"]
    async with post.database.begin(post.aurora.writing) as db:
        for _ in range(MOST):
            await make_schedule(db, wish, person_id=by)
        with pytest.raises(BadSchedule):
            await make_schedule(db, wish, person_id=by)


async def test_what_left_is_listed_with_what_became_of_it(post: Post) -> None:
    await post.schedule("carla")
    post.clock.advance(DAY)
    await post.begin()
    await post.deliver()
    async with post.database.begin(post.aurora.reading) as db:
        [row] = await latest_mailings(db)
    assert (row.period, row.person, row.state) == ("2026-03-02", "Carla Neri", "sent")
    assert row.left_at == post.clock.now()
