"""How the client's own back office answered: each number opens to exactly its questions, on the page and in the file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from portavoce.ledger.facts import record
from portavoce.reporting.observing.following import catch_up
from tests.database import NOON
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import HOUR, House

ROW = re.compile(r'<a class="link" href="[^"]*/contacts/([0-9a-f-]{36})\?')


@pytest.fixture
async def asked(house: House) -> House:
    """About the first two contacts in time, about the third late, about the fourth without a target."""
    async with house.database.begin(house.aurora.writing) as db:
        for n, (due, took) in enumerate([(4, 1), (4, 4), (4, 6), (None, 6)]):
            told: dict[str, Any] = {
                "interaction_id": house.aurora_contacts[n],
                "request": uuid4(),
                "due": None if due is None else NOON + due * HOUR,
            }
            record(db, "back_office.asked", at=NOON, brand_agent_id=house.anna, **told)
            record(db, "back_office.answered", at=NOON + timedelta(hours=took), actor="client", **told)
    await catch_up(house.database, house.aurora.id)
    return house


async def test_the_month_shows_the_number_and_what_it_is_taken_of(asked: House, carla: Visit) -> None:
    page = (await carla.get(f"/portal/{asked.aurora.slug}/2026-03")).text
    assert re.search(r'/questions/in-time\?[^"]*">2</a>', page)
    assert "66.67%" in page
    assert re.search(r'/questions/decided\?[^"]*">3 decided questions</a>', page)
    assert re.search(r'/questions/asked\?[^"]*">4 questions asked</a>', page)


async def test_a_month_without_a_question_shows_no_number_of_them(house: House, carla: Visit) -> None:
    assert "/questions/" not in (await carla.get(f"/portal/{house.aurora.slug}/2026-03")).text


@pytest.mark.parametrize(
    ("ends", "contacts"),
    [("asked", [0, 1, 2, 3]), ("in-time", [0, 1]), ("late", [2]), ("decided", [0, 1, 2])],
)
async def test_a_number_opens_to_exactly_its_questions(
    asked: House, carla: Visit, ends: str, contacts: list[int]
) -> None:
    here = f"/portal/{asked.aurora.slug}/2026-03/questions/{ends}"
    page, wanted = (await carla.get(here)).text, [str(asked.aurora_contacts[n]) for n in contacts]
    assert f": {len(contacts)}</h1>" in page
    assert ROW.findall(page) == wanted
    file = (await carla.get(f"{here}.csv")).content.decode("utf-8-sig").splitlines()[1:]
    assert [line.rsplit(",", 1)[1] for line in file] == wanted


@pytest.mark.parametrize("rest", ["nothing", "nothing.csv", "met"])
async def test_what_a_month_does_not_have_is_404(asked: House, carla: Visit, rest: str) -> None:
    found = await carla.get(f"/portal/{asked.aurora.slug}/2026-03/questions/{rest}")
    assert found.status_code == 404


async def test_a_contact_tells_who_was_asked_and_who_answered(asked: House, carla: Visit) -> None:
    page = (await carla.get(f"/portal/{asked.aurora.slug}/contacts/{asked.aurora_contacts[0]}")).text
    assert "Question to the client" in page
    assert "Answer of the client" in page
