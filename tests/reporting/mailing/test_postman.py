"""A report leaves once, to who may have it when it leaves, and says the same at every try."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person
from portavoce.reporting.mailing.models import ReportMailing
from portavoce.reporting.mailing.schedules import end_schedule
from tests.database import NOON
from tests.fakes.smtp_sink import DROP, SmtpSink, running
from tests.reporting.mailing.conftest import DAY, HOUR, Post, plain
from tests.reporting.telling import Contact, tell


async def due(post: Post, *names: str) -> None:
    await post.schedule(*names)
    post.clock.advance(DAY)
    await post.begin()


async def test_it_leaves_once_under_the_providers_name(post: Post) -> None:
    await due(post, "carla")
    for _ in range(3):
        await post.deliver()
    [mail] = post.mails
    assert str(mail["Subject"]) == "Report 2026-03-02"
    assert mail["From"].addresses[0].addr_spec == "portavoce@voxa.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert await post.states() == ["sent"]


async def test_who_lost_the_grant_after_it_was_saved_gets_nothing(post: Post) -> None:
    """SEC-05."""
    await due(post, "carla", "rosa")
    await post.lose_access("carla")
    await post.deliver()
    assert [mail["To"].addresses[0].addr_spec.split(".")[0] for mail in post.mails] == ["rosa"]
    assert await post.states() == ["refused", "sent"]


async def test_whose_account_was_closed_gets_nothing(post: Post) -> None:
    await due(post, "carla")
    async with post.database.begin(HOUSE) as db:
        gone = update(Person).where(Person.id == post.people["carla"]).values(disabled_at=NOON)
        await db.execute(gone)
    await post.deliver()
    assert post.mails == []
    assert await post.states() == ["refused"]


async def test_access_is_looked_at_again_before_every_try(post: Post) -> None:
    async with running(SmtpSink(replies={"MAIL": "451 later"})) as busy:
        free, post.sink = post.sink, busy
        await due(post, "carla")
        await post.deliver()
    assert await post.states() == ["waiting"]
    post.sink = free
    await post.lose_access("carla")
    post.clock.advance(HOUR)
    await post.deliver()
    assert post.mails == []
    assert await post.states() == ["refused"]


async def test_what_waits_of_an_ended_schedule_does_not_leave(post: Post) -> None:
    schedule, by = await post.schedule("carla"), post.people["rosa"]
    post.clock.advance(DAY)
    await post.begin()
    await post.database.run(post.aurora.writing, lambda db: end_schedule(db, schedule, person_id=by))
    await post.deliver()
    assert post.mails == []


async def test_a_later_try_tells_the_numbers_of_the_first(post: Post) -> None:
    async with running(SmtpSink(replies={"RCPT": "451 later"})) as busy:
        free, post.sink = post.sink, busy
        await due(post, "carla")
        await post.deliver()
    [first] = await post.mailings()
    assert first.n is not None
    post.clock.advance(HOUR)
    await tell(post.database, post.aurora, Contact(NOON), Contact(NOON))
    post.sink = free
    await post.deliver()
    [mail] = post.mails
    assert f"Up to fact {first.n}," in mail.get_content()
    [last] = await post.mailings()
    assert (last.n, last.as_of, last.state) == (first.n, first.as_of, "sent")


@pytest.mark.parametrize(
    ("replies", "state", "outbox"),
    [
        ({"RCPT": "550 nobody"}, "failed", "dead"),
        ({"dot": "452 full"}, "waiting", "pending"),
        ({"greeting": DROP}, "waiting", "pending"),
        ({"dot": DROP}, "uncertain", "done"),
    ],
    ids=["refused", "full", "away", "no answer"],
)
async def test_what_the_relay_says_is_kept(
    post: Post, replies: dict[str, Any], state: str, outbox: str
) -> None:
    async with running(SmtpSink(replies=replies)) as sink:
        post.sink = sink
        await due(post, "carla")
        await post.deliver()
    assert await post.states() == [state]
    async with post.database.begin(post.aurora.reading) as db:
        assert (await db.scalars(select(Outbox.state))).all() == [outbox]


async def test_one_that_was_cut_off_while_leaving_does_not_leave_again(post: Post) -> None:
    await due(post, "carla")
    async with post.database.begin(post.aurora.writing) as db:
        await db.execute(update(ReportMailing).values(state="leaving"))
    await post.deliver()
    assert post.mails == []
    assert await post.states() == ["uncertain"]


async def test_of_two_workers_with_the_same_mailing_one_sends(post: Post) -> None:
    await due(post, "carla")
    [mailing] = await post.mailings()
    job = Job(post.aurora.id, mailing.id)
    other = post.postman

    async def meanwhile(database: Any, asked: Any) -> Any:
        await other.deliver(database, job)
        return await plain(database, asked)

    post.write = meanwhile
    await post.postman.deliver(post.database, job)
    assert len(post.mails) == 1
    assert await post.states() == ["sent"]
