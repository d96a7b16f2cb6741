"""SEC-10, SEC-20, SEC-62, SEC-71, SEC-72 at the real server: what only bytes on a socket can try."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.embedded.redis import RedisServer
from portavoce.core.models import HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person
from portavoce.web.live.hub import MOST_STREAMS
from tests.database import Installation
from tests.web.desk import house
from tests.web.desk.house import Worker
from tests.web.live.serving import WebProcess

PATIENCE = 120
TOKEN = re.compile(r'name="_csrf" value="([0-9a-f]{64})"')


@pytest.fixture(scope="module")
def web(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer, installation: Installation
) -> Iterator[WebProcess]:
    """One server for all of these: nothing here harms it."""
    process = WebProcess(tmp_path_factory.mktemp("web"), redis_server.url, installation.urls)
    try:
        process.start()
        yield process
    finally:
        process.close()


async def anna_of(database: Database) -> Worker:
    aurora = await house.make_brand(database, await house.make_admin(database), "Aurora")
    return await house.make_worker(database, [aurora], "Anna")


async def raw(web: WebProcess, request: bytes) -> bytes:
    """What a server answers to exactly these bytes; empty when it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(request)
    await writer.drain()
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    finally:
        writer.close()


TRICKS = {
    "evil": (b"/password-reset", [b"Host: evil.example"]),
    "two, evil first": (b"/password-reset", [b"Host: evil.example", b"Host: OURS"]),
    "two, evil last": (b"/password-reset", [b"Host: OURS", b"Host: evil.example"]),
    "absolute form": (b"http://evil.example/password-reset", [b"Host: OURS"]),
    "absolute form and evil": (b"http://OURS/password-reset", [b"Host: evil.example"]),
    "forwarded": (
        b"/password-reset",
        [b"Host: OURS", b"X-Forwarded-Host: evil.example", b"Forwarded: host=evil.example"],
    ),
    "port": (b"/password-reset", [b"Host: OURS@evil.example"]),
    "none": (b"/password-reset", []),
}


async def test_no_host_header_gets_into_the_link_of_a_mail(web: WebProcess, live_database: Database) -> None:
    ours = f"127.0.0.1:{web.port}".encode()
    statuses = {}
    for name, (target, hosts) in TRICKS.items():
        anna = await anna_of(live_database)
        async with live_database.begin(HOUSE) as db:
            email = (await db.get_one(Person, anna.person_id)).email
        async with httpx.AsyncClient(base_url=web.url) as client:
            page = await client.get("/password-reset")
        token = TOKEN.search(page.text)
        assert token is not None
        body = f"_csrf={token[1]}&email={email.replace('@', '%40')}".encode()
        head = [b"POST " + target + b" HTTP/1.1", *hosts, b"Connection: close",
                b"Cookie: portavoce-visitor=" + page.cookies["portavoce-visitor"].encode(),
                b"Content-Type: application/x-www-form-urlencoded", b"Content-Length: %d" % len(body)]  # fmt: skip
        answer = await raw(web, b"\r\n".join(head).replace(b"OURS", ours) + b"\r\n\r\n" + body)
        statuses[name] = answer[9:12]
        assert b"evil.example" not in answer
        async with live_database.begin(HOUSE) as db:
            bodies = (await db.scalars(select(HouseOutbox.body).where(HouseOutbox.recipient == email))).all()
        assert all(f"{web.url}/password-reset/" in body for body in bodies), name
        assert len(bodies) == (statuses[name] == b"303"), name
    assert set(statuses.values()) <= {b"303", b"400", b"403", b""}
    assert statuses["evil"] == b"400"
    assert statuses["forwarded"] == b"303"


async def test_trace_and_odd_requests_get_no_echo(web: WebProcess) -> None:
    host = f"Host: 127.0.0.1:{web.port}\r\nConnection: close\r\n".encode()
    trace = await raw(web, b"TRACE /sign-in HTTP/1.1\r\n" + host + b"X-Canary: echo-me\r\n\r\n")
    assert trace[9:12] in (b"405", b"404", b"400")
    assert b"echo-me" not in trace
    for line in (
        b"GET /../../etc/passwd HTTP/1.1",
        b"GET /static/x/..%2f..%2fapp.py HTTP/1.1",
        b"GET /%00 HTTP/1.1",
    ):
        answer = await raw(web, line + b"\r\n" + host + b"\r\n")
        assert answer[9:12] in (b"400", b"404")
        assert b"root:" not in answer


async def opened(stack: AsyncExitStack, client: httpx.AsyncClient, web: WebProcess) -> httpx.Response:
    return await stack.enter_async_context(client.stream("GET", f"{web.url}/desk/stream"))


async def first_line(answer: httpx.Response) -> str:
    lines: AsyncIterator[str] = answer.aiter_lines()
    async with asyncio.timeout(PATIENCE):
        return await anext(lines, "")


async def test_two_hundred_streams_of_one_person_are_twelve_and_a_colleague_has_hers(
    web: WebProcess, live_database: Database
) -> None:
    anna, bruno = await anna_of(live_database), await anna_of(live_database)
    limits = httpx.Limits(max_connections=None)
    async with AsyncExitStack() as stack:
        annas = await stack.enter_async_context(
            httpx.AsyncClient(timeout=PATIENCE, limits=limits, cookies={"portavoce": anna.cookie})
        )
        brunos = await stack.enter_async_context(
            httpx.AsyncClient(timeout=PATIENCE, cookies={"portavoce": bruno.cookie})
        )
        answers = [await opened(stack, annas, web) for _ in range(200)]
        kept = [each for each in answers if each.status_code == 200]
        refused = [each for each in answers if each.status_code != 200]
        assert {each.status_code for each in refused} == {429}
        assert all(int(each.headers["retry-after"]) > 0 for each in refused)
        heard = [await first_line(each) for each in kept]
        assert sum(line != "" for line in heard) == MOST_STREAMS
        colleague = await opened(stack, brunos, web)
        assert await first_line(colleague) == "event: queue"
        assert colleague.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in colleague.headers["content-security-policy"]
        assert "no-store" in colleague.headers["cache-control"]
        assert (await annas.get(f"{web.url}/preferences")).status_code == 200


async def test_signing_out_in_one_tab_ends_the_stream_of_another(
    web: WebProcess, live_database: Database
) -> None:
    anna = await anna_of(live_database)
    async with httpx.AsyncClient(timeout=PATIENCE, cookies={"portavoce": anna.cookie}) as client:
        page = await client.get(f"{web.url}/preferences")
        token = TOKEN.search(page.text)
        assert token is not None
        async with client.stream("GET", f"{web.url}/desk/stream") as answer:
            lines = answer.aiter_lines()
            assert await anext(lines) == "event: queue"
            done = await client.post(f"{web.url}/sign-out", data={"_csrf": token[1]})
            assert (done.status_code, done.headers["clear-site-data"]) == (303, '"cache", "storage"')
            async with asyncio.timeout(PATIENCE):
                rest = [line async for line in lines]
        assert not [line for line in rest if line.startswith("event: heartbeat")][1:]
        client.cookies.set("portavoce", anna.cookie)
        assert (await client.get(f"{web.url}/desk/stream")).status_code == 401


@pytest.mark.parametrize("accept", ["text/event-stream", "text/html"])
async def test_a_stream_without_a_session_is_401_or_the_way_to_sign_in(web: WebProcess, accept: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{web.url}/desk/stream", headers={"Accept": accept})
    assert answer.status_code == (401 if accept == "text/event-stream" else 303)
