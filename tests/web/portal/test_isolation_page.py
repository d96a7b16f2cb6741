"""What last night's attempts came to, for the client to read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.audit.isolation import Failure, Found, keep
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import House

CLEAN = Found({"database": 117, "pages": 40, "elsewhere": 20, "crossed": 10}, [])
TORN = Found(CLEAN.attempts, [Failure("pages", "GET /b/{brand}/attachments/{attachment_id}")])


async def spent(house: House, *found: Found) -> None:
    """The last nights of Aurora, the newest last; Bosco's were all torn."""
    for ago, each in enumerate(reversed(found)):
        night = house.clock.now().date() - timedelta(days=ago)
        for brand, result in ((house.aurora, each), (house.bosco, TORN)):
            async with house.database.begin(brand.writing) as db:
                await keep(db, night, result)


async def test_before_the_first_night_it_says_so(house: House, carla: Visit) -> None:
    page = await carla.get(f"/portal/{house.aurora.slug}/isolation")
    assert page.status_code == 200
    assert "No night yet" in page.text
    assert "Attempts" not in page.text


async def test_a_clean_night_is_told_with_its_numbers(house: House, carla: Visit) -> None:
    await spent(house, CLEAN, CLEAN, CLEAN)
    page = (await carla.get(f"/portal/{house.aurora.slug}/isolation")).text
    assert page.count("All refused") == 1 + 4 + 3
    assert "187" in page
    assert "Under another brand's address" in page
    assert "alert--" not in page


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["1 attempt was not refused", "answered otherwise than for what does not exist"]),
        ("it", ["1 tentativo non è stato respinto", "ha risposto diversamente che per ciò che non esiste"]),
    ],
)
async def test_a_failure_is_said_in_words(house: House, carla: Visit, locale: str, words: list[str]) -> None:
    await spent(house, CLEAN, TORN)
    page = (await carla.get(f"/portal/{house.aurora.slug}/isolation", locale=locale)).text
    assert all(each in page for each in words)
    assert "GET /b/{brand}/attachments/{attachment_id}" in page


async def test_a_result_that_is_late_is_told(house: House, carla: Visit) -> None:
    house.clock.advance(-timedelta(days=2))
    await spent(house, CLEAN)
    house.clock.advance(timedelta(days=2))
    assert "older than a day" in (await carla.get(f"/portal/{house.aurora.slug}/isolation")).text
