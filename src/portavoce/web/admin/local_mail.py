"""What the local relay put under `home/sent` while no real relay is set: one `.eml` file a mail, newest first; the name begins with the time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.parsing import parse

SHOWN = 100
_NAME = re.compile(r"[A-Za-z0-9][\w.@+-]{0,200}\.eml", re.ASCII)


class SentMail(msgspec.Struct, frozen=True):
    """`name` is the file's; `at` when it was written."""

    name: str
    at: datetime
    sender: str
    recipients: str
    subject: str
    text: str
    headers: str


def sent_mails(folder: Path) -> list[SentMail]:
    """The newest SHOWN; files that went away meanwhile are left out. Blocking."""
    files = [path for path in folder.glob("*.eml") if _is_mail(path)] if folder.is_dir() else []
    return [_read(path) for path in sorted(files, reverse=True)[:SHOWN]]


def sent_mail(folder: Path, name: str) -> SentMail | None:
    """One of them by its file name; None for any other name. Blocking."""
    path = folder / name
    if path.parent != folder:
        return None
    return _read(path) if _is_mail(path) else None


def _is_mail(path: Path) -> bool:
    return bool(_NAME.fullmatch(path.name)) and path.is_file() and not path.is_symlink()


def _read(path: Path) -> SentMail:
    raw = path.read_bytes()
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0].decode("utf-8", "replace").replace("\r\n", "\n")
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        mail = parse(raw)
    except Unparsable as error:
        return SentMail(path.name, at, "", "", "", str(error), head)
    recipients = ", ".join(mail.to)
    return SentMail(path.name, at, mail.from_address, recipients, mail.subject, mail.text, head)
