"""SEC-67: the real processes see secrets, mails and hostile bytes, fail over some of them, and their logs hold none."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest

from portavoce.core.config import Settings
from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person
from tests.faults.site import PATIENCE, Site
from tests.ports import free_port
from tests.settled import environment
from tests.web.browsing import QUICK
from tests.world import letter

TOKEN = re.compile(r'name="_csrf" value="([0-9a-f]{64})"')
BODY, SUBJECT, SENDER = "canary-of-a-body", "canary-of-a-subject", "canary-of-a-sender"
PASSWORD, GUESS, AGENT, QUERY = (
    "canary della frase segreta",
    "canary-of-a-guess-0",
    "canary-of-an-agent",
    "canary-of-a-query",
)
BREAK = (
    f"ALTER TABLE pv.message ADD CONSTRAINT broken CHECK (body NOT LIKE '%{BODY}%') NOT VALID",
    "ALTER TABLE pv.session ADD CONSTRAINT broken CHECK (seen_at IS NULL) NOT VALID",
)
MEND = ("ALTER TABLE pv.session DROP CONSTRAINT broken",)
HOSTILE = "%0D%0A%7B%22event%22%3A%22forged%22%7D%1B%5B2J"


async def start(site: Site, settings: Settings, name: str) -> Process:
    """The command an operator starts, its output in a file."""
    with (settings.home / f"{name}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "portavoce", name,
            env={**os.environ, **environment(settings), "PYTHONPATH": os.pathsep.join(sys.path)}, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    site.started.append(process)
    return process


async def alive(sign: Callable[[], Awaitable[object]]) -> None:
    """Starting is slow on a busy machine: it gets more time than anything else."""
    async with asyncio.timeout(4 * PATIENCE):
        while not await sign():
            await asyncio.sleep(0.1)


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/live")).status_code == 200
    except httpx.TransportError:
        return False


async def anna(site: Site) -> str:
    """A person with a password of her own; gives her address."""
    stored = await QUICK.hash(PASSWORD)
    async with site.world.database.begin(HOUSE) as db:
        one = await db.get_one(Person, site.world.anna.person_id)
        one.password_hash = stored
        return one.email


async def form(client: httpx.AsyncClient, page: str, **fields: str) -> httpx.Response:
    token = TOKEN.search((await client.get(page)).text)
    assert token is not None
    return await client.post(page, data={"_csrf": token[1], **fields}, headers={"Accept-Language": "en"})


async def raw(settings: Settings, head: bytes) -> None:
    """Bytes no client library would send."""

    def speak() -> None:
        with socket.create_connection(("127.0.0.1", settings.web_port), timeout=4 * PATIENCE) as connection:
            connection.sendall(head)
            while connection.recv(65536):
                pass

    await asyncio.to_thread(speak)


@pytest.mark.deep
async def test_the_logs_of_the_real_processes_hold_no_secret_and_no_hostile_byte(site: Site) -> None:
    settings = msgspec.structs.replace(site.settings, web_port=free_port())
    email = await anna(site)
    for name in ("engine", "worker"):
        await start(site, settings, name)
        await alive(partial(site.count, "SELECT count(*) FROM pv.heartbeat WHERE process = %s", name))
    await start(site, settings, "serve")
    secrets = [BODY, SUBJECT, SENDER, PASSWORD, GUESS, AGENT, QUERY]
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{settings.web_port}", timeout=PATIENCE
    ) as client:
        await alive(lambda: answers(client))
        for statement in BREAK:
            await site.superuser.execute(statement.encode())
        await mails(site)
        reference = await failing(client, email)
        for statement in MEND:
            await site.superuser.execute(statement.encode())
        secrets += await signing(site, client, email)
        await hostile(settings)
    for process in site.started:
        process.terminate()
        await process.wait()
    logs = {name: (settings.home / f"{name}.log").read_text() for name in ("engine", "worker", "serve")}
    assert "a mail went to quarantine" in logs["engine"]
    assert f'"request": "{reference}"' in logs["serve"]
    for name, log in logs.items():
        assert [secret for secret in secrets if secret in log] == [], name
        assert not {"\x1b", "\x9b", "\r"} & set(log), name
        assert not [line for line in log.splitlines() if line.startswith('{"event":"forged"')], name


async def mails(site: Site) -> None:
    """One that is filed and one that the database refuses, quoting it."""
    aurora = site.world.aurora
    sender = f"{SENDER} <{SENDER}@customer.example>"
    for text in ("Buongiorno", BODY):
        mail = letter(aurora.address, f"{text} {BODY[:-2]}", sender=sender, subject=f"{SUBJECT}\x1b[31m")
        assert await site.send(mail, aurora) == 250
    assert await site.send(letter(aurora.address, BODY, sender=sender, subject=SUBJECT), aurora) == 250


async def failing(client: httpx.AsyncClient, email: str) -> str:
    """The right password while no session can be written: a page that tells a reference and nothing else."""
    answer = await form(client, "/sign-in", email=email, password=PASSWORD)
    assert answer.status_code == 500
    for word in ("Traceback", "psycopg", "CheckViolation", "INSERT", str(Path(__file__).parents[2])):
        assert word not in answer.text
    found = re.search(r'class="mono">([0-9a-f]{16})<', answer.text)
    assert found is not None
    return found[1]


async def signing(site: Site, client: httpx.AsyncClient, email: str) -> list[str]:
    """A wrong and a right password, a link by mail followed; gives the secrets that were used."""
    await form(client, "/sign-in", email=email, password=GUESS)
    await form(client, "/password-reset", email=email)
    rows = await site.superuser.execute(b"SELECT body FROM pv.house_outbox WHERE recipient = %s", [email])
    links = re.findall(r"/password-reset/([\w-]{43})", "".join(body for (body,) in await rows.fetchall()))
    assert links != []
    await client.get(f"/password-reset/{links[0]}?{QUERY}=1")
    await form(client, f"/password-reset/{links[0]}", password="corta")
    entered = await form(client, "/sign-in", email=email, password=PASSWORD)
    assert entered.status_code == 303
    await client.get(f"/admin/people?{QUERY}={QUERY}")
    return [links[0], client.cookies["portavoce"]]


async def hostile(settings: Settings) -> None:
    """Line ends and terminal codes in the path, in the agent's name, in the greeting of a mail server."""
    host = f"Host: 127.0.0.1:{settings.web_port}\r\nConnection: close\r\n".encode()
    agent = b"User-Agent: " + AGENT.encode() + b"\x1b[2J\x9b31m\r\n"
    for target in (f"/{HOSTILE}", f"/b/{HOSTILE}/interactions/{HOSTILE}", f"/invitation/{HOSTILE}"):
        await raw(settings, f"GET {target}?{QUERY}=1 HTTP/1.1\r\n".encode() + host + agent + b"\r\n")

    def greet() -> None:
        with socket.create_connection(("127.0.0.1", settings.smtp_port), timeout=4 * PATIENCE) as connection:
            connection.sendall(b"EHLO x\x1b[2J\x9b\r\nMAIL FROM:<\x1b[31m@x>\r\nNONSENSE \x1b[2J\r\nQUIT\r\n")
            while connection.recv(65536):
                pass

    await asyncio.to_thread(greet)
