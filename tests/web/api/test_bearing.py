"""A token opens one brand, from the header and from nowhere else, so many times a minute, and only to read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from portavoce.core.db import APP, REPORT
from portavoce.core.scope import HOUSE
from portavoce.identity import throttling
from portavoce.identity.api_tokens import make_token, revoke_token, tokens_of
from portavoce.identity.granting import revoke
from portavoce.identity.models import AccessGrant, Person
from tests.conversations.conftest import counted
from tests.minting import mint_brand
from tests.web.api.conftest import Program, approver
from tests.web.portal.browsing import sign_in

MONTH = "/months/2026-03"
PATHS = (MONTH, "/intervals/2026-03-02", "/feeds", "/feeds/0197d000-0000-7000-8000-000000000000")


def same(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    apart = ("date", "x-request-id")
    headers = [(name, value) for name, value in sorted(answer.headers.items()) if name not in apart]
    return answer.status_code, answer.content, headers


async def take_back(program: Program) -> None:
    async with program.database.begin(program.aurora.writing) as db:
        [token] = await tokens_of(db)
        await revoke_token(db, token.id, person_id=program.rosa)


async def end_grant(program: Program) -> None:
    async with program.database.begin(HOUSE) as db:
        mine = select(AccessGrant.id).where(AccessGrant.person_id == program.rosa)
        await revoke(db, (await db.scalars(mine)).one())


async def close_account(program: Program) -> None:
    async with program.database.begin(HOUSE) as db:
        at = program.clock.now()
        await db.execute(update(Person).where(Person.id == program.rosa).values(disabled_at=at))


async def grow_old(program: Program) -> None:
    program.clock.advance(timedelta(days=30))


@pytest.mark.parametrize("ended", [take_back, end_grant, close_account, grow_old])
async def test_a_token_that_ended_is_answered_like_one_that_never_was(
    program: Program, ended: Callable[[Program], Awaitable[None]]
) -> None:
    assert (await program.get(MONTH)).status_code == 200
    await ended(program)
    never = await program.get(MONTH, bearer="pvt_" + "a" * 43)
    assert never.status_code == 401
    assert never.headers["www-authenticate"] == "Bearer"
    assert never.json() == {
        "status": 401, "title": "Unauthorized", "detail": "Show a valid API token as a bearer token.",
    }  # fmt: skip
    for path in PATHS:
        assert same(await program.get(path)) == same(never), path
    assert same(await program.get(MONTH, brand=program.bosco)) == same(never)


async def test_a_token_stands_in_the_header_and_nowhere_else(program: Program) -> None:
    here, secret = f"/api/v1/brands/{program.aurora.slug}{MONTH}", program.secret
    refused = [
        await program.client.get(here),
        *[
            await program.client.get(here, params={name: secret})
            for name in ("token", "access_token", "api_key", "authorization")
        ],
        await program.client.get(here, headers={"Cookie": f"portavoce={secret}; token={secret}"}),
        await program.client.get(here, headers={"X-Api-Key": secret}),
        await program.client.get(here, headers={"Authorization": secret}),
        await program.client.get(here, headers={"Authorization": f"Basic {secret}"}),
        await program.client.get(here, headers={"Authorization": f"Bearer  {secret}"}),
        await program.client.get(here, headers={"Authorization": f"Bearer {secret} x"}),
        await program.client.get(here, headers={"Authorization": "Bearer "}),
        await program.client.get(here, headers={"Authorization": f"Bearer {'pvt_' + 'x' * 9000}"}),
        await program.client.get(here, headers=[("Authorization", f"Bearer {secret}")] * 2),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.content for answer in refused}) == 1
    assert (await program.get(MONTH)).status_code == 200


async def test_a_person_who_is_signed_in_is_nobody_here(program: Program) -> None:
    carla = await sign_in(program.database, program.client, program.aurora)
    assert (await carla.get(f"/portal/{program.aurora.slug}/2026-03")).status_code == 200
    assert (await carla.get(f"/api/v1/brands/{program.aurora.slug}{MONTH}")).status_code == 401


async def test_a_token_opens_no_page(program: Program) -> None:
    shown = {"Authorization": f"Bearer {program.secret}", "Accept": "*/*"}
    for path in (f"/portal/{program.aurora.slug}/2026-03", "/desk", "/admin", "/preferences"):
        assert (await program.client.get(path, headers=shown)).status_code == 401


@pytest.mark.parametrize("path", PATHS)
async def test_another_brand_is_one_that_never_existed(program: Program, path: str) -> None:
    real = await program.get(path, brand=program.bosco)
    unreal = await program.client.get(
        f"/api/v1/brands/{'x' * len(program.bosco.slug)}{path}",
        headers={"Authorization": f"Bearer {program.secret}"},
    )
    assert same(real) == same(unreal)
    assert real.status_code == 404
    assert real.headers["content-type"].startswith("application/problem+json")


async def test_the_maker_of_two_brands_tokens_has_two_tokens(program: Program) -> None:
    cedro = await mint_brand(program.database, "Cedro")
    rosa = await approver(program.database, program.aurora, cedro)
    secret = await program.database.run(
        program.aurora.writing, lambda db: make_token(db, "Piano", 30, person_id=rosa)
    )
    assert (await program.get("/feeds", bearer=secret)).status_code == 200
    assert (await program.get("/feeds", brand=cedro, bearer=secret)).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_changed(program: Program, method: str) -> None:
    for path in PATHS:
        answer = await program.client.request(
            method,
            f"/api/v1/brands/{program.aurora.slug}{path}",
            headers={"Authorization": f"Bearer {program.secret}"},
        )
        assert answer.status_code == 405
        assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_busy_program_waits_and_no_other_with_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portavoce.web.api.bearing.API_TOKEN", throttling.API_TOKEN._replace(attempts=3))
    other = await program.database.run(
        program.aurora.writing, lambda db: make_token(db, "Altro", 30, person_id=program.rosa)
    )
    answers = [await program.get("/feeds") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["status"] == 429
    assert (await program.get("/feeds", bearer=other)).status_code == 200
    program.clock.advance(timedelta(minutes=1))
    assert (await program.get("/feeds")).status_code == 200


async def test_guessing_is_counted_by_address(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portavoce.web.api.bearing.API_ADDRESS", throttling.API_ADDRESS._replace(attempts=2))
    guesses = [await program.get("/feeds", bearer=f"pvt_{n:043d}") for n in range(3)]
    assert [answer.status_code for answer in guesses] == [401, 401, 429]
    assert (await program.get("/feeds")).status_code == 200


async def test_figures_are_read_as_report(program: Program) -> None:
    await program.get(MONTH)
    with counted(program.database, REPORT) as reports, counted(program.database, APP) as others:
        await program.get(MONTH)
    assert any("tally" in statement for statement in reports)
    assert not any("tally" in statement or "ledger_event" in statement for statement in others)


@pytest.mark.parametrize("month", ["2026-02", "2026-04", "2026-13", "x", "2026-3", "2026-03-01"])
async def test_a_month_without_figures_is_none(program: Program, month: str) -> None:
    assert (await program.get(f"/months/{month}")).status_code == 404


@pytest.mark.parametrize(
    "day", ["2026-02-28", "2026-03-11", "2026-03-32", "20260302", "2026-W10-1", "x", "2026-03-02T00:00"]
)
async def test_a_day_without_figures_is_none(program: Program, day: str) -> None:
    assert (await program.get(f"/intervals/{day}")).status_code == 404
