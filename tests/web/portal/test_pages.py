"""Every page of a brand leads to its others, and says where one is."""

from __future__ import annotations

import re

from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import House

MARKED = re.compile(r'<a href="([^"]+)" aria-current="page">')


async def test_the_places_of_a_brand_are_linked_and_the_present_one_is_marked(
    house: House, carla: Visit
) -> None:
    home = f"/portal/{house.aurora.slug}"
    marks = {"/2026-03": [home], "/isolation": [f"{home}/isolation"], "/2026-03/received": []}
    for place, marked in marks.items():
        page = (await carla.get(home + place)).text
        assert MARKED.findall(page) == marked
        assert f'href="{home}/isolation"' in page
