"""What a contract and its draft are shown as, and what the draft changes."""

from __future__ import annotations

import pytest

from portavoce.contracts.drafting import open_draft, remove_clause
from portavoce.contracts.errors import NoClause
from portavoce.contracts.reading import (
    changes,
    clauses_of,
    draft_clause,
    draft_clauses,
    draft_row,
    versions,
)
from tests.contracts.writing import published, write
from tests.floor import Floor


async def test_a_draft_says_what_it_adds_changes_and_leaves_out(floor: Floor) -> None:
    await published(floor)
    await floor.do(open_draft)
    first, resolution = await floor.do(draft_clauses)
    (latest, _) = sorted(await floor.do(versions), key=lambda each: -each.number)
    before = await floor.do(clauses_of, latest.id)
    assert not changes(before, [first, resolution])
    await floor.do(remove_clause, first.id)
    await write(floor, resolution.id, threshold_s=60, calendar_id=first.calendar_id)
    added = await write(floor, metric="next_response")
    found = changes(before, await floor.do(draft_clauses))
    assert [each.id for each in found.added] == [added]
    assert [(was.target_s, now.target_s, now.calendar) for was, now in found.changed] == [
        (86_400, 60, "Opening hours")
    ]
    assert [each.metric for each in found.gone] == ["first_response"]


async def test_a_clause_of_another_brand_is_not_there(floor: Floor) -> None:
    await floor.do(open_draft)
    (own,) = await floor.do(draft_clauses)
    assert (await floor.do(draft_clause, own.id)).lob == "Customer care"
    async with floor.database.begin(floor.world.bosco.writing) as db:
        assert await draft_row(db) is None
        with pytest.raises(NoClause):
            await draft_clause(db, own.id)
