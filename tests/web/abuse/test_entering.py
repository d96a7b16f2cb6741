"""SEC-21, SEC-22, SEC-23, SEC-29, SEC-31, SEC-32, SEC-62: the doors, tried by somebody who is not let in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.changing import change_address
from portavoce.identity.models import Person
from portavoce.identity.sessions import IDLE, LIFETIME, hashed
from portavoce.identity.tokens import issue
from portavoce.onboarding.people import give_role
from portavoce.web.open.returning import START, safe_next
from tests.minting import mint_brand
from tests.web.browsing import PASSWORD, Browser, Site, site

WRONG = "un'altra frase lunga"
NEW = "tutt'altra frase, più lunga"
NOT_COMPARED = {"date", "set-cookie", "x-request-id"}


class Counted:
    """How often argon2 works; it does the same work as before."""

    def __init__(self, the_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        passwords = the_site.app.state.passwords
        self._hasher = passwords._hasher
        monkeypatch.setattr(passwords, "_hasher", self)

    def verify(self, stored: str, password: str) -> bool:
        self.calls.append("verify")
        return bool(self._hasher.verify(stored, password))

    def hash(self, password: str) -> str:
        self.calls.append("hash")
        return str(self._hasher.hash(password))

    def check_needs_rehash(self, stored: str) -> bool:
        return bool(self._hasher.check_needs_rehash(stored))


def face(answer: httpx.Response, *private: str) -> tuple[int, str, list[tuple[str, str]]]:
    """Everything somebody outside sees, without what they typed and without tokens of their own."""
    text = re.sub(r"[0-9a-f]{64}", "…", answer.text)
    for word in private:
        text = text.replace(word, "…")
    kept = sorted((name, value) for name, value in answer.headers.items() if name not in NOT_COMPARED)
    kept = [(name, value) for name, value in kept if name != "content-length"]
    return answer.status_code, text, kept


def attempts(superuser: psycopg.Connection[Any]) -> list[tuple[str, int]]:
    rows = superuser.execute("SELECT split_part(key, ':', 1), attempts FROM pv.throttle ORDER BY 1, 2")
    return [(str(name), int(count)) for name, count in rows.fetchall()]


async def test_known_unknown_closed_and_invited_accounts_look_alike_and_cost_alike(
    the_site: Site, superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-21 at sign-in: same answer, same work for argon2, same counters, for as long as there are attempts."""
    known, closed = await the_site.person("admin"), await the_site.person("admin")
    invited = await the_site.person(password=None)
    async with the_site.database.begin(HOUSE) as db:
        (await db.get_one(Person, closed.id)).disabled_at = the_site.database.clock.now()
    seen = []
    for email in (known.email, "nobody@voxa.example", closed.email, invited.email):
        superuser.execute("DELETE FROM pv.throttle")
        async with the_site.browser() as one:
            with monkeypatch.context() as patch:
                counted = Counted(the_site, patch)
                answers = [await one.sign_in(email, WRONG) for _ in range(11)]
            faces = [face(answer, email) for answer in answers]
            seen.append((faces, counted.calls, attempts(superuser)))
    assert [status for status, _, _ in seen[0][0]] == [422] * 10 + [429]
    assert seen[0][1] == ["verify"] * 10
    assert all(each == seen[0] for each in seen)


