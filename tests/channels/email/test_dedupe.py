"""A relay's retry is the same mail; two mails are two."""

import pytest

from portavoce.channels.email.dedupe import key
from tests.channels.email.corpus import but, mail


def test_a_retry_with_other_trace_fields_is_the_same_mail() -> None:
    again = b"Return-Path: <gina@x>\r\nReceived: from a by b;\r\n\tnow\r\nX-Spam: no\r\n" + mail()
    assert key(again) == key(mail()) == key(mail().replace(b"\r\n", b"\n"))


@pytest.mark.parametrize(
    "other",
    [
        mail(b"Other"),
        mail(head=but(b"Subject", b"Other")),
        mail(head=but(b"Message-ID", b"<other@x>")),
        mail(head=but(b"From", b"u@x.example")),
        mail(head=but(b"Date", b"")),
    ],
)
def test_a_mail_that_differs_where_people_write_is_another(other: bytes) -> None:
    assert key(other) != key(mail())
