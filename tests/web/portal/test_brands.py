from __future__ import annotations

from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import House


async def test_a_person_of_one_brand_goes_straight_to_it(house: House, carla: Visit) -> None:
    found = await carla.get("/portal")
    assert (found.status_code, found.headers["location"]) == (303, f"/portal/{house.aurora.slug}")


async def test_a_person_of_several_brands_chooses_among_their_own(house: House, carla: Visit) -> None:
    both = await sign_in(house.database, carla.client, house.bosco, house.aurora)
    found = await both.get("/portal")
    assert found.status_code == 200
    assert found.text.index(house.aurora.slug) < found.text.index(house.bosco.slug)
    report = await both.get(f"/portal/{house.bosco.slug}/2026-03")
    assert "Your brands" in report.text


async def test_who_holds_no_portal_grant_finds_nothing(house: House, carla: Visit) -> None:
    for role in ("agent", "supervisor", "admin"):
        visit = await sign_in(house.database, carla.client, house.aurora, role=role)
        for url in (
            "/portal",
            f"/portal/{house.aurora.slug}",
            f"/portal/{house.aurora.slug}/2026-03/received",
        ):
            assert (await visit.get(url)).status_code == 404


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page(house: House, carla: Visit) -> None:
    stranger = Visit(carla.client, "", carla.person_id)
    for url in ("/portal", f"/portal/{house.aurora.slug}/2026-03"):
        assert (await stranger.get(url)).status_code == 401
        led = await stranger.get(url, accept="text/html")
        assert (led.status_code, led.headers["location"]) == (303, f"/sign-in?next={url}")


async def test_a_grant_at_the_client_opens_its_brands(house: House, carla: Visit) -> None:
    visit = await sign_in(house.database, carla.client)
    assert (await visit.get("/portal")).status_code == 404
    async with house.database.begin(HOUSE) as db:
        await grant(db, visit.person_id, "client_approver", client_id=house.aurora.client_id)
    assert (await visit.get(f"/portal/{house.aurora.slug}/2026-03")).status_code == 200
    assert (await visit.get(f"/portal/{house.bosco.slug}/2026-03")).status_code == 404
