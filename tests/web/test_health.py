"""Alive and ready: what is asked, and what each part that fails does to the answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from portavoce.core.heartbeat import beat
from portavoce.web import health
from portavoce.web.health import run_checks
from tests.web.browsing import Browser, Site


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def broken() -> bool:
    raise ConnectionError("redis://user:password@host")


async def never() -> bool:
    await asyncio.sleep(60)
    return True


async def test_alive_needs_nothing(browser: Browser) -> None:
    answer = await browser.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_while_every_process_gives_signs_of_life(the_site: Site, browser: Browser) -> None:
    the_site.app.state.probes = {"redis": yes, "migrations": yes}
    for process in ("engine", "worker"):
        await beat(the_site.database, process)
    answer = await browser.get("/health/ready")
    names = ("postgresql", "engine", "worker", "redis", "migrations")
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(names, "ok")}
    the_site.database.clock.advance(timedelta(seconds=31))  # type: ignore[attr-defined]  # -- a stepped clock
    await beat(the_site.database, "worker")
    stale = await browser.get("/health/ready")
    assert stale.status_code == 503
    assert stale.json()["checks"] == {**dict.fromkeys(names, "ok"), "engine": "failed"}


async def test_without_postgresql_it_is_alive_and_not_ready(
    the_site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(type(the_site.database), "begin", gone)
    assert (await browser.get("/health/live")).status_code == 200
    answer = await browser.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == dict.fromkeys(("postgresql", "engine", "worker"), "failed")


async def test_a_check_that_fails_breaks_or_hangs_is_failed_and_says_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    verdicts = await run_checks({"a": yes, "b": no, "c": broken, "d": never})
    assert verdicts == {"a": "ok", "b": "failed", "c": "failed", "d": "failed"}
