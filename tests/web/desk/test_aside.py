"""Putting a contact aside, and what the desk then shows."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take


def ahead(desk: Desk, **by: float) -> str:
    at = desk.database.clock.now() + timedelta(**by)
    return f"{at.astimezone(ZoneInfo('Europe/Rome')):%Y-%m-%dT%H:%M}"


async def test_it_leaves_the_hand_for_a_list_of_its_own_with_the_way_back(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    given = {"kind": "snoozed", "until": ahead(desk, days=1)}
    answer = await desk.post(f"{here}/aside", desk.anna, given)
    assert answer.headers["hx-push-url"] == "/desk"
    toast = json.loads(answer.headers["hx-trigger"])["toast"]
    assert (toast["event"], toast["url"]) == ("undo", f"{here}/claim")
    page = (await desk.get("/desk", desk.anna)).text
    assert f'id="aside-{interaction}"' in page
    assert f'id="my-{interaction}"' not in page
    assert f'id="qi-{interaction}"' not in page
    shown = (await desk.get(here, desk.bruno)).text
    assert 'id="takebar"' in shown
    assert "Anna" in shown
    back = await desk.post(toast["url"], desk.anna)
    assert 'id="composers"' in back.text
    assert f'id="my-{interaction}"' in (await desk.get("/desk", desk.anna)).text


async def test_another_moment_wins_over_those_offered_and_a_browser_without_scripts_is_led_home(
    desk: Desk,
) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    given = {"kind": "snoozed", "until": "2020-01-01T09:00", "at": ahead(desk, days=2)}
    answer = await desk.post(url(desk.aurora, interaction, "/aside"), desk.anna, given, htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


async def test_no_moment_one_gone_and_no_question_are_refused_in_the_dialog(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    address = url(desk.aurora, interaction, "/aside")
    for given, field in (
        ({"kind": "snoozed"}, "until"),
        ({"kind": "snoozed", "until": ahead(desk, hours=-1)}, "until"),
        ({"kind": "pending", "until": ahead(desk, days=1)}, "kind"),
        ({"kind": "", "until": ahead(desk, days=1)}, "kind"),
    ):
        answer = await desk.post(address, desk.anna, given)
        assert answer.status_code == 422, given
        assert f'id="f-{field}-err"' in answer.text
        assert answer.headers["hx-retarget"] == "#aside-form"
    assert f'id="my-{interaction}"' in (await desk.get("/desk", desk.anna)).text


async def test_after_a_question_it_may_wait_for_the_answer(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    question = desk.writing(desk.aurora, interaction, "Quale modello ha?")
    await desk.post(url(desk.aurora, interaction, "/messages"), desk.anna, question)
    given = {"kind": "pending", "until": ahead(desk, days=7)}
    assert (await desk.post(url(desk.aurora, interaction, "/aside"), desk.anna, given)).status_code == 200
    assert f'id="aside-{interaction}"' in (await desk.get("/desk", desk.anna)).text