async def test_asking_for_a_new_password_tells_nothing_and_costs_alike(
    the_site: Site, superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-21 at reset: argon2 works for nobody, and a known address costs a few statements more, not a hash."""
    known = await the_site.person("admin")
    seen, statements = [], []
    for email in (known.email, "nobody@voxa.example"):
        superuser.execute("DELETE FROM pv.throttle")
        async with the_site.browser() as one:
            with monkeypatch.context() as patch, the_site.counting() as sql:
                counted = Counted(the_site, patch)
                answers = [await one.fill("/password-reset", {"email": email}) for _ in range(4)]
            seen.append(([face(answer, email) for answer in answers], counted.calls, attempts(superuser)))
            statements.append(len(sql))
    assert [status for status, _, _ in seen[0][0]] == [303, 303, 303, 429]
    assert seen[0] == seen[1]
    assert seen[0][1] == []
    assert statements[0] - statements[1] <= 4 * 3


BAD_TOKENS = ["%20", "%00", "NULL", "null", "None", "undefined", "0", "x", "..%2f..", "%F0%9F%98%80", "a" * 5000,
              "a" * 42, "a" * 43, "a" * 44, "%25", "*", "' OR '1'='1", "[]", "%5B%5D", "true"]  # fmt: skip


@pytest.mark.parametrize("kind", ["invitation", "password-reset"])
async def test_what_is_no_token_opens_nothing(the_site: Site, browser: Browser, kind: str) -> None:
    """SEC-22, also as a list in the query, and beside a real one that waits for somebody else."""
    anna = await the_site.person(password=None)
    async with the_site.database.begin(HOUSE) as db:
        await issue(db, anna.id, "invitation")
        await issue(db, anna.id, "reset")
    await browser.get("/sign-in")
    for token in BAD_TOKENS:
        assert (await browser.get(f"/{kind}/{token}")).status_code == 404, token
        answer = await browser.post(f"/{kind}/{token}", {"password": NEW})
        assert answer.status_code in (404, 429), token
    for query in ("t[]=", "token=", "token[]=x", "t=NULL"):
        assert (await browser.get(f"/{kind}/x?{query}")).status_code == 404
    assert (await browser.get("/invitation/")).status_code in (404, 405)


@pytest.mark.parametrize(("kind", "purpose"), [("invitation", "invitation"), ("password-reset", "reset")])
async def test_a_token_is_over_when_it_should_be(
    the_site: Site, browser: Browser, kind: str, purpose: str
) -> None:
    """SEC-22: used, older than its time, for the other door, after a newer one, after another address."""
    anna = await the_site.person(password=None)

    async def fresh() -> str:
        async with the_site.database.begin(HOUSE) as db:
            return await issue(db, anna.id, purpose)

    async def opens(token: str, door: str = kind) -> bool:
        return (await browser.get(f"/{door}/{token}")).status_code == 200

    first = await fresh()
    assert await opens(first)
    assert not await opens(first, {"invitation": "password-reset", "password-reset": "invitation"}[kind])
    assert not await opens(hashed(first))
    assert not await opens(first.swapcase())
    second = await fresh()
    assert [await opens(first), await opens(second)] == [False, True]
    await browser.get("/sign-in")
    assert (await browser.post(f"/{kind}/{second}", {"password": NEW})).status_code == 303
    assert not await opens(second)
    third = await fresh()
    async with the_site.database.begin(HOUSE) as db:
        await change_address(
            db, the_site.app.state.house, anna.id, f"{anna.id.hex}.new@voxa.example", by=anna.id
        )
    assert not await opens(third)
    old = await fresh()
    the_site.database.clock.advance(timedelta(hours=73))  # type: ignore[attr-defined]  # -- a stepped clock
    assert not await opens(old)


async def test_no_stored_token_or_cookie_is_what_opens(
    the_site: Site, superuser: psycopg.Connection[Any]
) -> None:
    """Found by a hash of 256 bits: how long looking takes says nothing about the secret."""
    anna = await the_site.person("admin")
    async with the_site.database.begin(HOUSE) as db:
        token = await issue(db, anna.id, "reset")
    async with the_site.browser() as one:
        await one.sign_in(anna.email)
        cookie = str(one.session)
    for secret, table in ((token, "login_token"), (cookie, "session")):
        found = superuser.execute(f"SELECT id FROM pv.{table} WHERE person_id = %s", [anna.id]).fetchall()
        assert found == [(hashed(secret),)]
        assert len(secret) >= 43


async def test_a_role_given_or_taken_ends_the_session_and_a_new_one_has_another_id(
    the_site: Site, browser: Browser
) -> None:
    """SEC-23."""
    brand, elena = await mint_brand(the_site.database), await the_site.person("admin")
    anna = await the_site.person()
    ids = []
    for role in ("agent", "supervisor"):
        browser.client.cookies.delete("portavoce") if browser.session else None
        await browser.sign_in(anna.email)
        ids.append(browser.session)
        house = the_site.app.state.house
        await give_role(
            the_site.database, house, person_id=anna.id, role=role, brand_id=brand.id, by=elena.id
        )
        assert (await browser.get("/preferences")).headers["location"].endswith("ended=1")
    assert len(set(ids)) == 2


async def test_ten_guesses_are_evaluated_whether_in_turn_at_once_or_from_fifty_addresses(
    the_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-29: the counter is the account's, wherever the guesses come from."""
    anna = await the_site.person("admin")
    counted = Counted(the_site, monkeypatch)

    async def guess(number: int) -> int:
        async with the_site.browser(f"198.18.0.{number % 50}") as one:
            return (await one.sign_in(anna.email, f"prova numero {number}")).status_code

    answers = await asyncio.gather(*[guess(number) for number in range(100)])
    assert counted.calls == ["verify"] * 10
    assert sorted(answers) == [422] * 10 + [429] * 90


async def test_guesses_at_links_are_counted_for_the_address_one_by_one(the_site: Site) -> None:
    async def guess(number: int) -> int:
        async with the_site.browser("198.18.1.1") as one:
            await one.get("/sign-in")
            return (await one.post(f"/password-reset/{number:043}", {"password": NEW})).status_code

    answers = await asyncio.gather(*[guess(number) for number in range(60)])
    assert sorted(answers) == [404] * 30 + [429] * 30


async def test_the_first_attempt_too_many_is_written_down_once(
    the_site: Site, browser: Browser, superuser: psycopg.Connection[Any]
) -> None:
    anna = await the_site.person("admin")
    query = "SELECT count(*) FROM pv.denial WHERE reason = 'limit reached' AND action = 'sign-in.account'"
    before = superuser.execute(query).fetchone()
    for _ in range(15):
        await browser.sign_in(anna.email, WRONG)
    after = superuser.execute(query).fetchone()
    assert before is not None
    assert after == (before[0] + 1,)


@pytest.mark.parametrize(("trusted", "counted_apart"), [("", False), ("203.0.113.0/24", True)])
async def test_the_client_is_who_connects_or_who_a_proxy_of_ours_names(
    make_database: Callable[..., Database], tmp_path: Path, trusted: str, counted_apart: bool
) -> None:
    """SEC-62: without a trusted proxy rotating the header gives nothing; with one it is the real address."""
    public = site(make_database(), tmp_path, trusted_proxies=trusted)
    statuses = []
    async with public.browser("203.0.113.200") as one:
        for number in range(61):
            await one.get("/sign-in")
            body = {"email": f"nobody{number}.{trusted.strip('/0')}@voxa.example", "password": WRONG}
            forged = {"X-Forwarded-For": f"192.0.2.{number}"}
            statuses.append(await one.post("/sign-in", body, headers=forged))
    last = statuses[-1]
    assert last.status_code == (422 if counted_apart else 429)
    assert ("retry-after" in last.headers) is not counted_apart


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example",
     "javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "/admin\r\nX: y", "/%0d%0aX:y", "/admin/../..//evil",
     "/admin//evil.example", "admin", "/\t/evil.example", "", "/%2f%2fevil.example", "/%5cevil.example", "/admin@evil",
     "/admin.evil.example", "/desk.evil.example", "/b.evil.example/x", "http://testserver.local.evil.example/admin",
     "/admin?x=//evil", "/sign-out", "/invitation/x", "／admin", "/аdmin", "/admin\u2028", " /admin"],
)  # fmt: skip
def test_after_signing_in_nobody_is_sent_elsewhere(wanted: str) -> None:
    """SEC-31."""
    assert safe_next(wanted) == START


