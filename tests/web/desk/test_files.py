"""Attachments and the frame of a mail."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from portavoce.conversations.thread_rows import LARGEST_PICTURE, AttachmentRow
from portavoce.core.storage import Storage
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, arrive

PNG = b"\x89PNG\r\n\x1a\n picture"
HTML = '<p onclick="x()">Ecco <b>la foto</b></p><script>x()</script><img src="cid:foto"><img src="https://t.example/p">'


async def with_files(desk: Desk, brand: DeskBrand) -> tuple[UUID, UUID]:
    files = [("Però è rotto.png", "image/png", PNG, "<foto>"), ("evil.html", "text/html", b"<script>", None)]
    return await arrive(
        desk.database, brand, html=HTML, files=files, storage=Storage(desk.settings.files_dir)
    )


async def links(desk: Desk, interaction: UUID) -> list[str]:
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    return list(dict.fromkeys(re.findall(r'href="(/b/[^"]+/attachments/[^"]+)"', page.text)))


async def test_an_attachment_is_downloaded_and_never_a_page(desk: Desk) -> None:
    interaction, _ = await with_files(desk, desk.aurora)
    picture, page = [await desk.get(link, desk.anna) for link in await links(desk, interaction)]
    assert picture.content == PNG
    assert picture.headers["content-type"] == "image/png"
    assert page.headers["content-type"] == "application/octet-stream"
    for answer in (picture, page):
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_picture_has_its_thumbnail_and_a_text_shows_how_it_begins_as_text(desk: Desk) -> None:
    begun = "Ciao, <b>guarda</b> " + "è" * 5000
    files = [("Foto.png", "image/png", PNG, None), ("nota.txt", "text/plain", begun.encode(), None)]
    files += [("a.html", "text/html", b"<b>", None), ("x.svg", "image/svg+xml", b"<svg/>", None)]
    storage = Storage(desk.settings.files_dir)
    interaction, _ = await arrive(desk.database, desk.aurora, files=files, storage=storage)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert (page.count('class="thumb"'), page.count("/text")) == (1, 1)
    picture, note, other, _ = await links(desk, interaction)
    shown = await desk.get(f"{note}/text", desk.anna, htmx=True)
    assert shown.text.startswith("Ciao, &lt;b&gt;guarda&lt;/b&gt; èè")
    assert shown.text.endswith("è…")
    for no_text in (picture, other):
        assert "Scaricalo" in (await desk.get(f"{no_text}/text", desk.anna, htmx=True)).text
    elsewhere = note.replace(desk.aurora.slug, desk.bosco.slug)
    assert (await desk.get(f"{elsewhere}/text", desk.anna, htmx=True)).status_code == 404


async def test_a_document_is_shown_by_the_browsers_own_viewer_and_only_if_it_is_one(desk: Desk) -> None:
    files = [
        ("Fattura.pdf", "application/pdf", b"%PDF-1.7 pages", None),
        ("finta.pdf", "application/pdf", b"<script>", None),
        ("Foto.png", "image/png", PNG, None),
    ]
    storage = Storage(desk.settings.files_dir)
    interaction, _ = await arrive(desk.database, desk.aurora, files=files, storage=storage)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert page.count("data-pages=") == 2
    shown, false, picture = [
        await desk.get(f"{link}/pages", desk.anna) for link in await links(desk, interaction)
    ]
    assert (shown.content, shown.headers["content-type"]) == (b"%PDF-1.7 pages", "application/pdf")
    assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
    assert "script-src" not in shown.headers["content-security-policy"]
    assert shown.headers["content-disposition"] == "inline"
    for other in (false, picture):
        assert other.headers["content-type"].startswith("text/html")
        assert "Scaricalo" in other.text


async def test_a_picture_too_large_to_look_at_is_a_file_like_others() -> None:
    sizes = [AttachmentRow(uuid4(), uuid4(), "f", "image/png", LARGEST_PICTURE + more) for more in (0, 1)]
    assert [each.preview for each in sizes] == ["picture", ""]


async def test_an_attachment_of_a_brand_not_granted_does_not_exist(desk: Desk) -> None:
    interaction, _ = await with_files(desk, desk.aurora)
    link = (await links(desk, interaction))[0]
    elsewhere = link.replace(desk.aurora.slug, desk.bosco.slug)
    assert (await desk.get(elsewhere, desk.anna)).status_code == 404
    assert (await desk.get(elsewhere, desk.bruno)).status_code == 404
    assert (await desk.get(link, desk.bruno)).status_code == 200


async def test_the_frame_holds_clean_html_and_its_own_pictures_only(desk: Desk) -> None:
    interaction, message = await with_files(desk, desk.aurora)
    frame = await desk.get(url(desk.aurora, interaction, f"/messages/{message}/frame"), desk.anna)
    assert frame.status_code == 200
    assert "<b>la foto</b>" in frame.text
    assert "data:image/png;base64," in frame.text
    for gone in ("<script", "onclick", "t.example"):
        assert gone not in frame.text
    policy = frame.headers["content-security-policy"]
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


async def test_pictures_beyond_the_limit_stay_placeholders(desk: Desk) -> None:
    files = [("grande.png", "image/png", bytes(4 * 1024 * 1024 + 1), "foto")]
    interaction, message = await arrive(
        desk.database, desk.aurora, html=HTML, files=files, storage=Storage(desk.settings.files_dir)
    )
    frame = await desk.get(url(desk.aurora, interaction, f"/messages/{message}/frame"), desk.anna)
    assert "data:image/png" not in frame.text


async def test_a_message_without_html_has_no_frame(desk: Desk) -> None:
    interaction, message = await arrive(desk.database, desk.aurora)
    for known in (message, uuid4()):
        address = url(desk.aurora, interaction, f"/messages/{known}/frame")
        assert (await desk.get(address, desk.anna)).status_code == 404
