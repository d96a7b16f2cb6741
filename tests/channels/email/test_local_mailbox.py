"""Without a relay, what was sent is kept for the page that shows it."""

from __future__ import annotations

import smtplib
from asyncio import to_thread
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portavoce.channels.email import local_mailbox
from portavoce.channels.email.local_mailbox import KEPT, keep, serve_local_mailbox

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def test_it_takes_any_mail_by_smtp_and_keeps_its_bytes(tmp_path: Path) -> None:
    server = await serve_local_mailbox(tmp_path / "sent", host="127.0.0.1", port=0, now=lambda: AT)

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client:
            client.sendmail(
                "care@aurora.example", ["gina@x.example", "u@y.example"], b"Subject: a\r\n\r\nb\r\n"
            )

    await to_thread(send)
    await server.close(grace=5)
    [kept] = (tmp_path / "sent").iterdir()
    assert kept.read_bytes().endswith(b"Subject: a\r\n\r\nb\r\n")
    assert kept.name.startswith("20260302T120000.000000-")


def test_the_newest_are_kept_and_no_draft_stays(tmp_path: Path) -> None:
    for second in range(KEPT + 3):
        keep(tmp_path, b"%d" % second, AT + timedelta(seconds=second))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == KEPT
    assert names[0].startswith("20260302T120003")


def test_what_two_mails_share_in_time_does_not_make_them_one(tmp_path: Path) -> None:
    assert keep(tmp_path, b"a", AT) != keep(tmp_path, b"b", AT)
    assert local_mailbox.NOBODY.int == 0
