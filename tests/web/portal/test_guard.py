"""The guard's figures open to exactly their rows, on the page and in the file."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from portavoce.ledger.facts import record
from portavoce.reporting.observing.following import catch_up
from tests.database import NOON
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import HOUR, House

ROW = re.compile(r'<a class="link" href="[^"]*/contacts/([0-9a-f-]{36})\?')


@pytest.fixture
async def guarded(house: House) -> House:
    """Two near misses and one false alarm beside four answers sent."""
    forms = [uuid4() for _ in range(3)]
    async with house.database.begin(house.aurora.writing) as db:
        for n, form in enumerate(forms):
            record(
                db, "guard.stopped", at=NOON + n * HOUR, interaction_id=house.aurora_contacts[n],
                brand_agent_id=house.anna, kinds=["domain", "phone"], form=str(form), reason=None,
            )  # fmt: skip
        record(
            db, "guard.overridden", at=NOON + 3 * HOUR, interaction_id=house.aurora_contacts[2],
            brand_agent_id=house.anna, kinds=["domain"], form=str(forms[2]), reason="quotation",
        )  # fmt: skip
    await catch_up(house.database, house.aurora.id)
    return house


async def test_the_month_shows_both_figures_and_what_they_are_taken_of(guarded: House, carla: Visit) -> None:
    page = (await carla.get(f"/portal/{guarded.aurora.slug}/2026-03")).text
    assert re.search(r'/guard/near-misses\?[^"]*">2</a>', page)
    assert re.search(r'/guard/sent-anyway\?[^"]*">1</a>', page)
    assert "500 per 1,000" in page
    assert "4 answers sent" in page


@pytest.mark.parametrize(
    ("acts", "contacts"), [("near-misses", [0, 1]), ("sent-anyway", [2]), ("answers", [0, 1, 2, 4])]
)
async def test_a_figure_opens_to_exactly_its_rows(
    guarded: House, carla: Visit, acts: str, contacts: list[int]
) -> None:
    page = (await carla.get(f"/portal/{guarded.aurora.slug}/2026-03/guard/{acts}")).text
    assert f": {len(contacts)}</h1>" in page
    assert sorted(ROW.findall(page)) == sorted(str(guarded.aurora_contacts[n]) for n in contacts)


async def test_the_file_has_the_rows_of_the_page(guarded: House, carla: Visit) -> None:
    url = f"/portal/{guarded.aurora.slug}/2026-03/guard"
    file = (await carla.get(f"{url}/near-misses.csv")).content.decode("utf-8-sig").splitlines()[1:]
    assert [line.rsplit(",", 1)[1] for line in file] == [str(each) for each in guarded.aurora_contacts[:2]]
    assert (await carla.get(f"{url}/answers.csv")).status_code == 404


@pytest.mark.parametrize("rest", ["nothing", "answers?page=2", "answers?page=0", "answers?page=x", "near-misses?page=9"])  # fmt: skip
async def test_what_a_month_does_not_have_is_404(guarded: House, carla: Visit, rest: str) -> None:
    found = await carla.get(f"/portal/{guarded.aurora.slug}/2026-03/guard/{rest}")
    assert found.status_code == 404


async def test_a_contact_tells_what_the_guard_did(guarded: House, carla: Visit) -> None:
    page = await carla.get(f"/portal/{guarded.aurora.slug}/contacts/{guarded.aurora_contacts[2]}")
    assert "Answer held back by the guard" in page.text
    assert "Sent anyway, with a reason" in page.text
