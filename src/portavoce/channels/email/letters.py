"""A mail between the listener and the books: its files synced, everything read that can be read without asking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from portavoce.channels.email import dedupe
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.mail import Attachment, ParsedMail
from portavoce.channels.email.parsing import parse
from portavoce.channels.email.quoting import Folded, fold
from portavoce.channels.email.receiving import Arrival, Recipient
from portavoce.core.storage import Storage

_OWN_TRACE = re.compile(rb"Return-Path:[^\n]*\nReceived:[^\n]*\n(?:[ \t][^\n]*\n)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a readable mail says: its words without the quotation, and its attachments under their files' keys."""

    mail: ParsedMail
    words: Folded
    files: tuple[tuple[str, Attachment], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in our hands: the synced file's key, its dedupe key, and what was read in it (or why nothing was)."""

    arrival: Arrival
    recipient: Recipient
    file_key: str
    dedupe_key: str
    reading: Reading | None
    reason: str

    @property
    def parsed(self) -> ParsedMail | None:
        return self.reading.mail if self.reading else None


def open_letter(arrival: Arrival, recipient: Recipient, storage: Storage) -> Letter:
    """Sync the mail and its attachments, then read it. Blocking: call it in a thread, before any transaction."""
    key = storage.save(recipient.brand_id, arrival.raw)
    try:
        mail, words = _read(arrival.raw)
    except Unparsable as error:
        return Letter(arrival, recipient, key, key_of(arrival.raw), None, error.reason)
    files = tuple((storage.save(recipient.brand_id, part.data), part) for part in mail.attachments)
    return Letter(arrival, recipient, key, key_of(arrival.raw), Reading(mail, words, files), "")


def _read(raw: bytes) -> tuple[ParsedMail, Folded]:
    mail = parse(raw)
    try:
        return mail, fold(mail.text)
    except Exception as error:  # as in parse: whatever we forgot
        raise Unparsable(f"unexpected {type(error).__name__}") from error


def key_of(raw: bytes) -> str:
    """The dedupe key, also of a mail whose header is too large to read: its bytes without our own trace decide."""
    try:
        return dedupe.key(raw)
    except Unparsable:
        return sha256(_OWN_TRACE.sub(b"", raw, count=1)).hexdigest()
