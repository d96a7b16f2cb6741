"""Shops are added and retired, clerks given and taken, within one brand and with a trace."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portavoce.agents.colleagues import speakers
from portavoce.audit.models import AuditEntry
from portavoce.conversations.visits.choosing import choose_shop
from portavoce.conversations.visits.errors import BadShop, NoClerk, NoShop
from portavoce.conversations.visits.models import Shop, ShopClerk
from portavoce.conversations.visits.queries import clerks_of_brand, counter_of, shops_of_brand
from portavoce.conversations.visits.shops import add_shop, give_clerk, retire_shop, take_clerk
from portavoce.core.scope import HOUSE
from portavoce.identity.people import disable
from portavoce.onboarding.people import take_role
from portavoce.web.admin.listing import role_rows
from tests.conversations.visits.standing import Stand, clerk_of, stand
from tests.floor import Floor


async def opened(floor: Floor, name: str, place: str = "Milano") -> Shop:
    return await floor.do(add_shop, name=name, place=place, lob_id=floor.aurora.lob_id, by="admin")


async def standing(floor: Floor) -> list[tuple[str, str, bool]]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return [(each.name, each.place, each.retired_at is not None) for each in await shops_of_brand(db)]


async def at_counter(at: Stand) -> tuple[list[str], str | None]:
    async with at.floor.database.begin(at.brand.reading) as db:
        counter = await counter_of(db, at.person_id)
    return [each.name for each in counter.shops], counter.chosen.name if counter.chosen else None


async def test_a_shop_keeps_its_name_to_itself_until_it_is_retired(floor: Floor) -> None:
    first = await opened(floor, " Aurora   Duomo ")
    await opened(floor, "Aurora Duomo", "Monza")
    with pytest.raises(BadShop) as refused:
        await opened(floor, "Aurora Duomo")
    assert set(refused.value.fields) == {"name"}
    await floor.do(retire_shop, first.id, by="admin")
    await floor.do(retire_shop, first.id, by="admin")
    await opened(floor, "Aurora Duomo")
    assert await standing(floor) == [
        ("Aurora Duomo", "Milano", False), ("Aurora Duomo", "Monza", False), ("Aurora Duomo", "Milano", True),
    ]  # fmt: skip
    acts = [each.action for each in await floor.rows(AuditEntry) if each.subject == "shop"]
    assert sorted(acts) == ["shop.added"] * 3 + ["shop.retired"]


@pytest.mark.parametrize(
    ("name", "place", "fields"),
    [("", "Milano", {"name"}), ("Duomo", " ", {"place"}), ("x" * 81, "y" * 81, {"name", "place"})],
)
async def test_a_shop_without_name_or_place_is_none(
    floor: Floor, name: str, place: str, fields: set[str]
) -> None:
    with pytest.raises(BadShop) as refused:
        await opened(floor, name, place)
    assert set(refused.value.fields) == fields


async def test_its_line_is_one_of_the_brand(floor: Floor) -> None:
    for lob_id in (uuid4(), floor.world.bosco.lob_id):
        with pytest.raises(BadShop) as refused:
            await floor.do(add_shop, name="Duomo", place="Milano", lob_id=lob_id, by="admin")
        assert set(refused.value.fields) == {"lob_id"}


async def test_only_who_has_the_role_at_this_brand_stands_at_its_counters(floor: Floor) -> None:
    at = await stand(floor)
    foreign, _ = await clerk_of(floor, floor.world.bosco, "Bino Banco")
    for who in (foreign.id, floor.anna.id, uuid4()):
        with pytest.raises(NoClerk):
            await floor.do(give_clerk, at.shop.id, who, by="admin")
    with pytest.raises(NoShop):
        await floor.do(give_clerk, uuid4(), at.clerk.id, by="admin")
    await floor.do(give_clerk, at.shop.id, at.clerk.id, by="admin")
    assert len(await floor.rows(ShopClerk)) == 1
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [each.name for each in await clerks_of_brand(db, floor.aurora.id)] == ["Pina Banco"]


async def test_the_shop_a_clerk_chose_last_is_the_one_they_are_shown(floor: Floor) -> None:
    at = await stand(floor)
    assert await at_counter(at) == (["Aurora Duomo"], "Aurora Duomo")
    other = await opened(floor, "Aurora Arengario", "Monza")
    await floor.do(give_clerk, other.id, at.clerk.id, by="admin")
    assert await at_counter(at) == (["Aurora Arengario", "Aurora Duomo"], None)
    for shop in (at.shop, other, at.shop):
        floor.later(minutes=1)
        await floor.do(choose_shop, shop.id, by=at.clerk)
        assert (await at_counter(at))[1] == shop.name
    for shop_id in (uuid4(), (await opened(floor, "Terzo")).id):
        with pytest.raises(NoShop):
            await floor.do(choose_shop, shop_id, by=at.clerk)
    await floor.do(retire_shop, at.shop.id, by="admin")
    assert await at_counter(at) == (["Aurora Arengario"], "Aurora Arengario")


async def test_who_was_taken_away_has_no_shop_and_may_come_back(floor: Floor) -> None:
    at = await stand(floor)
    await floor.do(take_clerk, at.shop.id, at.clerk.id, by="admin")
    assert await at_counter(at) == ([], None)
    with pytest.raises(NoClerk):
        await floor.do(take_clerk, at.shop.id, at.clerk.id, by="admin")
    await floor.do(give_clerk, at.shop.id, at.clerk.id, by="admin")
    assert await at_counter(at) == (["Aurora Duomo"], "Aurora Duomo")


async def test_a_clerk_is_no_colleague_at_the_desk(floor: Floor) -> None:
    await stand(floor)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [each.alias for each in await speakers(db, None)] == ["Anna", "Bruno"]


async def test_with_the_role_the_alias_rests_and_the_counter_is_empty(floor: Floor) -> None:
    at = await stand(floor)
    async with floor.database.begin(HOUSE) as db:
        [role] = await role_rows(db, at.person_id)
    await take_role(floor.database, person_id=at.person_id, grant_id=role.id, by=floor.world.elena)
    assert await at_counter(at) == ([], None)
    assert await named(floor) == []


async def test_who_has_no_access_any_more_is_not_offered(floor: Floor) -> None:
    at = await stand(floor)
    async with floor.database.begin(HOUSE) as db:
        await disable(db, at.person_id, by=floor.world.elena)
    assert await named(floor) == []


async def named(floor: Floor) -> list[UUID]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return [each.id for each in await clerks_of_brand(db, floor.aurora.id)]
