"""What a generated matrix does not think of: wildcards, crooked paths, caches, and a form that stayed open."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import open_session
from tests.isolation.asking import Request, ask
from tests.isolation.naming import Somebody
from tests.isolation.provider import Provider
from tests.isolation.sweeping import everything
from tests.isolation.test_matrix import denials
from tests.versions import versions

CROOKED = ("../../{slug}/attachments/{attachment}", "..%2f..%2f{slug}%2fattachments%2f{attachment}", "%2e%2e%2f{attachment}", "brand/{id}/{attachment}", "{attachment}/../{attachment}", "{attachment}%00", "{attachment}.pdf")  # fmt: skip


@pytest.mark.parametrize(
    "wanted", ["*", "%", "_", "bosco%", "{slug}", "{id}", "b:{id}:poke", "{slug},aurora", ""]
)
async def test_a_stream_takes_no_wildcard_and_replays_nobodys_past(provider: Provider, wanted: str) -> None:
    agent, bosco = provider.people["agent"], provider.bosco
    plain = await ask(provider.site.app, Request("GET", "/desk/stream", {}), agent)
    asked = {"open": bosco["interaction"], "brand": wanted.format_map(bosco)}
    past = {"Last-Event-ID": bosco["interaction"], "X-Brand": bosco["slug"]}
    told = await ask(provider.site.app, Request("GET", "/desk/stream", asked, extra=past), agent)
    assert told == plain
    assert not [
        trace for trace in provider.traces(provider.world.bosco) if trace.encode() in everything(told)
    ]


async def test_a_stream_that_names_a_foreign_brand_is_written_down(
    provider: Provider, superuser: psycopg.Connection[Any]
) -> None:
    before = denials(superuser, provider, "supervisor")
    asked = {"open": provider.bosco["interaction"], "brand": provider.bosco["slug"]}
    await ask(provider.site.app, Request("GET", "/desk/stream", asked), provider.people["supervisor"])
    assert denials(superuser, provider, "supervisor") - before == {"GET /desk/stream": 1}


@pytest.mark.parametrize("crooked", CROOKED)
async def test_no_crooked_path_leads_to_a_file(provider: Provider, crooked: str) -> None:
    here = f"/b/{provider.aurora['slug']}/attachments/"
    for who in ("agent", "agent of both"):
        answer = await ask(
            provider.site.app,
            Request("GET", here + crooked.format_map(provider.bosco), {}),
            provider.people[who],
        )
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/sent/../secrets/csrf", "/sent/..%2fsecrets%2fcsrf", "/static/x/../../secrets/csrf", "/static/x/%2e%2e/secrets/csrf"])  # fmt: skip
async def test_nor_out_of_the_folders_that_are_served(provider: Provider, path: str) -> None:
    answer = await ask(provider.site.app, Request("GET", path, {}), provider.people["elena"])
    assert answer.status == 404


async def test_colours_are_kept_for_one_person_and_hold_no_other_brand(provider: Provider) -> None:
    css = Request("GET", "/brands.css", {})
    both = await ask(provider.site.app, css, provider.people["agent of both"])
    tag = {"If-None-Match": both.header("etag")}
    own = await ask(provider.site.app, Request("GET", "/brands.css", {}, extra=tag), provider.people["agent"])
    assert (own.status, own.header("vary"), own.header("cache-control")) == (
        200,
        "Cookie",
        "private, no-cache",
    )
    assert provider.bosco["slug"].encode() in both.body
    assert provider.bosco["slug"].encode() not in own.body
    again = await ask(
        provider.site.app, Request("GET", "/brands.css", {}, extra=tag), provider.people["agent of both"]
    )
    assert again.status == 304


async def test_a_form_of_one_brand_sent_to_another_changes_neither(
    provider: Provider, superuser: psycopg.Connection[Any]
) -> None:
    before, anna = versions(superuser), provider.people["agent of both"]
    for verb in ("messages", "notes", "closure"):
        for here, meant in ((provider.bosco, provider.aurora), (provider.aurora, provider.bosco)):
            fields = [("expected_brand", meant["id"]), ("expected_interaction", meant["interaction"]), ("text", "Per chi?"), ("disposition", "solved")]  # fmt: skip
            path = f"/b/{here['slug']}/interactions/{here['interaction']}/{verb}"
            assert (await ask(provider.site.app, Request("POST", path, {}, fields), anna)).status == 409
    assert versions(superuser) == before


async def test_a_message_is_reached_through_its_own_contact_only(provider: Provider) -> None:
    """Also inside one brand: an address that is put together wrongly leads nowhere."""
    anna, own = provider.people["agent of both"], provider.aurora
    frame = f"/b/{own['slug']}/interactions/{{}}/messages/{own['message']}/frame"
    statuses = [
        (await ask(provider.site.app, Request("GET", frame.format(own[contact]), {}), anna)).status
        for contact in ("interaction", "waiting")
    ]
    assert statuses == [200, 404]
    again = f"/b/{own['slug']}/interactions/{own['waiting']}/messages/{own['failed']}/resending"
    assert (await ask(provider.site.app, Request("POST", again, {}, [("x", "1")]), anna)).status == 404


async def test_after_signing_out_the_browser_forgets_and_the_server_too(provider: Provider) -> None:
    person_id = provider.people["keeper"].person_id
    async with provider.world.database.begin(HOUSE) as db:
        keeper = Somebody(person_id, open_session(db, person_id, "127.0.0.1"))
    page = Request("GET", f"/admin/b/{provider.aurora['slug']}/addresses", {})
    seen = await ask(provider.site.app, page, keeper)
    assert (seen.status, seen.header("cache-control")) == (200, "private, no-store")
    out = await ask(provider.site.app, Request("POST", "/sign-out", {}, [("x", "1")]), keeper)
    assert out.header("clear-site-data") == '"cache", "storage"'
    back = await ask(provider.site.app, page, keeper)
    assert (back.status, back.header("cache-control")) == (303, "private, no-store")
    assert provider.canary(provider.world.aurora).encode() not in back.body
