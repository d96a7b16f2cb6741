"""`kill -9` at the steps of an inbound mail, a claim, an answer and a sending that locks and gates do not reach (FT-01).

The line to PostgreSQL falls silent at a chosen statement: what was asked did or did not arrive, and nobody hears.
"""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import httpx
import pytest

from portavoce.core import dispatching
from tests.fakes.tcp_proxy import Stop, TcpProxy
from tests.faults.agent import Agent, signed_in, url
from tests.faults.site import PATIENCE, Site
from tests.world import letter

pytestmark = pytest.mark.deep
EVENTS = "SELECT count(*) FROM pv.inbound_event"
OUT = "SELECT count(*) FROM pv.message WHERE direction = 'out'"
FILING, ANSWERING, TAKING = b"INSERT INTO pv.inbound_event", b"INSERT INTO pv.message", b"UPDATE pv.work_item"
COMMITTED = Stop(FILING, b"COMMIT", heard=True)
INBOUND = (
    COMMITTED,
    Stop(b"pv.resolve"),
    Stop(FILING),
    Stop(b"INSERT INTO pv.stored_file"),
    Stop(b"INSERT INTO pv.message"),
    Stop(FILING, b"COMMIT"),
)
AT_DESK = [
    (verb, Stop(first, b"COMMIT", heard=heard))
    for verb, first in (("claim", TAKING), ("reply", ANSWERING))
    for heard in (True, False)
]


def told(stop: Stop) -> str:
    return f"{stop.first.decode().split()[-1]}-{stop.then.decode()}-{stop.heard}"


async def stopped(proxy: TcpProxy, answer: asyncio.Task[int] | None = None) -> None:
    async with asyncio.timeout(PATIENCE):
        while not proxy.stopped.is_set():
            assert answer is None or not answer.done(), f"answered {answer.result()} before it came so far"
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("stop", INBOUND, ids=told)
async def test_an_engine_killed_at_a_step_of_a_mail_leaves_it_whole_or_not_at_all(
    site: Site, stop: Stop
) -> None:
    aurora = site.world.aurora
    raw = letter(aurora.address)
    async with site.proxied() as proxy:
        engine = await site.start("engine")
        proxy.arm(stop)
        answer = asyncio.create_task(site.send(raw, aurora))
        await stopped(proxy, answer)
        await site.until(lambda: has_ended(site, stop))
        await site.kill(engine)
        assert await answer == 0
    assert await site.count(EVENTS) == (1 if stop is COMMITTED else 0)
    await site.start("engine")
    assert [await site.send(raw, aurora) for _ in range(2)] == [250, 250]
    assert await site.count(EVENTS) == 1
    assert await site.faults() == []


async def has_ended(site: Site, stop: Stop) -> bool:
    return not stop.heard or await site.count(EVENTS) == 1


async def test_an_engine_killed_in_the_middle_of_data_has_taken_nothing(site: Site) -> None:
    aurora = site.world.aurora
    raw = letter(aurora.address, "x\n" * 5_000)
    engine = await site.start("engine")
    with socket.create_connection(("127.0.0.1", site.settings.smtp_port), PATIENCE) as line:
        line.recv(500)
        for words in (
            b"EHLO x",
            b"MAIL FROM:<gina@customer.example>",
            b"RCPT TO:<%s>" % aurora.address.encode(),
            b"DATA",
        ):
            line.sendall(words + b"\r\n")
            await asyncio.to_thread(line.recv, 5_000)
        line.sendall(raw[:3_000])
        await site.kill(engine)
    assert await site.count(EVENTS) == 0
    await site.start("engine")
    assert await site.send(raw, aurora) == 250
    assert await site.faults() == []


@pytest.mark.parametrize(
    ("verb", "stop"), AT_DESK, ids=lambda each: each if isinstance(each, str) else told(each)
)
async def test_a_web_process_killed_at_a_step_of_a_verb_did_it_once_or_not_at_all(
    site: Site, verb: str, stop: Stop
) -> None:
    """The next process serves, the person tries again, and there is one claim and one answer."""
    world, aurora = site.world, site.world.aurora
    await world.receive(aurora, letter(aurora.address))
    [contact] = await world.contacts(aurora)
    async with site.proxied() as proxy, httpx.AsyncClient(base_url=site.settings.base_url) as client:
        serve = await site.start("serve")
        anna = await signed_in(client, world.database, world.anna)
        if verb == "reply":
            assert await anna.claim(aurora, contact.id) == 303
        form = await anna.composer(aurora, contact.id)
        proxy.arm(stop)
        answer = asyncio.create_task(
            anna.claim(aurora, contact.id)
            if form is None
            else anna.reply(aurora, contact.id, form, "Eccomi.")
        )
        await stopped(proxy, answer)
        await site.kill(serve)
        assert await answer == 0
        await site.start("serve")
        await _again(anna, site, verb, form)
    [contact] = await world.contacts(aurora)
    assert contact.brand_agent_id == world.anna.at(aurora).id
    assert await site.count(OUT) == (verb == "reply")
    assert await site.faults() == []


async def _again(anna: Agent, site: Site, verb: str, form: dict[str, str] | None) -> None:
    aurora = site.world.aurora
    [contact] = await site.world.contacts(aurora)
    if verb == "claim":
        assert await anna.claim(aurora, contact.id) == 303
    elif form is not None and (
        "form_key" in form or not await anna.has_written(aurora, contact.id, "Eccomi.")
    ):
        assert await anna.reply(aurora, contact.id, form, "Eccomi.") == 303
    page = await anna.get(url(aurora, contact.id))
    assert page is not None
    assert page.status_code == 200


@pytest.mark.parametrize("heard", [True, False], ids=["committed", "not committed"])
async def test_a_worker_killed_while_it_writes_down_the_end_sent_it_once(
    site: Site, monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    """The relay has said 250; whether the state was committed decides between sent and uncertain."""
    monkeypatch.setattr(dispatching, "STUCK", timedelta(0))
    answer = await site.world.answered(site.world.aurora)
    site.sink.close_gate("dot")
    async with site.proxied() as proxy:
        worker = await site.start("worker")
        await site.hand_over()
        await site.sink.held_at("dot")
        proxy.arm(Stop(b"UPDATE pv.message", b"COMMIT", heard=heard))
        site.sink.open_gate("dot")
        await stopped(proxy)
        state = "sent" if heard else "sending"
        await site.until(lambda: site.count("SELECT count(*) FROM pv.message WHERE state = %s", state))
        await site.kill(worker)
    await site.start("worker")
    assert await site.hand_over() == 1
    await site.settled()
    assert (await site.world.message(site.world.aurora, answer.id)).state == (
        "sent" if heard else "uncertain"
    )
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


async def test_a_worker_killed_before_the_relay_has_greeted_it_leaves_the_mail_to_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "STUCK", timedelta(0))
    await site.world.answered(site.world.aurora)
    site.sink.close_gate("greeting")
    worker = await site.start("worker")
    await site.hand_over()
    await site.sink.held_at("greeting")
    await site.kill(worker)
    site.sink.open_gate("greeting")
    await site.start("worker")
    assert await site.hand_over() == 1
    await site.settled()
    assert len(site.sink.mails) == 1
    assert await site.faults() == []
