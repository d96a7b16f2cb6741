"""The application is asked by people of whom there is no row, and keeps nothing of it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from portavoce.web.live.hub import Hub
from portavoce.web.trespassing import asking
from portavoce.web.trespassing.asking import ask, stranger
from tests.versions import versions
from tests.web.trespassing.conftest import Ground


async def test_nothing_is_left_behind_and_nobody_was_refused(
    ground: Ground, superuser: psycopg.Connection[Any]
) -> None:
    before = versions(superuser, but=())
    contact = f"/b/{ground.world.aurora.slug}/interactions/{ground.samples[0].interaction}"
    aurora = (ground.world.aurora.id, ground.world.aurora.slug)
    for who, status in (
        (stranger(), 404),
        (stranger((*ground.bosco, "agent")), 404),
        (stranger((*aurora, "agent")), 200),
    ):
        assert (await ask(ground.app, contact, who)).status == status
    assert versions(superuser, but=()) == before


async def test_a_stream_is_left_after_what_comes_first(ground: Ground) -> None:
    answer = await ask(ground.app, "/desk/stream", stranger((*ground.bosco, "agent")))
    assert (answer.status, answer.body[:12]) == (200, b"event: queue")
    assert len(ground.app.state.hub) == 0


async def test_a_stream_that_ends_before_its_first_word_is_left_as_well(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub cuts off who has no session, at times before anything was read for it."""
    monkeypatch.setattr(asking, "PATIENCE", 5)
    monkeypatch.setattr(Hub, "add", lambda _self, stream: stream.mailbox.cut())
    answer = await ask(ground.app, "/desk/stream", stranger((*ground.bosco, "agent")))
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(("house_admin", "status"), [(False, 404), (True, 200)])
async def test_an_administrator_of_the_house_can_be_played(
    ground: Ground, house_admin: bool, status: int
) -> None:
    assert (await ask(ground.app, "/admin", stranger(house_admin=house_admin))).status == status
