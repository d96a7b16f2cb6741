"""Which refusals leave a trace, and what the trace says."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from litestar.exceptions import NotFoundException, PermissionDeniedException
from sqlalchemy.exc import DBAPIError

from portavoce.core.errors import Conflict, NotFound
from portavoce.web.access import NotGranted
from portavoce.web.denials import _reason
from portavoce.web.errors import Rejected
from tests.web.browsing import Browser, Site


class Walled(Exception):
    sqlstate = "42501"


class Late(Exception):
    sqlstate = "40001"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotGranted("x"), "not granted"),
        (DBAPIError("x", {}, Walled()), "row security"),
        (PermissionDeniedException(), "forged request"),
        (Rejected(422, html="", denied="role at another brand"), "role at another brand"),
        (Rejected(422, html=""), ""),
        (DBAPIError("x", {}, Late()), ""),
        (NotFound("x"), ""),
        (NotFoundException(), ""),
        (Conflict("x"), ""),
        (RuntimeError(), ""),
    ],
)
def test_what_leaves_a_trace(error: Exception, reason: str) -> None:
    assert _reason(error) == reason


async def test_a_trace_names_the_route_and_the_address_and_no_token(
    the_site: Site, superuser: psycopg.Connection[Any]
) -> None:
    anna = await the_site.person()
    async with the_site.browser("198.51.100.9") as one:
        await one.sign_in(anna.email)
        await one.get("/portal/a-secret-name?token=secret")
        await one.client.post("/preferences/password", data={"current": "secret"})
    query = "SELECT action, reason, detail FROM pv.denial WHERE person_id = %s ORDER BY id"
    assert superuser.execute(query, [anna.id]).fetchall() == [
        ("GET /portal/{brand}", "not granted", '{"address":"198.51.100.9","brand":"a-secret-name"}'),
        ("POST /preferences/password", "forged request", '{"address":"198.51.100.9"}'),
    ]


async def test_a_visitor_fills_no_table(browser: Browser, superuser: psycopg.Connection[Any]) -> None:
    query = "SELECT count(*) FROM pv.denial"
    before = superuser.execute(query).fetchone()
    for _ in range(5):
        assert (await browser.client.post("/sign-in", data={"email": "x"})).status_code == 403
    assert superuser.execute(query).fetchone() == before
