"""FT-08: web two minutes ahead, worker two behind, engine set back an hour: work goes on, forwards, once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from portavoce.calendars import timeline
from portavoce.calendars.founding import calendar_versions
from portavoce.contracts.models import Clause
from portavoce.core.scope import HOUSE
from portavoce.core.secrets import secret
from portavoce.identity.sessions import hashed, open_session
from portavoce.web.security import csrf_token
from tests.calendars.minutes import Calculator
from tests.faults.clocks import FalseClock
from tests.faults.site import Site
from tests.web.live.serving import WebProcess
from tests.world import letter

pytestmark = pytest.mark.deep

BACKWARDS = {
    "messages sent before they were written": "SELECT count(*) FROM pv.message WHERE sent_at < at",
    "contacts answered or closed before they came": """
        SELECT count(*) FROM pv.interaction WHERE first_response_at < opened_at OR closed_at < opened_at
    """,
    "messages older than their contact": """
        SELECT count(*) FROM pv.message m JOIN pv.interaction i ON i.brand_id = m.brand_id AND i.id = m.interaction_id
         WHERE m.at < i.opened_at
    """,
    "handling that ends before it begins": "SELECT count(*) FROM pv.handling_segment WHERE ended_at < started_at",
    "states of an agent that begin before the one before": """
        SELECT count(*) FROM (SELECT since, lag(since) OVER (PARTITION BY agent_id ORDER BY seq) AS before
                                FROM pv.agent_state) t WHERE since < before
    """,
}
SENT = "SELECT count(*) FROM pv.message WHERE direction = 'out' AND state = 'sent'"
TOLD = "SELECT count(*) FROM pv.ledger_event WHERE kind = %s"


class AnnasBrowser:
    """Her requests to the web process; `take` gives the contact that waits."""

    def __init__(self, site: Site, web: WebProcess, client: httpx.AsyncClient, cookie: str) -> None:
        self.site, self.web, self.client = site, web, client
        key = secret(site.settings.secrets_dir, "csrf")
        self.headers = {
            "X-CSRF-Token": csrf_token(key, hashed(cookie)), "HX-Request": "true",
            "Cookie": f"portavoce={cookie}",
        }  # fmt: skip

    async def post(self, path: str, **form: object) -> str:
        values = {name: str(value) for name, value in form.items()}
        answer = await self.client.post(self.web.url + path, headers=self.headers, data=values or {"x": "1"})
        assert answer.status_code in (200, 204), (path, answer.status_code, answer.text[:500])
        return answer.text

    async def answer(self, contact: UUID) -> None:
        aurora = self.site.world.aurora
        place = f"/b/{aurora.slug}/interactions/{contact}"
        await self.post(f"{place}/claim")
        await self.post(f"{place}/focus")
        await self.post(f"{place}/messages", **self.expected(contact), text="Ecco.")

    def expected(self, contact: UUID) -> dict[str, UUID]:
        return {"expected_brand": self.site.world.aurora.id, "expected_interaction": contact}


@pytest_asyncio.fixture
async def anna(site: Site, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AnnasBrowser]:
    """Signed in at a web process whose clock is two minutes ahead."""
    ahead = FalseClock(site.settings.home, "web", by="+120s", zone="Pacific/Apia")
    with monkeypatch.context() as patch:
        for name, value in ahead.environment.items():
            patch.setenv(name, value)
        web = WebProcess(site.settings.home, site.redis.url, site.installation.urls)
    await asyncio.to_thread(web.start)
    async with site.world.database.begin(HOUSE) as db:
        cookie = open_session(db, site.world.anna.person_id, "127.0.0.1")
    async with httpx.AsyncClient(timeout=60) as client:
        yield AnnasBrowser(site, web, client, cookie)
    await asyncio.to_thread(web.close)


async def arrived(site: Site, text: str) -> UUID:
    aurora = site.world.aurora
    assert await site.send(letter(aurora.address, text), aurora) == 250
    return next(each.id for each in await site.world.contacts(aurora) if each.state == "waiting")


async def test_with_clocks_minutes_and_an_hour_apart_answers_leave_once_and_nothing_runs_backwards(
    site: Site, anna: AnnasBrowser
) -> None:
    home, count = site.settings.home, site.count
    for table in ("contract_version", "calendar_version"):  # they are older than the hour of the step
        await site.superuser.execute(
            f"UPDATE pv.{table} SET valid_from = valid_from - interval '1 day'".encode()
        )
    clock = FalseClock(home, "engine", zone="Australia/Lord_Howe", steps=True)
    site.environments["engine"] = clock.environment
    site.environments["worker"] = FalseClock(home, "worker", by="-120s", zone="America/New_York").environment
    await site.start("engine", stuck=2)
    await site.start("worker")
    for state in ("aux break", "ready"):
        await anna.post("/desk/state", state=state)
    first = await arrived(site, "prima")
    await anna.answer(first)
    await site.until(lambda: count(SENT))
    clock.set("-1h")
    await site.until(lambda: count("SELECT count(*) FROM pv.heartbeat WHERE at < now() - interval '50 min'"))
    second = await arrived(site, "seconda")
    await anna.answer(second)
    await site.until(lambda: _is(count(SENT), 2))
    place = f"/b/{site.world.aurora.slug}/interactions"
    await anna.post(f"{place}/{first}/closure", **anna.expected(first), disposition="solved")
    await site.superuser.execute("UPDATE pv.agent_sign SET seen_at = seen_at - interval '30 minutes'")
    await site.superuser.execute(
        "UPDATE pv.handling_segment SET started_at = started_at - interval '30 minutes',"
        " seen_at = seen_at - interval '30 minutes' WHERE ended_at IS NULL"
    )
    ended = await count(TOLD, "handling.ended")
    assert (
        await count(TOLD, "interaction.released") == 0
    )  # by the engine's clock she was there an hour from now
    clock.set("+0")
    await site.until(lambda: count(TOLD, "interaction.released"))
    clock.set("-1h")
    await site.until(lambda: count("SELECT count(*) FROM pv.heartbeat WHERE at < now() - interval '50 min'"))
    clock.set("+0")
    await site.until(lambda: count("SELECT count(*) FROM pv.heartbeat WHERE at > now() - interval '9 s'"))
    assert await count(TOLD, "interaction.released") == 1
    assert await count(TOLD, "handling.ended") == ended + 1
    await site.settled()
    assert len(site.sink.mails) == 2
    assert "refused a job" not in (home / "worker.log").read_text()
    assert [name for name, query in BACKWARDS.items() if await count(query)] == []
    assert await site.faults() == []


async def _is(counting: object, wanted: int) -> bool:
    return await counting == wanted  # type: ignore[misc, no-any-return]  # -- a coroutine of count()


async def test_in_the_night_of_a_change_of_clocks_under_another_zone_the_due_instant_is_the_calculators(
    site: Site,
) -> None:
    """The engine lives at 01:58 of 28 March 2027 in Rome, on a machine of New York."""
    aurora = site.world.aurora
    night = datetime(2027, 3, 28, 0, 58, tzinfo=UTC)
    clock = FalseClock(
        site.settings.home, "engine", by=f"{(night - datetime.now(UTC)).total_seconds():+.0f}s", zone="America/New_York",
    )  # fmt: skip
    site.environments["engine"] = clock.environment
    await site.start("engine")
    assert await site.send(letter(aurora.address), aurora) == 250
    [contact] = await site.world.contacts(aurora)
    assert abs(contact.opened_at - night) < timedelta(minutes=10)
    async with site.world.database.begin(aurora.reading) as db:
        clause = (await db.scalars(select(Clause).where(Clause.channel == "email"))).one()
        assert clause.calendar_id is not None
        assert clause.target_s is not None
        [(_, calendar)] = await calendar_versions(db, clause.calendar_id)
    assert contact.due_at is not None
    calculator = Calculator(calendar.weekly, calendar.zone, contact.opened_at, contact.due_at + timedelta(1))
    assert calculator.due(contact.opened_at, timedelta(seconds=clause.target_s)) == contact.due_at
    used = timeline.elapsed([calendar], contact.opened_at, contact.due_at)
    assert used == calculator.elapsed(contact.opened_at, contact.due_at)
    assert re.search(r"\berror\b", (site.settings.home / "engine.log").read_text()) is None
    assert await site.faults() == []
