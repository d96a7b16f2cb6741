"""SEC-41: whatever a customer calls a file and whatever it holds, it is downloaded under a harmless name and never run."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.names import NAME_LIMIT, file_name
from portavoce.channels.email.receiving import Arrival, Recipient
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.conversations.models import Attachment
from portavoce.core.storage import Storage
from portavoce.web.desk.files import disposition
from tests.web.desk.conftest import Desk

SCRIPT = b"<script>alert(document.cookie)</script>"
POLYGLOT = b"GIF89a/*\x01\x00\x01\x00*/=1;alert(1)//"
HOSTILE = [
    ("logo.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ("page.html", "text/html", SCRIPT),
    ("page.xhtml", "application/xhtml+xml", SCRIPT),
    ("data.xml", "text/xml", b'<?xml-stylesheet href="x.xsl"?><a/>'),
    ("form.pdf", "application/pdf", b"%PDF-1.7 /OpenAction << /JS (app.alert(1)) >>"),
    ("mail.mht", "multipart/related", SCRIPT),
    (".htaccess", "text/plain", b"AddType text/html .png"),
    ("shell.pht", "application/x-php", b"<?php system($_GET[0]);"),
    ("png\u200b.html", "image/png", SCRIPT),
    ("gnp.\u202etxt.exe", "text/plain", b"MZ"),
    ("a.png\r\nX-Evil: yes", "image/png", b"\x89PNG"),
    ('a".png"; filename="b.html', "image/png", b"\x89PNG"),
    ("x" * 300 + ".docx", "application/msword", b"PK"),
    ("con", "text/plain", b"x"),
    ("aux.txt", "text/plain", b"x"),
    ("trailing.html.", "text/html", SCRIPT),
    ("../../../etc/passwd", "text/plain", b"x"),
    ("C:\\Windows\\system.ini", "text/plain", b"x"),
    ("picture.gif", "image/gif", POLYGLOT),
    ("picture.gif", "text/javascript", POLYGLOT),
    ("picture.png", "text/html; charset=utf-7", SCRIPT),
    ("\x00", "image/png", b"\x89PNG"),
    ("", "text/html", SCRIPT),
]
SAFE_TYPES = {"application/octet-stream", "image/png", "image/gif"}
HARMFUL = re.compile(r'[/\\<>:"|?*\x00-\x1f\x7f\u200b\u202e]')
WINDOWS_RESERVES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def mail(to: str) -> bytes:
    """All of them in one mail; the names as hostile programs write them."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "gina@customer.example", to, "Allegati"
    made["Message-ID"] = "<files@customer.example>"
    made.set_content("Ecco.")
    for number, (_, _, content) in enumerate(HOSTILE):
        made.add_attachment(content, maintype="application", subtype="x-hole", filename=f"hole-{number}-")
    raw = made.as_bytes()
    for number, (name, kind, _) in enumerate(HOSTILE):
        encoded = "".join(f"%{byte:02X}" for byte in name.encode())
        hole = f'filename="hole-{number}-"'.encode()
        assert hole in raw
        raw = raw.replace(hole, f"filename*=utf-8''{encoded}".encode())
        raw = raw.replace(b"application/x-hole", kind.encode(), 1)
    return raw


async def received(desk: Desk) -> list[Attachment]:
    room = Mailroom(
        desk.database, Storage(desk.settings.files_dir), ThreadKeys("a", {"a": b"a" * 32}), "here"
    )
    found = await room.known(desk.aurora.address)
    assert isinstance(found, Recipient)
    at = desk.database.clock.now()
    raw = mail(desk.aurora.address)
    await room.accept(
        Arrival(raw=raw, envelope_from="g@x.example", peer="::1", helo="x", received_at=at), [found]
    )
    async with desk.database.begin(desk.aurora.writing) as db:
        return list((await db.scalars(select(Attachment).order_by(Attachment.id))).all())


async def test_every_hostile_file_is_downloaded_as_nothing_that_runs(desk: Desk) -> None:
    files = await received(desk)
    assert len(files) == len(HOSTILE)
    for file in files:
        answer = await desk.get(f"/b/{desk.aurora.slug}/attachments/{file.id}", desk.anna)
        headers = answer.headers
        assert answer.status_code == 200
        assert headers["content-type"].partition(";")[0] in SAFE_TYPES, file.name
        assert headers["x-content-type-options"] == "nosniff"
        assert "x-evil" not in headers
        policy = headers["content-security-policy"]
        assert {"sandbox", "default-src 'none'", "frame-ancestors 'none'"} <= {
            part.strip() for part in policy.split(";")
        }
        shown = re.fullmatch(
            r"""attachment; filename="([A-Za-z0-9 ._-]+)"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)""",
            headers["content-disposition"],
        )
        assert shown is not None, headers["content-disposition"]
        assert unquote(shown[2]) == file.name
        assert not HARMFUL.search(file.name)


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kind, _ in HOSTILE])
def test_a_name_is_made_harmless_before_anything_looks_at_it(name: str, kind: str) -> None:
    made = file_name(name, kind)
    assert 0 < len(made) <= NAME_LIMIT
    assert not HARMFUL.search(made)
    assert made == made.strip(" .")
    assert not WINDOWS_RESERVES.fullmatch(made)
    assert file_name(made, kind) == made


def test_a_name_beyond_plain_letters_is_there_in_both_ways() -> None:
    assert disposition("Però.pdf") == "attachment; filename=\"Per_.pdf\"; filename*=UTF-8''Per%C3%B2.pdf"
