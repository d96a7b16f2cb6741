"""A real run with things going wrong: every line of every process is JSON, names its brand, and quotes nobody."""

from __future__ import annotations

import asyncio
import json
import os
import smtplib
import sys
from typing import Any

import httpx
import msgspec
import pytest

from portavoce.core.logs import FIELDS, FIRST
from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import open_session
from tests.faults.site import PATIENCE, Site
from tests.ports import free_port, free_ports
from tests.world import letter

CANARY = "canarino"
"""Part of every text, subject, address, password, link and path that this run knows."""
GINA = f"{CANARY}@customer.example"
ABOUT_A_BRAND = {
    "a mail was taken", "a mail went to quarantine", "a mail could not be taken", "a job failed", "a job ended",
}  # fmt: skip
SAID = {
    "engine": {"a mail was taken", "a mail went to quarantine", "a mail could not be taken"},
    "worker": {"a job ended", "a job failed"},
    "serve": {"request", "unhandled"},
}


async def serve(site: Site) -> str:
    """The web, once it answers."""
    port = free_port()
    settings = msgspec.structs.replace(site.settings, web_port=port)
    given = {
        f"PORTAVOCE_{key.upper()}": str(value) for key, value in msgspec.structs.asdict(settings).items()
    }
    with (settings.home / "serve.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from tests.faults.process import main; main('serve', 60)",
            env={**os.environ, **given, "PYTHONPATH": os.pathsep.join(sys.path)}, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    site.started.append(process)
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient() as client:

        async def answers() -> bool:
            try:
                return (await client.get(f"{url}/health/live")).status_code == 200
            except httpx.TransportError:
                return False

        await site.until(answers)
    return url


def canary_letter(to: str) -> bytes:
    sender = f"Gina {CANARY} <{GINA}>"
    return letter(to, f"Un testo {CANARY}", sender=sender, subject=f"Oggetto {CANARY}")


async def mail_comes_in(site: Site) -> None:
    aurora = site.world.aurora
    assert await site.send(canary_letter(aurora.address), aurora) == 250
    assert await site.send(f"{CANARY}\r\n".encode(), aurora) == 250
    await site.superuser.execute(
        "ALTER TABLE pv.customer_identity ADD CONSTRAINT quoted CHECK (shown NOT LIKE 'rotto%') NOT VALID"
    )
    broken = letter(aurora.address, subject=CANARY, sender=f"rotto.{CANARY}@customer.example")
    assert await site.send(broken, aurora) == 250
    await site.superuser.execute("ALTER TABLE pv.inbound_event RENAME COLUMN sender TO sender_gone")
    assert await site.send(canary_letter(aurora.address), aurora) in (0, 451)
    await site.superuser.execute("ALTER TABLE pv.inbound_event RENAME COLUMN sender_gone TO sender")


async def answers_leave(site: Site) -> None:
    """One leaves, one is refused with the address in the relay's words, one breaks in our hands."""
    aurora = site.world.aurora
    first = (await site.world.contacts(aurora))[0].id
    await site.world.answer(aurora, first, f"Risposta {CANARY}")
    await site.settled()
    site.sink.replies["RCPT"] = f"550 {GINA} is unknown here"
    await site.world.answer(aurora, first, f"Risposta {CANARY}")
    await site.settled()
    site.sink.replies.clear()
    await site.superuser.execute("ALTER TABLE pv.mailbox RENAME COLUMN signature TO signature_gone")
    await _answer_and_fail(site)
    await site.superuser.execute("ALTER TABLE pv.mailbox RENAME COLUMN signature_gone TO signature")


async def _answer_and_fail(site: Site) -> None:
    """Put in by hand: the verb itself would read the broken table."""
    again = "UPDATE pv.outbox SET state = 'pending', tries = 0, run_at = now() WHERE state = 'done'"
    await site.superuser.execute("UPDATE pv.message SET state = 'queued' WHERE direction = 'out'")
    await site.superuser.execute("UPDATE pv.outbox SET last_error = NULL")  # the refused one has its own
    await site.superuser.execute(again)
    await site.until(lambda: site.count("SELECT count(*) FROM pv.outbox WHERE last_error IS NOT NULL"))


async def people_look(site: Site, url: str) -> None:
    aurora, anna = site.world.aurora, site.world.anna
    async with site.world.database.begin(HOUSE) as db:
        cookie = open_session(db, anna.person_id, "127.0.0.1")
    contact = (await site.world.contacts(aurora))[0].id
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
        page = (await client.get("/sign-in")).text
        token = page.partition('name="_csrf" value="')[2].partition('"')[0]
        form = {"email": GINA, "password": f"parola {CANARY}", "_csrf": token}
        assert (await client.post("/sign-in", data=form)).status_code == 422
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, cookies={"portavoce": cookie}) as client:
        for path in (f"/invitation/{CANARY}", f"/{CANARY}?q={CANARY}", f"/b/{CANARY}/interactions/{contact}"):
            await client.get(path)
        here = f"/b/{aurora.slug}/interactions/{contact}"
        assert (await client.get(here)).status_code == 200
        await site.superuser.execute("ALTER TABLE pv.message RENAME COLUMN body TO body_gone")
        assert (await client.get(here)).status_code == 500
        await site.superuser.execute("ALTER TABLE pv.message RENAME COLUMN body_gone TO body")


