"""A customer's program follows Reply-To, Message-ID and References; it answers brands, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from random import Random

import pytest

from portavoce.channels.email.composing import Reply, compose
from portavoce.demo.answering import LONGEST, answer_to
from portavoce.demo.posts import Post, write

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _reply(**changes: object) -> bytes:
    values: dict[str, object] = {
        "brand_name": "NordCaffè",
        "brand_address": "ciao@nordcaffe.example",
        "to_name": "",
        "to_address": "gina.rossini@posta.example",
        "subject": "La macchina perde",
        "text": "Ciao Gina, arriva sabato.",
        "signature": "Il team",
        "message_id": "<our.1@nordcaffe.example>",
        "date": NOON,
        "in_reply_to": "<hers.1@posta.example>",
        "references": ("<hers.1@posta.example>",),
        "reply_to": "ciao+token@nordcaffe.example",
    }
    return compose(Reply(**{**values, **changes}))  # type: ignore[arg-type] # -- the values of one test


def _answer(raw: bytes, chance: float = 1.0) -> Post | None:
    return answer_to(raw, Random(1), NOON, chance=chance)


def test_it_goes_where_reply_to_asks_and_names_the_whole_thread() -> None:
    post = _answer(_reply())
    assert post is not None
    assert post.recipient == "ciao+token@nordcaffe.example"
    assert post.sender == "gina.rossini@posta.example"
    assert post.references == ("<hers.1@posta.example>", "<our.1@nordcaffe.example>")
    assert post.subject == "Re: La macchina perde"
    assert "> Ciao Gina, arriva sabato." in post.text
    sent: Message = message_from_bytes(write(post))
    assert sent["In-Reply-To"] == "<our.1@nordcaffe.example>"


def test_without_reply_to_it_goes_to_the_sender() -> None:
    post = _answer(_reply(reply_to=""))
    assert post is not None
    assert post.recipient == "ciao@nordcaffe.example"


@pytest.mark.parametrize(
    "changes",
    [
        {"automatic": True},
        {"brand_address": "portavoce@portavoce.example", "reply_to": ""},
        {"references": tuple(f"<{n}@x.example>" for n in range(LONGEST))},
    ],
    ids=["an automatic mail", "a mail of the house", "a long thread"],
)
def test_some_mails_are_left_unanswered(changes: dict[str, object]) -> None:
    assert _answer(_reply(**changes)) is None


def test_not_every_customer_answers() -> None:
    assert _answer(_reply(), chance=0.0) is None


def test_any_bytes_are_read_without_an_error() -> None:
    assert _answer(b"\x00\xff no mail") is None
