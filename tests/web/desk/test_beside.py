"""Who else is at the open contact, as the screens of the others show it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest_asyncio

from portavoce.core.looking import LOOKS_FOR, Lookers, Place
from portavoce.web.desk.live_views import DeskViews
from portavoce.web.live.streams import LOOKING, Opened, Stream, Topic
from portavoce.web.templating import Templates
from tests.web.desk.conftest import Desk
from tests.web.desk.house import Worker
from tests.web.desk.taking import take


@pytest_asyncio.fixture
async def lookers(broker: str, desk: Desk) -> AsyncIterator[Lookers]:
    made = Lookers(broker, desk.database.clock)
    yield made
    await made.close()


def at_contact(worker: Worker, desk: Desk, interaction: UUID) -> Stream:
    opened = Opened(desk.aurora.id, interaction)
    return Stream(
        worker.person_id, worker.session_id, worker.agent_id, "en", frozenset(worker.aliases), opened
    )


async def shown(stream: Stream) -> str:
    return (await stream.mailbox.take() or b"").decode() if len(stream.mailbox) else ""


async def test_who_comes_sees_who_is_there_and_is_seen_until_they_leave(
    desk: Desk, templates: Templates, lookers: Lookers
) -> None:
    views = DeskViews(desk.database, templates, lookers)
    interaction = await take(desk, desk.aurora, desk.anna)
    annas, brunos = (at_contact(worker, desk, interaction) for worker in (desk.anna, desk.bruno))
    topic = Topic(LOOKING, desk.aurora.id, interaction)
    await views.snapshot(annas)
    assert "looking too" not in await shown(annas)
    await views.snapshot(brunos)
    assert "Anna is looking too" in await shown(brunos)
    await views.refresh(topic, [annas])
    assert "Bruno is looking too" in await shown(annas)
    await views.refresh(topic, [annas])
    assert await shown(annas) == ""  # nothing new
    desk.database.clock.advance(timedelta(seconds=LOOKS_FOR + 1))  # type: ignore[attr-defined]  # -- the stepped one
    await views.beat([annas])
    left = await shown(annas)
    assert 'hx-target="#beside"' in left
    assert "Bruno" not in left


async def test_who_types_is_said_to_write_and_whom_the_brand_does_not_know_is_not_named(
    desk: Desk, templates: Templates, lookers: Lookers
) -> None:
    views = DeskViews(desk.database, templates, lookers)
    interaction = await take(desk, desk.aurora, desk.anna)
    place = Place(desk.aurora.id, interaction)
    brunos = at_contact(desk.bruno, desk, interaction)
    await lookers.mark([(place, desk.anna.agent_id), (place, desk.aurora.id)], "types")
    await views.refresh(Topic(LOOKING, *place), [brunos])
    told = await shown(brunos)
    assert told.count("is writing") == 1
    assert "Anna is writing" in told


async def test_a_page_that_comes_back_forgets_who_was_there_before(
    desk: Desk, templates: Templates, lookers: Lookers
) -> None:
    """Its browser still shows them: the stream before ended with somebody beside."""
    views = DeskViews(desk.database, templates, lookers)
    interaction = await take(desk, desk.aurora, desk.anna)
    again = at_contact(desk.anna, desk, interaction)
    await views.snapshot(again)
    assert 'hx-target="#beside" hx-swap="innerHTML"></hx-partial>' in await shown(again)
