"""The folder of the local mailbox, read without following anything out of it."""

from __future__ import annotations

from pathlib import Path

from portavoce.web.admin.local_mail import sent_mail, sent_mails

MAIL = b"From: aiuto@aurora.example\r\nSubject: Ciao\r\n\r\nCiao Gina\r\n"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(MAIL)
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "a.eml").symlink_to(tmp_path / "secret")
    assert sent_mail(folder, "a.eml") is None


def test_before_anything_was_sent_the_list_is_empty(tmp_path: Path) -> None:
    assert sent_mails(tmp_path / "none") == []
