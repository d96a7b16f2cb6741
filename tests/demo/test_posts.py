"""What customers send is mail that our own reader understands."""

from __future__ import annotations

from datetime import UTC, datetime

from portavoce.channels.email.parsing import parse
from portavoce.channels.email.quoting import fold
from portavoce.demo import posts
from portavoce.demo.posts import Post

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _post(**changes: object) -> Post:
    plain = Post(
        "Gina Rossini", "gina@posta.example", "care@aurora.example", "Perché?", "Città e caffè\n", "<1@posta.example>", NOON
    )  # fmt: skip
    return plain._replace(**changes)  # type: ignore[arg-type] # -- the changes of one test


def test_a_plain_mail_is_read_as_it_was_meant() -> None:
    mail = parse(posts.write(_post()))
    assert (mail.from_name, mail.from_address) == ("Gina Rossini", "gina@posta.example")
    assert (mail.subject, mail.text.strip(), mail.message_id) == (
        "Perché?",
        "Città e caffè",
        "<1@posta.example>",
    )
    assert mail.attachments == ()
    assert not mail.automatic


def test_an_answer_names_what_it_answers() -> None:
    mail = parse(posts.write(_post(references=("<a@x.example>", "<b@x.example>"))))
    assert mail.in_reply_to == "<b@x.example>"
    assert mail.references == ("<a@x.example>", "<b@x.example>")


def test_html_and_attachments_travel_along() -> None:
    for name in posts.FILES:
        mail = parse(posts.write(_post(html=True, attached=name, text="Uno & due\n\nTre <tre>\n")))
        assert [part.name for part in mail.attachments] == [name]
        assert mail.html is not None
        assert "<p>Uno &amp; due</p>" in mail.html


def test_an_absence_note_says_that_it_is_automatic() -> None:
    assert parse(posts.write(_post(automatic=True))).automatic


def test_the_quotation_is_folded_away() -> None:
    text = "Grazie!\n\n" + posts.quoted("Ciao,\n\nfatto.\n", "care@aurora.example", NOON)
    folded = fold(text)
    assert folded.visible.strip() == "Grazie!"
    assert "> fatto." in folded.quoted


def test_the_same_post_is_the_same_bytes() -> None:
    post = _post(html=True, attached="foto.png")
    assert posts.write(post) == posts.write(post)
