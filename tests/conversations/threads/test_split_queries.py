"""What may be split, as the dialog shows it, and what was."""

from __future__ import annotations

from datetime import timedelta

from portavoce.conversations.models import Attachment
from portavoce.conversations.replying import reply
from portavoce.conversations.threads.rejoining import rejoin_contact
from portavoce.conversations.threads.split_queries import EXCERPT, movable, splits_of
from portavoce.conversations.withdrawing import withdraw
from tests.conversations.threads.split_off import split, two_matters
from tests.conversations.threads.twice import thread_of
from tests.floor import Floor

_SOON = timedelta(minutes=5)


async def test_each_message_says_whether_an_answer_was_written_after_it(floor: Floor) -> None:
    contact, [first, second] = await two_matters(floor, mails=2)

    async def answered() -> list[bool]:
        return [each.answered for each in await floor.do(movable, contact)]

    assert await answered() == [False, False]
    floor.later(minutes=1)
    answer = await floor.do(reply, contact, "Ecco.", by=floor.anna)
    assert await answered() == [True, True]
    floor.later(minutes=1)
    third = await floor.write_in(thread=await thread_of(floor, contact))
    rows = await floor.do(movable, contact)
    assert [(each.id, each.answered) for each in rows] == [(first, True), (second, True), (third.id, False)]
    assert {(each.author, each.subject, each.files) for each in rows} == {("Gina Verdi", "Aiuto", 0)}
    assert all(len(each.excerpt) <= EXCERPT for each in rows)
    assert (answer.state, await floor.rows(Attachment)) == ("queued", [])


async def test_an_answer_that_was_taken_back_answers_nothing(floor: Floor) -> None:
    contact, _ = await two_matters(floor, mails=2)
    answer = await floor.do(reply, contact, "Ecco.", by=floor.anna, leaves_at=floor.clock.now() + _SOON)
    await floor.do(withdraw, answer.id, by=floor.anna)
    assert [each.answered for each in await floor.do(movable, contact)] == [False, False]


async def test_a_thread_tells_of_all_that_left_it_and_of_what_came_back(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    done = await split(floor, contact, said[2:])
    floor.later(minutes=1)
    await floor.do(rejoin_contact, done.opened_id, by=floor.anna)
    again = await split(floor, contact, said[1:])
    thread = await thread_of(floor, contact)
    told = await floor.do(splits_of, thread)
    assert [(each.other_id, each.messages, each.undone_at is None) for each in told] == [
        (done.opened_id, 1, False),
        (again.opened_id, 2, True),
    ]
    assert {each.alias for each in told} == {floor.anna.alias}
    assert await floor.do(splits_of, await thread_of(floor, (await floor.write_in()).interaction_id)) == ()