@pytest.mark.parametrize(
    "wanted", ["/admin", "/b/aurora/interactions/0198-a", "/portal/aurora/2026-03", "/preferences/password"]
)
def test_a_page_of_ours_is_where_one_goes_on(wanted: str) -> None:
    assert safe_next(wanted) == wanted


def test_sessions_are_short() -> None:
    """SEC-32."""
    assert timedelta(minutes=15) <= IDLE <= timedelta(minutes=30)
    assert timedelta(hours=12) == LIFETIME


class Crowded:
    """A hub that has no place, so that asking for a stream ends at once."""

    def full(self, _: object) -> bool:
        return True


async def test_a_stream_that_comes_back_keeps_no_session_alive_and_work_does(
    the_site: Site, browser: Browser
) -> None:
    """SEC-32: twenty minutes, and twenty more, of a page that only listens."""
    brand = await mint_brand(the_site.database)
    anna = await the_site.person("agent", brand=brand.id)
    the_site.app.state.hub = Crowded()
    for method, path, statuses in (
        ("GET", "/desk/stream", [429, 303]),
        ("POST", "/session/activity", [204, 200]),
    ):
        await browser.sign_in(anna.email)
        await browser.get("/preferences")
        seen = []
        for asked in ((method, path), ("GET", "/preferences")):
            the_site.database.clock.advance(timedelta(minutes=20))  # type: ignore[attr-defined]  # -- a stepped clock
            token = {"X-CSRF-Token": browser.token}
            seen.append(await browser.client.request(*asked, headers={**browser.headers, **token}))
        assert [answer.status_code for answer in seen] == statuses


async def test_signing_out_takes_cookie_session_and_storage(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    signed = await browser.sign_in(anna.email, PASSWORD)
    cookie = str(browser.session)
    flags = next(
        each for each in signed.headers.get_list("set-cookie") if each.startswith("portavoce=")
    ).lower()
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in flags.split(";")}
    await browser.get("/preferences")
    assert cookie not in str((await browser.get("/preferences")).url)
    answer = await browser.post("/sign-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    gone = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("portavoce="))
    assert "Max-Age=0" in gone
    assert (await browser.get("/preferences")).headers["location"] == "/sign-in?next=/preferences"
