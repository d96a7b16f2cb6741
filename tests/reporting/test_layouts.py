"""A layout is one brand's, shows each part once, and leaves the figures as they are."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.core.db import Database
from portavoce.reporting.errors import BadLayout, NoReport
from portavoce.reporting.layouts import (
    MOST,
    SECTIONS,
    WHOLE,
    Layout,
    end_layout,
    find_layout,
    layouts_of,
    make_layout,
    promise_of,
)
from tests.minting import Minted, mint_brand
from tests.reporting.reading import reading, report

BY = UUID(int=5)


async def made(database: Database, brand: Minted, *sections: str, name: str = "Breve") -> UUID:
    return await database.run(brand.writing, lambda db: make_layout(db, name, sections, [], person_id=BY))


async def test_a_layout_is_read_as_it_was_saved_and_found_until_it_is_removed(
    ledger: Database, aurora: Minted
) -> None:
    layout_id = await made(ledger, aurora, "late", "results")
    async with reading(ledger, aurora) as db:
        assert await layouts_of(db) == [Layout(layout_id, "Breve", ("late", "results"))]
        assert await find_layout(db, layout_id) == Layout(layout_id, "Breve", ("late", "results"))
    for _ in range(2):
        await ledger.run(aurora.writing, lambda db: end_layout(db, layout_id, person_id=BY))
    async with reading(ledger, aurora) as db:
        assert await layouts_of(db) == []
        with pytest.raises(NoReport):
            await find_layout(db, layout_id)
        assert (await find_layout(db, layout_id, even_ended=True)).name == "Breve"


async def test_another_brands_layout_is_not_there(ledger: Database, aurora: Minted) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    layout_id = await made(ledger, bosco, *SECTIONS)
    async with reading(ledger, aurora) as db:
        assert await layouts_of(db) == []
        with pytest.raises(NoReport):
            await find_layout(db, layout_id)
    with pytest.raises(NoReport):
        await ledger.run(aurora.writing, lambda db: end_layout(db, layout_id, person_id=BY))


@pytest.mark.parametrize("sections", [(), ("late", "late"), ("late", "salary")])
async def test_what_shows_nothing_or_something_twice_is_refused(
    ledger: Database, aurora: Minted, sections: tuple[str, ...]
) -> None:
    with pytest.raises(BadLayout):
        await made(ledger, aurora, *sections)


async def test_a_brand_has_so_many_and_no_more(ledger: Database, aurora: Minted) -> None:
    for _ in range(MOST):
        await made(ledger, aurora, "late")
    with pytest.raises(BadLayout):
        await made(ledger, aurora, "late")


async def test_promises_are_shown_by_what_they_are_and_not_by_their_version(
    ledger: Database, aurora: Minted
) -> None:
    [clause] = (await report(ledger, aurora)).clauses
    assert WHOLE.shows(clause)
    assert Layout(promises=frozenset({promise_of(clause)})).shows(clause)
    assert not Layout(promises=frozenset({"another"})).shows(clause)
