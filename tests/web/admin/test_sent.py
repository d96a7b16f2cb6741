"""The local mailbox: there without a relay, for the house, and deaf to names that are no mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portavoce.core.db import Database
from tests.web.browsing import Browser, Site, site

MAIL = (
    b"From: Aurora <aiuto@aurora.example>\r\nTo: gina@clienti.example\r\nSubject: Re: <i>pacco</i>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nCiao Gina, \xc3\xa8 <b>partito</b>.\r\n"
)


@pytest.fixture
def folder(the_site: Site) -> Path:
    folder = the_site.settings.sent_dir
    folder.mkdir()
    (folder / "20260302T120000.000001-aa.eml").write_bytes(MAIL)
    (folder / "20260302T120000.000002-bb.eml").write_bytes(b"\x00\xff nothing a parser likes")
    (folder / "notes.txt").write_text("not a mail")
    return folder


async def test_what_was_sent_is_listed_newest_first(admin: Browser, folder: Path) -> None:
    page = await admin.get("/sent")
    assert page.text.index("000002-bb") < page.text.index("000001-aa")
    assert "Re: &lt;i&gt;pacco&lt;/i&gt;" in page.text
    assert "notes.txt" not in page.text


async def test_one_mail_shows_its_text_and_headers(admin: Browser, folder: Path) -> None:
    page = await admin.get("/sent/20260302T120000.000001-aa.eml")
    assert "Ciao Gina, è &lt;b&gt;partito&lt;/b&gt;." in page.text
    assert "To: gina@clienti.example" in page.text


@pytest.mark.parametrize(
    "name", ["notes.txt", "..%2Fsecrets%2Fcsrf", "%2e%2e", "none.eml", ".eml", "a%00.eml", "x" * 300 + ".eml"]
)
async def test_any_other_name_is_not_found(admin: Browser, folder: Path, name: str) -> None:
    assert (await admin.get(f"/sent/{name}")).status_code == 404


async def test_with_a_relay_the_page_is_not_there(
    make_database: Callable[..., Database], tmp_path: Path
) -> None:
    relayed = site(make_database(), tmp_path, relay_url="smtp://relay.example:587")
    elena = await relayed.person("admin")
    async with relayed.browser() as admin:
        await admin.sign_in(elena.email)
        assert (await admin.get("/sent")).status_code == 404
        assert (await admin.get("/sent/a.eml")).status_code == 404
