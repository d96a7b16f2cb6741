"""Several contacts of one brand at once: chosen, looked at, done, taken back."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.conversations.bulk.carrying import carry_on
from portavoce.conversations.bulk.models import BulkAction
from portavoce.conversations.models import Interaction
from portavoce.core.scope import Scope
from portavoce.identity.granting import grant
from portavoce.web.desk.bulk import AT_ONCE
from tests.web.desk import house
from tests.web.desk.conftest import Desk
from tests.web.desk.house import DeskBrand
from tests.web.desk.taking import take
from tests.web.desk.test_aside import ahead


async def waiting(desk: Desk, number: int, brand: DeskBrand | None = None) -> list[UUID]:
    at = brand or desk.aurora
    return [(await house.arrive(desk.database, at, customer=f"Gina {each}"))[0] for each in range(number)]


def form(contacts: list[UUID], **fields: str) -> dict[str, Any]:
    return {"contact": [str(each) for each in contacts], "form_key": str(uuid4()), **fields}


def bulk(brand: DeskBrand, rest: str = "") -> str:
    return f"/b/{brand.slug}/bulk{rest}"


async def states(desk: Desk, contacts: list[UUID]) -> list[str]:
    async with desk.database.begin(Scope.reading([desk.aurora.id])) as db:
        return [(await db.get_one(Interaction, (desk.aurora.id, each))).state for each in contacts]


async def test_the_preview_counts_names_who_is_left_out_and_does_nothing(desk: Desk) -> None:
    contacts = [*await waiting(desk, 2), await take(desk, desk.aurora, desk.bruno)]
    choice = await desk.post(bulk(desk.aurora, "/choice"), desk.anna, form(contacts))
    assert 'value="close"' in choice.text
    assert choice.text.count('name="contact"') == 3
    later = ahead(desk, days=1)
    seen = await desk.post(
        bulk(desk.aurora, "/preview"), desk.anna, form(contacts, verb="aside", later=later)
    )
    assert "Metti da parte 2 contatti" in seen.text
    assert "Restano fuori" in seen.text
    assert f'name="later" value="{later}"' in seen.text
    assert await states(desk, contacts) == ["waiting", "waiting", "assigned"]


async def test_a_handful_is_done_before_the_answer_and_undone_as_one(desk: Desk) -> None:
    contacts = await waiting(desk, 3)
    given = form(contacts, verb="aside", later=ahead(desk, days=1))
    done = await desk.post(bulk(desk.aurora), desk.anna, given)
    assert "3 contatti messi da parte" in done.text
    assert "data-finished" in done.text
    assert await states(desk, contacts) == ["snoozed"] * 3
    again = await desk.post(bulk(desk.aurora), desk.anna, given)
    assert "3 contatti messi da parte" in again.text
    [address] = set(re.findall(r'action="([^"]+/undo)"', done.text))
    back = await desk.post(address, desk.anna)
    assert "3 contatti sono tornati" in back.text
    assert await states(desk, contacts) == ["waiting"] * 3


async def test_more_than_a_handful_goes_on_by_itself_and_says_how_far_it_is(desk: Desk) -> None:
    contacts = await waiting(desk, AT_ONCE + 1)
    given = form(contacts, verb="close", outcome="solved", why="Guasto di ieri.")
    begun = await desk.post(bulk(desk.aurora), desk.anna, given)
    assert f"0 di {AT_ONCE + 1} fatti" in begun.text
    [address] = re.findall(r'data-poll="([^"]+)"', begun.text)
    assert await states(desk, contacts) == ["waiting"] * (AT_ONCE + 1)
    await carry_on(desk.database, desk.aurora.id, UUID(address.rpartition("/")[2]))
    ended = await desk.get(address, desk.anna, htmx=True)
    assert f"{AT_ONCE + 1} contatti chiusi" in ended.text
    assert "data-poll" not in ended.text
    assert (await desk.get(address, desk.anna)).headers["location"] == "/desk"


async def test_a_form_with_one_foreign_contact_is_as_if_it_never_existed(desk: Desk) -> None:
    own, foreign = await waiting(desk, 2), await waiting(desk, 1, desk.bosco)
    for wanted in ([*own, *foreign], [*own, uuid4()], [], ["x"]):
        for rest in ("/choice", "/preview", ""):
            given = form(wanted, verb="close", outcome="solved")  # type: ignore[arg-type]  # -- "x" is none
            answer = await desk.post(bulk(desk.aurora, rest), desk.anna, given)
            assert answer.status_code == 404, (wanted, rest)
    for name, value in (("line", desk.bosco.lob_id), ("receiver", desk.anna.aliases[desk.bosco.id])):
        given = form(own, verb="close", outcome="solved", **{name: str(value)})
        assert (await desk.post(bulk(desk.aurora), desk.anna, given)).status_code == 404
    async with desk.database.begin(Scope.reading([desk.aurora.id, desk.bosco.id])) as db:
        assert await db.scalar(select(BulkAction.id)) is None
    assert await states(desk, own) == ["waiting"] * 2


async def test_a_brand_that_is_not_granted_and_somebody_elses_act_are_not_there(desk: Desk) -> None:
    contacts = await waiting(desk, 1)
    given = form(contacts, verb="take")
    await desk.post(bulk(desk.aurora), desk.anna, given)
    address = bulk(desk.aurora, f"/{given['form_key']}")
    assert (await desk.get(address, desk.anna, htmx=True)).status_code == 200
    assert (await desk.get(address, desk.bruno, htmx=True)).status_code == 404
    assert (await desk.post(f"{address}/undo", desk.bruno)).status_code == 404
    assert (
        await desk.get(bulk(desk.bosco, f"/{given['form_key']}"), desk.anna, htmx=True)
    ).status_code == 404
    elsewhere = form(await waiting(desk, 1, desk.bosco), verb="take")
    assert (await desk.post(bulk(desk.bosco), desk.bruno, elsewhere)).status_code == 404
    assert (await desk.post(bulk(desk.aurora), desk.bruno, given)).status_code == 404
    assert await states(desk, contacts) == ["assigned"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"verb": "sing"}, "verb"),
        ({"verb": "aside"}, "later"),
        ({"verb": "aside", "moment": "2020-01-01T09:00"}, "later"),
        ({"verb": "close", "outcome": "nobody knows"}, "outcome"),
        ({"verb": "agent"}, None),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    desk: Desk, fields: dict[str, str], field: str | None
) -> None:
    given = form(await waiting(desk, 1), **fields)
    for rest in ("/preview", ""):
        answer = await desk.post(bulk(desk.aurora, rest), desk.anna, given)
        assert answer.status_code == 422
        assert answer.headers["hx-retarget"] == "#bulk-body"
        assert field is None or f'id="f-{field}-err"' in answer.text


async def test_a_supervisor_on_a_break_moves_what_waits_and_an_agent_does_not(desk: Desk) -> None:
    contacts = await waiting(desk, 1)
    await desk.post("/desk/state", desk.anna, {"state": "aux break"})
    given = form(contacts, verb="close", outcome="solved")
    seen = await desk.post(bulk(desk.aurora, "/preview"), desk.anna, given)
    assert 'id="bulk-do"' not in seen.text
    async with desk.database.begin(desk.aurora.writing) as db:
        await grant(db, desk.anna.person_id, "supervisor", brand_id=desk.aurora.id)
    seen = await desk.post(bulk(desk.aurora, "/preview"), desk.anna, given)
    assert 'id="bulk-do"' in seen.text
    await desk.post(bulk(desk.aurora), desk.anna, given)
    assert await states(desk, contacts) == ["closed"]
