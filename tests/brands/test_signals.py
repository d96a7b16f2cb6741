"""Who keeps which marks, and what the question about them tells to whom."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from portavoce.brands.errors import BadSignal, NoSignal
from portavoce.brands.models import BrandSignal
from portavoce.brands.signals import (
    ADDED,
    ADDRESS_OF,
    ALLOWED,
    NAME,
    USED,
    add_by_hand,
    among,
    learn,
    remove,
    signals,
)
from portavoce.core.db import APP, Database
from portavoce.core.scope import HOUSE, Scope
from tests.minting import Minted, mint_brand


async def keep(database: Database, brand: Minted, origin: str, *keys: str) -> None:
    async with database.begin(brand.writing) as db:
        await learn(db, origin, [(key, key) for key in keys])


async def kept(database: Database, brand: Minted) -> list[tuple[str, str]]:
    async with database.begin(brand.reading) as db:
        return [(row.origin, row.key) for row in await signals(db)]


@pytest.fixture
async def brands(database: Database) -> tuple[Minted, Minted]:
    return await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")


async def test_of_a_brand_out_of_scope_one_hears_that_a_key_is_somebodys(
    database: Database, brands: tuple[Minted, Minted]
) -> None:
    aurora, bosco = brands
    third = await mint_brand(database, "Ceres")
    key = f"domain {bosco.slug}.example"
    await keep(database, bosco, ADDED, key)
    await keep(database, third, ADDED, key)
    async with database.begin(aurora.reading) as db:
        assert await among(db, aurora.id, {key}) == [(key, None, None)]
    async with database.begin(Scope.reading([aurora.id, bosco.id])) as db:
        told = await among(db, aurora.id, {key})
    assert sorted(told, key=str) == sorted([(key, bosco.id, None), (key, None, None)], key=str)


async def test_what_others_allow_themselves_is_nobodys_business(
    database: Database, brands: tuple[Minted, Minted]
) -> None:
    aurora, bosco = brands
    key = f"domain {aurora.slug}.example"
    for origin in (ALLOWED, USED):
        await keep(database, bosco, origin, key)
    async with database.begin(Scope.reading([aurora.id, bosco.id])) as db:
        assert await among(db, aurora.id, {key}) == []
        assert {each.origin for each in await among(db, bosco.id, {key})} == {ALLOWED, USED}


async def test_who_asks_for_a_brand_out_of_scope_hears_nothing(
    database: Database, brands: tuple[Minted, Minted]
) -> None:
    aurora, bosco = brands
    key = f"domain {bosco.slug}.example"
    await keep(database, bosco, ADDED, key)
    for scope in (HOUSE, bosco.reading):
        async with database.begin(scope) as db:
            assert await among(db, aurora.id, {key}) == []


async def test_known_and_unknown_keys_are_asked_in_one_statement_of_one_shape(
    database: Database, brands: tuple[Minted, Minted]
) -> None:
    """Nothing is asked again of what was found: the number of questions tells nothing."""
    aurora, bosco = brands
    await keep(database, bosco, ADDED, "domain known.example")
    seen: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    for key in ("domain known.example", "domain unknown.example"):
        async with database.begin(aurora.reading) as db:
            await among(db, aurora.id, {key})
    event.remove(engine, "before_cursor_execute", hear)
    asked = [each for each in seen if "signals_among" in each]
    assert len(asked) == 2
    assert len(set(asked)) == 1


async def test_marks_are_learned_once_and_mail_hosts_of_everybody_never(
    database: Database, brands: tuple[Minted, Minted]
) -> None:
    aurora, _ = brands
    for _ in range(2):
        await keep(database, aurora, ADDRESS_OF, "address aurora@gmail.com", "domain gmail.com")
    assert await kept(database, aurora) == [(ADDRESS_OF, "address aurora@gmail.com")]


async def test_an_administrator_adds_allows_and_removes(
    database: Database, brands: tuple[Minted, Minted]
) -> None:
    aurora, bosco = brands
    await keep(database, aurora, NAME, "word aurora")
    async with database.begin(aurora.writing) as db:
        row = await add_by_hand(db, ADDED, "phone", " 800 123 456 ")
        await add_by_hand(db, ALLOWED, "word", "Bosco")
        assert (row.key, row.shown) == ("phone +39800123456", "800 123 456")
    async with database.begin(aurora.writing) as db:
        with pytest.raises(BadSignal):
            await add_by_hand(db, ADDED, "phone", "+39800123456")
    async with database.begin(bosco.writing) as db:
        with pytest.raises(NoSignal):
            await remove(db, row.id)
    async with database.begin(aurora.writing) as db:
        await remove(db, row.id)
    assert await kept(database, aurora) == [(NAME, "word aurora"), (ALLOWED, "word bosco")]


@pytest.mark.parametrize(
    ("origin", "kind", "value"),
    [(ADDED, "domain", "gmail.com"), (ADDED, "domain", "x"), (NAME, "word", "Bosco"), (ADDED, "colour", "red")],
)  # fmt: skip
async def test_what_can_be_no_mark_is_refused(
    database: Database, brands: tuple[Minted, Minted], origin: str, kind: str, value: str
) -> None:
    async with database.begin(brands[0].writing) as db:
        with pytest.raises(BadSignal):
            await add_by_hand(db, origin, kind, value)


async def test_what_a_brand_says_about_itself_is_not_removed_by_hand(
    database: Database, brands: tuple[Minted, Minted], superuser: psycopg.Connection[Any]
) -> None:
    aurora, _ = brands
    await keep(database, aurora, NAME, "word aurora")
    async with database.begin(aurora.writing) as db:
        [row] = await signals(db)
        assert isinstance(row, BrandSignal)
        with pytest.raises(NoSignal):
            await remove(db, row.id)
