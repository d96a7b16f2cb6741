"""What a brand asks about its customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from portavoce.customers.defining import (
    MOST,
    add_attribute,
    attributes,
    change_attribute,
    retire_attribute,
)
from portavoce.customers.errors import BadAttribute, NoCustomer
from portavoce.customers.models import CustomerValue
from tests.customers.profiles import asks, gina, read, write
from tests.floor import Floor


async def keys(floor: Floor) -> list[str]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return [each.key for each in await attributes(db) if not each.retired]


async def change(floor: Floor, which: UUID, **values: object) -> None:
    known: dict[str, Any] = {"label": "Livello", "choices": (), "masked": False, "position": 1, "by": "admin"}
    await floor.do(change_attribute, which, **{**known, **values})


async def test_they_stand_in_the_order_the_brand_gives_them(floor: Floor) -> None:
    first, _, third = [await asks(floor, key) for key in ("one", "two", "three")]
    assert await keys(floor) == ["one", "two", "three"]
    await change(floor, third, position=1)
    assert await keys(floor) == ["three", "one", "two"]
    await change(floor, first, position=99)
    assert await keys(floor) == ["three", "two", "one"]


async def test_a_retired_one_leaves_the_profile_and_comes_back_with_its_values(floor: Floor) -> None:
    customer, level = await gina(floor), await asks(floor, "level")
    await write(floor, customer, {f"a_{level.hex}": "Oro"})
    await floor.do(retire_attribute, level, retired=True, by="admin")
    assert (await read(floor, customer)).answers == ()
    assert len(await floor.rows(CustomerValue)) == 1
    await floor.do(retire_attribute, level, retired=False, by="admin")
    assert [each.value for each in (await read(floor, customer)).answers] == ["Oro"]


UNASKABLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"key": "Level"}, "key"),
    ({"key": "taken"}, "key"),
    ({"label": ""}, "label"),
    ({"label": "x" * 81}, "label"),
    ({"kind": "json"}, "kind"),
    ({"kind": "choice", "choices": ("one", "one")}, "choices"),
    ({"kind": "choice", "choices": ("one", "x" * 81)}, "choices"),
)


async def test_what_could_not_be_asked_is_refused(floor: Floor) -> None:
    await asks(floor, "taken")
    good: dict[str, Any] = {"key": "level", "label": "Livello", "kind": "text", "by": "admin"}
    for values, field in UNASKABLE:
        with pytest.raises(BadAttribute) as refused:
            await floor.do(add_attribute, **{**good, **values})
        assert set(refused.value.fields) == {field}
    assert await keys(floor) == ["taken"]


async def test_a_brand_asks_forty_things_at_most(floor: Floor) -> None:
    for number in range(MOST):
        await asks(floor, f"k{number}")
    with pytest.raises(BadAttribute):
        await asks(floor, "one_more")


async def test_two_brands_ask_the_same_and_see_their_own(floor: Floor) -> None:
    here, there = await asks(floor, "level"), await asks(floor, "level", at=floor.world.bosco)
    assert await keys(floor) == ["level"]
    for missing in (there, uuid4()):
        with pytest.raises(NoCustomer):
            await change(floor, missing)
        with pytest.raises(NoCustomer):
            await floor.do(retire_attribute, missing, retired=True, by="admin")
    await change(floor, here, label="Grado")
