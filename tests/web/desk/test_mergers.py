"""Two contacts of one customer put together at the desk, and parted again."""

from __future__ import annotations

import json
from uuid import UUID

from tests.web.desk import house
from tests.web.desk.conftest import Desk, url


async def pair(desk: Desk) -> tuple[UUID, UUID]:
    """Gina's first contact in Anna's hands, her second waits."""
    first, _ = await house.arrive(desk.database, desk.aurora, "Perde acqua.", subject="Macchina")
    second, _ = await house.arrive(desk.database, desk.aurora, "E fischia.", subject="Ancora")
    await desk.post(url(desk.aurora, first, "/claim"), desk.anna)
    return first, second


async def test_it_is_offered_where_the_customer_has_another_open_contact(desk: Desk) -> None:
    first, second = await pair(desk)
    page = (await desk.get(url(desk.aurora, first), desk.anna)).text
    assert 'data-open="merger"' in page
    assert f'name="interaction" value="{second}"' in page
    lonely, _ = await house.arrive(desk.database, desk.aurora, customer="Ugo Neri")
    await desk.post(url(desk.aurora, lonely, "/claim"), desk.anna)
    assert 'data-open="merger"' not in (await desk.get(url(desk.aurora, lonely), desk.anna)).text


async def test_both_are_read_in_one_the_other_leads_there_and_the_toast_leads_back(desk: Desk) -> None:
    first, second = await pair(desk)
    done = await desk.post(url(desk.aurora, first, "/merger"), desk.anna, {"interaction": str(second)})
    assert done.headers["hx-push-url"] == url(desk.aurora, first)
    assert "E fischia." in done.text
    assert "da: Ancora" in done.text
    assert "da: Macchina" not in done.text
    toast = json.loads(done.headers["hx-trigger"])["toast"]
    other = (await desk.get(url(desk.aurora, second), desk.anna)).text
    assert f'href="{url(desk.aurora, first)}"' in other
    assert "/reopening" not in other
    back = await desk.post(toast["url"], desk.anna)
    assert back.status_code == 200
    assert "E fischia." not in back.text.partition('id="chat"')[2].partition("</ol>")[0]
    assert f'id="qi-{second}"' in (await desk.get("/desk", desk.anna)).text


async def test_what_cannot_be_is_said_in_the_dialog_and_what_is_foreign_never_existed(desk: Desk) -> None:
    first, _ = await pair(desk)
    stranger, _ = await house.arrive(desk.database, desk.aurora, customer="Ugo Neri")
    foreign, _ = await house.arrive(desk.database, desk.bosco)
    here = url(desk.aurora, first, "/merger")
    for given in ({"interaction": str(stranger)}, {"interaction": ""}):
        answer = await desk.post(here, desk.anna, given)
        assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#merger-form")
        assert 'id="f-interaction-err"' in answer.text
    assert (await desk.post(here, desk.anna, {"interaction": str(foreign)})).status_code == 404
    assert (await desk.post(f"{here}/undo", desk.anna)).status_code == 404
