"""Which version is past, in force or to come, and whose clauses stand under which."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from litestar import Request

from portavoce.contracts.drafting import open_draft, set_terms
from portavoce.contracts.publishing import publish
from portavoce.contracts.reading import draft_row
from portavoce.core.paths import frontend_dir
from portavoce.core.scope import Scope
from portavoce.core.walls import APP
from portavoce.web.admin.contract_views import ContractView, read_contract_view, terms_form
from portavoce.web.templating import make_templates
from tests.contracts.writing import write
from tests.floor import Floor
from tests.reporting.reading import counting


def reader() -> Request[Any, Any, Any]:
    """All that the words of a page are found by."""
    state = SimpleNamespace(templates=make_templates(frontend_dir()))
    asked = SimpleNamespace(app=SimpleNamespace(state=state), state={"locale": "en"}, cookies={}, headers={})
    return cast("Request[Any, Any, Any]", asked)


async def seen(floor: Floor) -> ContractView:
    async with floor.database.begin(Scope.reading({floor.aurora.id})) as db:
        return await read_contract_view(reader(), db)


async def test_each_version_says_its_time_its_author_and_its_clauses(floor: Floor) -> None:
    await floor.do(open_draft, by=floor.world.elena)
    await write(floor)
    await floor.do(publish, floor.clock.now() + timedelta(hours=1), by=floor.world.elena)
    view = await seen(floor)
    assert [(each.row.number, each.time, len(each.clauses)) for each in view.versions] == [
        (2, "coming", 2),
        (1, "present", 1),
    ]
    assert (view.latest.by != "", view.versions[1].by, view.draft) == (True, "", None)
    floor.clock.advance(timedelta(hours=1))
    view = await seen(floor)
    assert [each.time for each in view.versions] == ["present", "past"]
    assert view.present is view.latest


async def test_the_page_asks_as_often_of_many_versions_as_of_one(floor: Floor) -> None:
    """Versions, draft, clauses of all of them, those of the draft, names of people."""
    await floor.do(open_draft, by=floor.world.elena)
    for hours in (1, 2, 3):
        await floor.do(publish, floor.clock.now() + timedelta(hours=hours), by=floor.world.elena)
        await floor.do(open_draft, by=floor.world.elena)
        await write(floor)
    with counting(floor.database, APP) as asked:
        view = await seen(floor)
    assert len(view.versions) == 4
    assert len(asked) == 5


async def test_fee_and_caps_of_a_draft_are_written_as_people_type_them(floor: Floor) -> None:
    await floor.do(open_draft)
    await floor.do(
        set_terms, fee_cents=180_050, credit_cap_bp=1_250, bonus_cap_bp=None, relief_silence_days=10
    )
    draft = await floor.do(draft_row)
    assert draft is not None
    assert terms_form(draft) == {
        "fee": "1800.50",
        "credit_cap": "12.5",
        "bonus_cap": "",
        "relief_silence": "10",
    }
