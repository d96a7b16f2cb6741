"""What a customer's program makes of a brand's answer: who wrote, where to reply, which thread it belongs to."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from random import Random

from portavoce.demo import cast, posts, texts
from portavoce.demo.posts import Post

CHANCE = 0.35
LONGEST = 5
"""No thread goes on for ever: past this many ids the customer is content."""


def answer_to(raw: bytes, random: Random, now: datetime, *, chance: float) -> Post | None:
    """The customer's next mail, to where Reply-To asks, or None: not from a brand of ours, automatic, or content."""
    mail = message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    slug = _brand(mail)
    if slug is None or mail["Auto-Submitted"] or not mail["Message-ID"] or random.random() >= chance:
        return None
    before = tuple(str(mail["References"] or "").split())
    if len(before) >= LONGEST:
        return None
    _, me = _first(mail, "To")
    _, to = _first(mail, "Reply-To") if mail["Reply-To"] else _first(mail, "From")
    name = me.partition("@")[0].replace(".", " ").title()
    kind = random.choice(("thanks", "again"))
    text = texts.follow_up(random, texts.draft(random, slug, name, "it"), kind)
    body = mail.get_body(("plain",))
    quotation = posts.quoted(body.get_content() if body else "", _first(mail, "From")[1], now)
    subject = str(mail["Subject"] or "")
    return Post(
        sender_name=name,
        sender=me,
        recipient=to,
        subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
        text=f"{text}\n{quotation}",
        message_id=f"<{random.getrandbits(64):016x}@{me.rpartition('@')[2]}>",
        date=now,
        references=(*before, str(mail["Message-ID"]).strip()),
    )


def _brand(mail: EmailMessage) -> str | None:
    """By the sender's address, which is all a customer can see."""
    _, sender = _first(mail, "From")
    slugs = {box.address: team.slug for team in cast.TEAMS for box in team.boxes}
    return slugs.get(sender.lower())


def _first(mail: EmailMessage, field: str) -> tuple[str, str]:
    found = getaddresses([str(mail[field] or "")])
    return found[0] if found else ("", "")
