"""How a brand's contacts end, kept by its administrators."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.brands.lines import LineSettings, settings_of
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.choices import OUTCOME, REASON, Choice, Node, tree
from portavoce.conversations.line_rules import line_rules
from portavoce.core.scope import Scope
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


def here(brand: Added, rest: str = "wrap-up") -> str:
    return f"/admin/b/{brand.slug}/{rest}"


async def lob_of(the_site: Site, brand: Added) -> UUID:
    async with the_site.database.begin(Scope.reading([brand.id])) as db:
        return (await db.scalars(select(LineOfBusiness.id))).one()


async def nodes(the_site: Site, brand: Added) -> tuple[Node, ...]:
    lob = await lob_of(the_site, brand)
    async with the_site.database.begin(Scope.reading([brand.id])) as db:
        return (await line_rules(db, lob)).nodes


async def offered(the_site: Site, brand: Added, kind: str = OUTCOME) -> tuple[Choice, ...]:
    return tree(await nodes(the_site, brand), kind)


async def add(the_site: Site, admin: Browser, brand: Added, label: str, **more: str) -> UUID:
    form = {"lob_id": str(await lob_of(the_site, brand)), "kind": OUTCOME, "label": label, **more}
    answer = await admin.fill(here(brand), form, to=here(brand, "choices"))
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].endswith("&saved=1")
    return max(each.id for each in await nodes(the_site, brand))


async def test_a_tree_is_grown_renamed_ordered_and_retired(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    returned = await add(the_site, sara, aurora, "Reso <b>")
    below = await add(the_site, sara, aurora, "Taglia sbagliata", parent_id=str(returned))
    page = (await sara.get(here(aurora))).text
    assert "Reso &lt;b&gt;" in page
    assert "taglia_sbagliata" in page
    changed = {"label": "Reso avviato", "position": "1"}
    assert (await sara.post(here(aurora, f"choices/{returned}"), changed)).status_code == 303
    first = (await offered(the_site, aurora))[0]
    assert (first.label, [each.label for each in first.below]) == ("Reso avviato", ["Taglia sbagliata"])
    assert (await sara.post(here(aurora, f"choices/{below}/retirement"))).status_code == 303
    assert (await offered(the_site, aurora))[0].below == ()
    assert "Not offered any more" in (await sara.get(here(aurora))).text
    assert (await sara.post(here(aurora, f"choices/{below}/retirement/undo"))).status_code == 303
    assert len((await offered(the_site, aurora))[0].below) == 1


async def test_reasons_are_a_tree_of_their_own(the_site: Site, sara: Browser, aurora: Added) -> None:
    assert "Nothing yet" in (await sara.get(here(aurora))).text
    await add(the_site, sara, aurora, "Pacco", kind=REASON)
    assert [each.label for each in await offered(the_site, aurora, REASON)] == ["Pacco"]
    assert "Pacco" not in [each.label for each in await offered(the_site, aurora)]
    assert "Nothing yet" not in (await sara.get(here(aurora))).text


async def test_how_a_line_works_is_set_and_shown(the_site: Site, sara: Browser, aurora: Added) -> None:
    lob = await lob_of(the_site, aurora)
    wished = {
        "lob_id": str(lob),
        "work_mode": "free",
        "reason_required": "on",
        "acw_mode": "timed",
        "acw_s": "45",
        "approval": "sensitive",
    }
    assert (await sara.fill(here(aurora), wished)).status_code == 303
    async with the_site.database.begin(Scope.reading([aurora.id])) as db:
        assert await settings_of(db, lob) == LineSettings("free", True, "timed", 45, "sensitive")
    page = (await sara.get(here(aurora, f"wrap-up?lob={lob}&saved=1"))).text
    for value in ("free", "timed", "sensitive"):
        assert f'value="{value}" checked' in page
    assert 'value="45"' in page
    refused = await sara.post(here(aurora), {**wished, "acw_s": "5"})
    assert refused.status_code == 422
    assert 'value="5"' in refused.text
    assert 'id="f-acw_s-err"' in refused.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"label": "x" * 41}, "Shorten this text to 40 characters."),
        ({"label": ""}, "Fill in this field."),
        ({"label": "solved"}, "This list has a choice of this name already."),
        ({"parent_id": "01980000-0000-7000-8000-000000000000"}, "Choose one of the options shown."),
    ],
)
async def test_what_cannot_be_added_is_said_beside_its_field(
    the_site: Site, sara: Browser, aurora: Added, given: dict[str, str], said: str
) -> None:
    form = {"lob_id": str(await lob_of(the_site, aurora)), "kind": OUTCOME, "label": "Nuovo", **given}
    answer = await sara.fill(here(aurora), form, to=here(aurora, "choices"))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["label"]}"' in answer.text
    assert len(await offered(the_site, aurora)) == 6


async def test_a_change_that_cannot_be_is_said_where_it_was_tried(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    solved, *others = await offered(the_site, aurora)
    await sara.get(here(aurora))
    for wrong in ({"label": "", "position": "1"}, {"label": "Solved 2", "position": "0"}):
        answer = await sara.post(here(aurora, f"choices/{solved.id}"), wrong)
        assert answer.status_code == 422
        assert re.search(r"<details[^>]* open>", answer.text)
    for each in others:
        await sara.post(here(aurora, f"choices/{each.id}/retirement"))
    last = await sara.post(here(aurora, f"choices/{solved.id}/retirement"))
    assert last.status_code == 422
    assert "One outcome has to stay" in last.text
    assert [each.label for each in await offered(the_site, aurora)] == ["Solved"]


async def test_another_brands_line_and_choices_are_not_there(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    theirs = await add(the_site, admin, bosco, "Loro")
    lob = await lob_of(the_site, bosco)
    assert (await sara.get(here(bosco))).status_code == 404
    assert (await sara.get(here(aurora, f"wrap-up?lob={lob}"))).status_code == 404
    await sara.get(here(aurora))
    settings = {"lob_id": str(lob), "work_mode": "free", "acw_mode": "off", "acw_s": "60"}
    for rest, typed in (
        ("wrap-up", settings),
        ("choices", {"lob_id": str(lob), "kind": OUTCOME, "label": "x"}),
        (f"choices/{theirs}", {"label": "x", "position": "1"}),
        (f"choices/{theirs}/retirement", {}),
        (f"choices/{theirs}/retirement/undo", {}),
    ):
        assert (await sara.post(here(aurora, rest), typed)).status_code == 404, rest
    assert "Loro" in [each.label for each in await offered(the_site, bosco)]
