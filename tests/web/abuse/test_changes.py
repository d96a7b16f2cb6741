"""SEC-30, SEC-27: nothing changes by looking, nothing by a form from elsewhere, and extra fields buy nothing."""

from __future__ import annotations

from itertools import product
from typing import Any

import psycopg

from portavoce.web.routes import entries
from tests.depth import in_turn
from tests.versions import changed, versions
from tests.web.abuse.conftest import STREAMS, House
from tests.web.routes_page import unconnected_app

ROUTES = entries(unconnected_app())
READ = [each for each in ROUTES if each.method == "GET" and each.path not in STREAMS]
CHANGE = [each for each in ROUTES if each.method != "GET"]
SIGNS = {"agent_sign", "quota_window", "throttle"}
"""Of life: every request of the desk leaves one, every file of a report counts as an export, and a program is counted."""
CROSS = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


async def test_looking_at_every_page_changes_nothing(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    before = versions(superuser, but=SIGNS)
    for entry in READ:
        answer = await house.who(entry).get(house.url(entry))
        assert answer.status_code in (200, 303, 503), (entry, answer.status_code)
    assert changed(before, versions(superuser, but=SIGNS)) == []


async def test_what_changes_things_changes_nothing_when_asked_by_get(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    before = versions(superuser, but=SIGNS)
    for entry in CHANGE:
        browser = house.who(entry)
        query = {"_csrf": browser.token, "password": "una frase lunga", "language": "en", "state": "ready"}
        answer = await browser.client.get(house.url(entry), params=query, headers=browser.headers)
        assert answer.status_code in (200, 303, 404, 405), (entry, answer.status_code)
    assert changed(before, versions(superuser, but=SIGNS)) == []


def forgeries(mine: str, foreign: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Form and headers of what another site, a script without the token, or another session can send."""
    return [
        ({}, {}),
        ({}, {"HX-Request": "true"}),
        ({"_csrf": foreign}, {"HX-Request": "true"}),
        ({}, {"X-CSRF-Token": foreign}),
        ({"_csrf": mine}, CROSS),
        ({"_csrf": mine}, {**CROSS, "Origin": "null"}),
        ({"_csrf": mine}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"X-CSRF-Token": mine, "Origin": "https://testserver.local.evil.example"}),
    ]


async def test_every_change_from_elsewhere_is_refused_and_written_down(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    before = versions(superuser, but=SIGNS)
    sent = 0
    for turn, entry in enumerate(CHANGE):
        browser = house.who(entry)
        foreign = house.carla.token if browser is not house.carla else house.elena.token
        for data, headers in in_turn(forgeries(browser.token, foreign), turn, 3):
            answer = await browser.client.request(
                entry.method, house.url(entry), data=data, headers={**browser.headers, **headers}
            )
            assert answer.status_code == 403, (entry, data, headers)
            sent += browser is not house.vito
    assert changed(before, versions(superuser, but=SIGNS)) == ["denial"]
    rows = superuser.execute(
        "SELECT count(*) FROM pv.denial WHERE reason = 'forged request' AND person_id = ANY (%s)",
        [[house.world.elena, house.world.anna.person_id, house.reader]],
    ).fetchone()
    assert rows == (sent,)


ESCALATION: dict[str, Any] = {
    "role": "admin",
    "role[]": "admin",
    "roles": ["admin"],
    "brand_ids[]": "x",
    "is_staff": "1",
    "house_admin": "true",
    "client_id": "",
    "person_id": "x",
    "password_hash": "x",
    "disabled_at": "",
    "granted_by": "x",
}


async def test_fields_that_no_form_has_give_nobody_anything(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    """Every form Anna may send, with everything an attacker would add."""
    before = versions(superuser, but=SIGNS)
    for entry in [each for each in CHANGE if each.who in ("signed in", "agent or supervisor")]:
        if entry.path not in ("/sign-out", "/desk/state"):
            await house.anna.get("/preferences")
            form = {"language": "en", "expected_brand": "x", **ESCALATION}
            answer = await house.anna.client.request(
                entry.method,
                house.url(entry),
                data={"_csrf": house.anna.token, **form},
                headers=house.anna.headers,
            )
            assert answer.status_code in (204, 303, 422), (entry, answer.status_code)
    assert set(changed(before, versions(superuser, but=SIGNS))) <= {"person"}
    row = superuser.execute(
        "SELECT locale, client_id, disabled_at FROM pv.person WHERE id = %s", [house.world.anna.person_id]
    ).fetchone()
    assert row == ("en", None, None)


async def test_who_administers_nothing_finds_no_door_of_the_administration(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    before = versions(superuser, but=SIGNS)
    doors = [each for each in ROUTES if each.surface == "admin"]
    for browser, entry in product((house.anna, house.carla), doors):
        data = {
            "_csrf": browser.token,
            "role": "admin",
            "brand": house.places["brand"],
            "email": "x@y.example",
        }
        answer = await browser.client.request(
            entry.method,
            house.url(entry),
            data=data if entry.method != "GET" else None,
            headers=browser.headers,
        )
        assert answer.status_code == 404, (entry, answer.status_code)
    assert changed(before, versions(superuser, but=SIGNS)) == ["denial"]


def denials_of(superuser: psycopg.Connection[Any], person: object) -> list[tuple[str, str, str]]:
    query = "SELECT action, reason, detail FROM pv.denial WHERE person_id = %s ORDER BY id"
    return [(str(a), str(b), str(c)) for a, b, c in superuser.execute(query, [person]).fetchall()]


async def test_a_brand_asked_for_without_a_right_is_in_the_denial(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    bosco = house.world.bosco.slug
    assert (await house.carla.get(f"/portal/{bosco}")).status_code == 404
    assert (await house.anna.get(f"/admin/b/{bosco}/addresses")).status_code == 404
    [(action, reason, detail)] = denials_of(superuser, house.world.anna.person_id)
    assert (action, reason) == ("GET /admin/b/{brand}/addresses", "not granted")
    assert f'"brand":"{bosco}"' in detail
