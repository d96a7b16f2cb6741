"""Who is let in where: grants are read anew each time, and what is not granted does not exist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from portavoce.core.errors import NotFound
from portavoce.core.scope import HOUSE
from portavoce.identity.granting import Granted, grant, revoke
from portavoce.identity.models import AccessGrant
from portavoce.web.access import ADMIN_ROLES, DESK_ROLES, Actor
from tests.minting import mint_brand
from tests.web.browsing import Browser, Site

AURORA, BOSCO = UUID(int=1), UUID(int=2)
ANNA = Actor(
    person_id=UUID(int=9),
    session_id="s",
    name="Anna",
    email="anna@voxa.example",
    locale="it",
    client_id=None,
    grants=(Granted(UUID(int=9), AURORA, "aurora", "agent"), Granted(UUID(int=9), BOSCO, "bosco", "admin")),
    house_admin=False,
)


def test_a_role_counts_where_it_was_given() -> None:
    assert ANNA.brands(DESK_ROLES) == {AURORA}
    assert ANNA.granted("bosco", ADMIN_ROLES).brand_id == BOSCO


@pytest.mark.parametrize("slug", ["bosco", "nowhere", "", "AURORA"])
def test_without_the_role_the_brand_does_not_exist(slug: str) -> None:
    with pytest.raises(NotFound):
        ANNA.granted(slug, DESK_ROLES)


async def test_a_grant_taken_away_is_over_with_the_next_request(the_site: Site, browser: Browser) -> None:
    brand = await mint_brand(the_site.database)
    sara = await the_site.person("admin", brand=brand.id)
    await browser.sign_in(sara.email)
    assert (await browser.get("/admin")).status_code == 200
    async with the_site.database.begin(HOUSE) as db:
        grant_id = (await db.scalars(select(AccessGrant.id).where(AccessGrant.person_id == sara.id))).one()
        await revoke(db, grant_id)
    assert (await browser.get("/admin")).status_code == 404
    async with the_site.database.begin(HOUSE) as db:
        await grant(db, sara.id, "admin", brand_id=brand.id)
    assert (await browser.get("/admin")).status_code == 200


async def test_each_role_sees_its_own_surface_and_no_other(the_site: Site) -> None:
    brand = await mint_brand(the_site.database)
    homes = {"agent": "/desk", "supervisor": "/desk", "client_viewer": "/portal", "admin": "/admin"}
    for role, home in homes.items():
        employer = brand.client_id if role.startswith("client") else None
        one = await the_site.person(role, brand=brand.id, client_id=employer)
        async with the_site.browser() as hers:
            await hers.sign_in(one.email)
            assert (await hers.get("/")).headers["location"] == home
            if home != "/admin":
                assert (await hers.get("/admin")).status_code == 404
            if home != "/desk":
                assert (await hers.get("/desk")).status_code == 404


@pytest.mark.parametrize(("idle", "status"), [(timedelta(minutes=29), 200), (timedelta(minutes=30), 303)])
async def test_a_session_left_alone_ends(
    the_site: Site, browser: Browser, idle: timedelta, status: int
) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    cookie = browser.session
    the_site.database.clock.advance(idle)  # type: ignore[attr-defined]  # -- a stepped clock
    browser.client.cookies.set("portavoce", str(cookie), domain="testserver.local")
    assert (await browser.get("/preferences")).status_code == status


async def test_a_session_ends_after_a_shift_however_busy(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    answers = []
    for _ in range(37):
        answers.append((await browser.get("/preferences")).status_code)
        the_site.database.clock.advance(timedelta(minutes=20))  # type: ignore[attr-defined]  # -- a stepped clock
    assert answers == [200] * 36 + [303]


async def test_who_writes_for_long_says_so_now_and_then_and_stays(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    await browser.get("/preferences")
    for _ in range(4):
        the_site.database.clock.advance(timedelta(minutes=20))  # type: ignore[attr-defined]  # -- a stepped clock
        assert (await browser.post("/session/activity")).status_code == 204
    assert (await browser.get("/preferences")).status_code == 200


async def test_a_session_that_is_over_is_told_and_leads_back(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    await browser.sign_in(anna.email)
    cookie = browser.session
    the_site.database.clock.advance(timedelta(minutes=31))  # type: ignore[attr-defined]  # -- a stepped clock
    browser.client.cookies.set("portavoce", str(cookie), domain="testserver.local")
    answer = await browser.get("/admin/people")
    assert answer.headers["location"] == "/sign-in?next=/admin/people&ended=1"
    page = await browser.get(answer.headers["location"])
    assert "Your session has ended." in page.text
    assert (await browser.sign_in(anna.email, next="/admin/people")).headers["location"] == "/admin/people"


async def test_headers_make_nobody_somebody_else(the_site: Site, browser: Browser) -> None:
    elena = await the_site.person("admin")
    forged = {
        "X-Remote-User": elena.email,
        "X-User-Id": str(elena.id),
        "User": elena.email,
        "X-Brand": "aurora",
    }
    assert (await browser.get("/admin", headers=forged)).status_code == 303


async def test_htmx_is_led_to_sign_in_and_streams_see_a_plain_401(browser: Browser) -> None:
    htmx = await browser.get("/preferences", headers={"HX-Request": "true"})
    stream = await browser.get("/desk/stream", headers={"Accept": "text/event-stream"})
    assert (htmx.status_code, htmx.headers["hx-redirect"]) == (401, "/sign-in")
    assert stream.status_code == 401


async def test_asking_for_what_is_not_granted_is_written_down(
    the_site: Site, browser: Browser, superuser: psycopg.Connection[Any]
) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    assert (await browser.get("/admin/people?secret=1")).status_code == 404
    query = "SELECT action, reason FROM pv.denial WHERE person_id = %s"
    assert superuser.execute(query, [anna.id]).fetchall() == [("GET /admin/people", "not granted")]
