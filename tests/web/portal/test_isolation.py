"""Carla, who looks at Aurora, with Bosco's contacts present that could leak."""

from __future__ import annotations

import pytest

from portavoce.reporting.month import FIGURES
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import House
from tests.web.portal.test_figures import listed


def addresses(house: House) -> list[str]:
    bosco = f"/portal/{house.bosco.slug}"
    figures = [f"{bosco}/2026-03/{figure}{suffix}" for figure in FIGURES for suffix in ("", ".csv")]
    return [
        bosco,
        f"{bosco}?month=2026-03",
        f"{bosco}/2026-03",
        *figures,
        f"{bosco}/contacts/{house.bosco_contacts[0]}",
    ]


async def test_nothing_of_another_brand_exists(house: House, carla: Visit) -> None:
    ugo = await sign_in(house.database, carla.client, house.bosco)
    for url in addresses(house):
        refused, unknown = await carla.get(url), await carla.get(url.replace(house.bosco.slug, "nobody-1234"))
        assert refused.status_code == unknown.status_code == 404
        assert refused.text == unknown.text
        assert (await ugo.get(url)).status_code in (200, 303)


async def test_a_contact_of_another_brand_does_not_exist_under_ones_own(house: House, carla: Visit) -> None:
    for theirs in house.bosco_contacts:
        assert (await carla.get(f"/portal/{house.aurora.slug}/contacts/{theirs}")).status_code == 404
    for ours in house.aurora_contacts:
        assert (await carla.get(f"/portal/{house.aurora.slug}/contacts/{ours}")).status_code == 200


@pytest.mark.parametrize("figure", FIGURES)
async def test_lists_and_files_hold_ones_own_contacts_only(house: House, carla: Visit, figure: str) -> None:
    url = f"/portal/{house.aurora.slug}/2026-03/{figure}"
    page, file = await carla.get(url), await carla.get(f"{url}.csv")
    assert set(listed(page.text)) <= {str(each) for each in house.aurora_contacts}
    for theirs in (*map(str, house.bosco_contacts), house.bosco.slug, str(house.bosco.id), "Bosco"):
        assert theirs not in page.text + file.text + str(page.headers) + str(file.headers)


async def test_the_colours_served_are_those_of_ones_own_brands(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03")
    assert house.bosco.slug not in found.text + str(found.headers)


async def test_a_line_or_clause_of_another_brand_is_no_part_of_ones_own(house: House, carla: Visit) -> None:
    url = f"/portal/{house.aurora.slug}/2026-03/received"
    assert (await carla.get(f"{url}?lob={house.bosco.lob_id}")).status_code == 404
    assert (await carla.get(f"{url}?lob={house.aurora.lob_id}")).status_code == 200
