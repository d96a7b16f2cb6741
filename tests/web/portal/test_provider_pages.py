"""SEC-06: a client's person asks for what is the provider's, of the very brand they read: nothing of it exists for them."""

from __future__ import annotations

import re
from uuid import UUID

from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import House
from tests.web.routes_page import unconnected_app

OURS = ("/b/", "/desk", "/admin", "/s", "/sent")
"""Where the provider's people work."""
PLACE = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")


def addresses(slug: str) -> set[str]:
    """Every page of the provider's surfaces, with this brand and rows that nobody has."""
    found = {
        PLACE.sub(lambda part: slug if part[1] == "brand" else str(UUID(int=7)), route.path)
        for route in unconnected_app().routes
        if "GET" in getattr(route, "methods", ())
    }
    return {
        each for each in found if any(each == our or each.startswith(f"{our.rstrip('/')}/") for our in OURS)
    }


async def test_no_page_of_the_provider_exists_for_who_reads_for_the_client(
    house: House, carla: Visit
) -> None:
    asked = sorted(addresses(house.aurora.slug))
    assert len(asked) > 60
    for role in ("client_viewer", "client_approver"):
        visit = await sign_in(house.database, carla.client, house.aurora, role=role)
        for url in asked:
            found = await visit.get(url)
            assert (found.status_code, role, url) == (404, role, url)
            assert house.bosco.slug not in found.text


async def test_pages_that_may_be_read_name_no_other_brand_and_no_person_of_the_provider(
    house: House, carla: Visit
) -> None:
    for url in ("", "/2026-03", "/2026-03/received", "/relief", "/isolation", "/feeds"):
        found = await carla.get(f"/portal/{house.aurora.slug}{url}")
        page = found.text if found.status_code == 200 else ""
        assert page or found.status_code == 303, url
        for hidden in (house.bosco.slug, str(house.bosco.id), "Bosco", "Anna"):
            assert hidden not in page, (url, hidden)
