"""A letter is opened before anything asks the database: files synced, read once, or the reason why not."""

from __future__ import annotations

from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from portavoce.channels.email import letters
from portavoce.channels.email.letters import Letter, open_letter
from portavoce.channels.email.receiving import Arrival, Recipient
from portavoce.core.storage import Storage
from tests.database import NOON
from tests.world import letter

RECIPIENT = Recipient(brand_id=uuid4(), endpoint_id=uuid4(), address="care@aurora.example")


def opened(raw: bytes, files: Path) -> Letter:
    arrival = Arrival(raw=raw, envelope_from="", peer="127.0.0.1", helo="mx.example", received_at=NOON)
    return open_letter(arrival, RECIPIENT, Storage(files))


def stored(files: Path) -> dict[str, bytes]:
    return {str(path.relative_to(files)): path.read_bytes() for path in files.rglob("*") if path.is_file()}


def test_what_was_quoted_is_told_from_what_is_new(tmp_path: Path) -> None:
    text = "Grazie.\n\nIl giorno 2 marzo 2026 Aurora <care@aurora.example> ha scritto:\n> Ecco la risposta."
    reading = opened(letter("care@aurora.example", text), tmp_path).reading
    assert reading is not None
    assert (reading.words.visible.strip(), "> Ecco" in reading.words.quoted) == ("Grazie.", True)


def test_the_mail_and_each_attachment_lie_in_the_brands_files_before_a_row_names_them(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "gina@customer.example", "care@aurora.example"
    mail.set_content("In allegato.")
    mail.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="scontrino.pdf")
    found = opened(mail.as_bytes(), tmp_path)
    assert found.reading is not None
    ((key, part),) = found.reading.files
    assert part.name == "scontrino.pdf"
    assert stored(tmp_path) == {found.file_key: mail.as_bytes(), key: b"%PDF-1"}
    assert key == f"brand/{RECIPIENT.brand_id}/{(digest := sha256(b'%PDF-1').hexdigest())[:2]}/{digest}"


def test_what_cannot_be_read_is_kept_with_the_reason(tmp_path: Path) -> None:
    found = opened(b" \r\n", tmp_path)
    assert (found.reading, found.parsed, found.reason) == (None, None, "empty")
    assert stored(tmp_path) == {found.file_key: b" \r\n"}


def test_a_quotation_that_cannot_be_told_is_no_reason_to_refuse_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_text: str) -> None:
        raise RecursionError

    monkeypatch.setattr(letters, "fold", lost)
    found = opened(letter("care@aurora.example", "Ciao."), tmp_path)
    assert (found.reading, found.reason) == (None, "unexpected RecursionError")
    assert len(stored(tmp_path)) == 1
