"""Fragments of the stream; who gets them is the hub's business."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from portavoce.web.desk.live_views import DeskViews
from portavoce.web.live.streams import Opened, Stream, Topic
from portavoce.web.templating import Templates
from tests.web.desk.conftest import Desk
from tests.web.desk.house import Worker, arrive
from tests.web.desk.taking import take


def stream_of(desk: Desk, worker: Worker, opened: Opened | None = None) -> Stream:
    brands = frozenset(worker.aliases)
    return Stream(worker.person_id, worker.session_id, worker.agent_id, "it", brands, opened)


async def test_the_holder_sees_the_composer_and_a_colleague_sees_who_holds(
    desk: Desk, templates: Templates
) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    opened = Opened(desk.aurora.id, interaction)
    annas, brunos = stream_of(desk, desk.anna, opened), stream_of(desk, desk.bruno, opened)
    views = DeskViews(desk.database, templates)
    await views.refresh(Topic("interaction", *opened), [annas, brunos])
    mine, theirs = await annas.mailbox.take(), await brunos.mailbox.take()
    assert mine is not None
    assert theirs is not None
    assert b'id="composer-reply"' in mine
    assert b'id="composer-reply"' not in theirs
    assert (b"data-handling" in mine, b"data-handling" in theirs) == (True, False)
    assert b"Anna segue questo contatto." in theirs


async def test_who_holds_a_contact_without_showing_it_gets_their_list_again(
    desk: Desk, templates: Templates
) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    stream = stream_of(desk, desk.anna)
    stream.held = frozenset({interaction})
    topic = Topic("interaction", desk.aurora.id, interaction)
    following = await DeskViews(desk.database, templates).refresh(topic, [stream])
    assert set(following) == {Topic("person", None, desk.anna.agent_id)}
    assert len(stream.mailbox) == 0


async def test_a_contact_that_is_gone_is_passed_over(desk: Desk, templates: Templates) -> None:
    opened = Opened(desk.aurora.id, uuid4())
    stream = stream_of(desk, desk.anna, opened)
    views = DeskViews(desk.database, templates)
    assert list(await views.refresh(Topic("interaction", *opened), [stream])) == []
    assert list(await views.refresh(Topic("weather", None, None), [stream])) == []
    assert len(stream.mailbox) == 0


async def test_a_reader_of_many_brands_is_told_the_first_of_each_and_how_many_there_are(
    desk: Desk, templates: Templates
) -> None:
    for _ in range(4):
        await arrive(desk.database, desk.aurora)
    of_two = stream_of(desk, desk.anna)
    of_sixty = replace(stream_of(desk, desk.bruno), brands=of_two.brands | {uuid4() for _ in range(58)})
    await DeskViews(desk.database, templates).refresh(
        Topic("queue", desk.aurora.id, None), [of_two, of_sixty]
    )
    shown = [await stream.mailbox.take() or b"" for stream in (of_two, of_sixty)]
    assert [html.count(b'<li id="qi-') for html in shown] == [4, 3]
    assert all(b'data-total="4"' in html for html in shown)
