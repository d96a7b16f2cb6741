"""Mail as customers' programs write it: RFC 5322 bytes, with threading headers, HTML and attachments now and then."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape
from typing import NamedTuple

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)
RECEIPT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
FILES = {
    "foto.png": ("image", "png", PIXEL),
    "scontrino.pdf": ("application", "pdf", RECEIPT),
}


class Post(NamedTuple):
    """`attached` names one of FILES; `references` are ids with angle brackets, oldest first."""

    sender_name: str
    sender: str
    recipient: str
    subject: str
    text: str
    message_id: str
    date: datetime
    references: tuple[str, ...] = ()
    html: bool = False
    attached: str = ""
    automatic: bool = False


def write(post: Post) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f'"{post.sender_name}" <{post.sender}>'
    message["To"] = post.recipient
    message["Subject"] = post.subject
    message["Date"] = post.date
    message["Message-ID"] = post.message_id
    if post.references:
        message["In-Reply-To"] = post.references[-1]
        message["References"] = " ".join(post.references)
    if post.automatic:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(post.text, charset="utf-8", cte="quoted-printable")
    if post.html:
        message.add_alternative(_as_html(post.text), subtype="html", charset="utf-8", cte="quoted-printable")
    if post.attached:
        main, sub, data = FILES[post.attached]
        message.add_attachment(data, maintype=main, subtype=sub, filename=post.attached)
    _fix_boundaries(message, post.message_id)
    return message.as_bytes()


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """The library would draw them by chance; the same post must be the same bytes."""
    mark = sha256(message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}_{mark}")


def quoted(text: str, author: str, when: datetime) -> str:
    """The mail that is answered, as a customer's program puts it under the answer."""
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"Il giorno {when:%d/%m/%Y} alle {when:%H:%M} {author} ha scritto:\n{lines}\n"


def _as_html(text: str) -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n"))
    return f'<html><body><div dir="ltr">{paragraphs}</div></body></html>'.replace("\n", "<br>")
