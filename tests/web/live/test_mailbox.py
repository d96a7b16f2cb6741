"""What waits for a browser."""

from __future__ import annotations

import asyncio

from portavoce.web.live.mailbox import Mailbox


async def test_a_newer_message_of_a_kind_takes_the_older_ones_place() -> None:
    mailbox = Mailbox()
    for number in range(1000):
        mailbox.put("queue", b"%d" % number)
        mailbox.put("person", b"p")
    assert len(mailbox) == 2
    assert await mailbox.take() == b"999p"
    assert len(mailbox) == 0


async def test_a_reader_waits_for_the_next_message() -> None:
    mailbox = Mailbox()
    reading = asyncio.ensure_future(mailbox.take())
    await asyncio.sleep(0)
    assert not reading.done()
    mailbox.put("queue", b"1")
    assert await reading == b"1"


async def test_a_closed_mailbox_is_emptied_and_then_ends() -> None:
    mailbox = Mailbox()
    mailbox.put("queue", b"1")
    mailbox.close()
    mailbox.put("queue", b"2")
    assert [await mailbox.take(), await mailbox.take()] == [b"1", None]


async def test_what_came_while_the_first_was_read_follows_it_and_is_not_replaced() -> None:
    mailbox, first = Mailbox(), Mailbox()
    mailbox.put("queue", b"newer queue ")
    mailbox.put("person", b"newer person ")
    for kind in ("snapshot", "person"):
        first.put(kind, f"old {kind} ".encode())
    mailbox.begin_with(first)
    assert await mailbox.take() == b"old snapshot newer person newer queue "
