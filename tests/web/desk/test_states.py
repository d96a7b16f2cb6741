"""What an agent asks to be."""

from __future__ import annotations

import pytest

from tests.web.desk.conftest import Desk
from tests.web.desk.house import headers_of
from tests.web.desk.taking import take


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("aux meal", "Pasto"),
        ("acw", "Lavoro dopo contatto"),
        ("offline", "Fuori turno"),
        ("ready", "Disponibile"),
    ],
)
async def test_a_state_is_chosen_from_the_menu(desk: Desk, asked: str, named: str) -> None:
    answer = await desk.post("/desk/state", desk.anna, {"state": asked})
    assert answer.status_code == 200
    button = answer.text.partition("</button>")[0]
    assert named in button


async def test_work_in_hand_stays_the_state_until_it_is_done(desk: Desk) -> None:
    await take(desk, desk.aurora, desk.anna)
    answer = await desk.post("/desk/state", desk.anna, {"state": "aux break"})
    assert "In lavorazione" in answer.text.partition("</button>")[0]


@pytest.mark.parametrize("asked", ["", "asleep", "aux", "aux holiday"])
async def test_a_state_outside_the_list_is_refused(desk: Desk, asked: str) -> None:
    assert (await desk.post("/desk/state", desk.anna, {"state": asked})).status_code == 422


async def test_put_and_a_form_without_scripts_do_the_same(desk: Desk) -> None:
    cookie = {"Cookie": f"portavoce={desk.anna.cookie}"}
    headers = {**headers_of(desk.settings, desk.anna), **cookie}
    put = await desk.client.put("/desk/state", headers=headers, data={"state": "acw"})
    assert put.status_code == 200
    assert (await desk.post("/desk/state", desk.anna, {"state": "ready"}, htmx=False)).status_code == 303