def lines(site: Site, process: str) -> list[dict[str, Any]]:
    """Whatever is no JSON raises."""
    text = (site.settings.home / f"{process}.log").read_text()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


@pytest.mark.deep
async def test_what_goes_wrong_is_told_with_its_brand_and_without_a_word_of_anybodys(site: Site) -> None:
    site.settings = msgspec.structs.replace(site.settings, log_level="debug")
    await site.start("engine")
    await site.start("worker")
    url = await serve(site)
    await mail_comes_in(site)
    await answers_leave(site)
    await people_look(site, url)
    brand = str(site.world.aurora.id)

    async def both_pages_are_told() -> bool:
        """A line about an answer is written once it has left."""
        try:
            seen = [line for line in lines(site, "serve") if line.get("brand") == brand]
        except json.JSONDecodeError:  # a line that is being written
            return False
        return {200, 500} <= {line.get("status") for line in seen}

    await site.until(both_pages_are_told)
    for process, expected in SAID.items():
        found = lines(site, process)
        assert expected <= {line["event"] for line in found}, process
        for line in found:
            assert tuple(line)[:4] == FIRST, line
            assert line["process"] == process
            assert line.keys() <= FIELDS, line
            assert CANARY not in json.dumps(line), line
            if line["event"] in ABOUT_A_BRAND or "{brand}" in line.get("route", ""):
                assert line.get("brand", brand) == brand, line
        named = [line for line in found if line["event"] in ABOUT_A_BRAND]
        assert all("brand" in line or line.get("topic") == "house.mail" for line in named), process
    seen = [line for line in lines(site, "serve") if line.get("status") in (200, 500) and "person" in line]
    assert {line["status"] for line in seen if line.get("brand") == brand} == {200, 500}
    assert all(line["request"] for line in seen)


@pytest.mark.deep
async def test_the_numbers_of_each_process_say_what_happened(site: Site) -> None:
    base = free_ports(2)
    site.settings = msgspec.structs.replace(site.settings, metrics_port=base)
    aurora = site.world.aurora
    await site.start("engine")
    await site.start("worker")
    assert await site.send(letter(aurora.address), aurora) == 250
    with smtplib.SMTP("127.0.0.1", site.settings.smtp_port, timeout=PATIENCE) as client:
        client.helo("x")
        client.mail("g@x.example")
        assert client.rcpt(f"nobody.{CANARY}@nowhere.example")[0] == 550
    await site.world.answer(aurora, (await site.world.contacts(aurora))[0].id)
    await site.settled()
    async with httpx.AsyncClient() as web:
        engine, worker = [(await web.get(f"http://127.0.0.1:{base + n}/metrics")).text for n in range(2)]
    for expected in (
        'portavoce_mails_total{outcome="taken",reason=""} 1.0',
        'portavoce_mails_total{outcome="refused",reason="unknown address"} 1.0',
        'portavoce_outbox_rows{outbox="brand",state="dead"} 0.0',
        "portavoce_database_bytes ",
    ):
        assert expected in engine, expected
    assert 'portavoce_deliveries_total{outcome="sent"} 1.0' in worker
    assert 'portavoce_jobs_total{outcome="done",topic="email.deliver"} 1.0' in worker
    assert CANARY not in engine + worker
