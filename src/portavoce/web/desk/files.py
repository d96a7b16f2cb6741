"""What customers sent: attachments for download, and a mail's own HTML inside a frame that can do nothing."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.charsets import decode
from portavoce.channels.email.html import clean, frame_document
from portavoce.conversations.joins import on
from portavoce.conversations.models import Attachment, Message
from portavoce.conversations.thread_rows import PAGES, PICTURES, TEXTS
from portavoce.core.errors import NotFound
from portavoce.core.models import StoredFile
from portavoce.core.storage import Storage
from portavoce.web.access import MISSING
from portavoce.web.desk.me import IN_BRAND
from portavoce.web.desk.pages import html
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.security import MAIL_POLICY

INLINE_LIMIT = 4 * 1024 * 1024
"""Bytes of pictures that one frame may carry; the rest stay placeholders and can be downloaded."""
NO_TEXT = N_("This file cannot be looked into. Download it.")
LOOK = 4_000
"""Bytes of a text that are looked into."""
NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"
PDF = b"%PDF-"
PDF_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For the browser's own viewer, which a sandbox would keep from working and which runs no script of ours or theirs."""


class AttachmentController(Controller):
    path = "/b/{brand:str}/attachments/{attachment_id:uuid}"
    dependencies = IN_BRAND

    @get()
    async def show(
        self, request: AnyRequest, db: NamedDependency[AsyncSession], attachment_id: FromPath[UUID]
    ) -> Response[bytes]:
        name, media_type, content = await _attached(request, db, attachment_id)
        return Response(
            content,
            media_type=media_type if media_type in PICTURES else "application/octet-stream",
            headers={
                "Content-Disposition": disposition(name),
                "Content-Security-Policy": NOTHING,
            },
        )


class PagesController(Controller):
    path = "/b/{brand:str}/attachments/{attachment_id:uuid}/pages"
    dependencies = IN_BRAND

    @get()
    async def show(
        self, request: AnyRequest, db: NamedDependency[AsyncSession], attachment_id: FromPath[UUID]
    ) -> Response[Any]:
        """A PDF as a document in a frame of ours; a word instead of what only says that it is one."""
        _, media_type, content = await _attached(request, db, attachment_id)
        if media_type != PAGES or not content.startswith(PDF):
            return html(str(escape(words_for(request).gettext(NO_TEXT))))
        kept = {
            "Content-Disposition": "inline",
            "Content-Security-Policy": PDF_ONLY,
            "X-Frame-Options": "SAMEORIGIN",
        }
        return Response(content, media_type=PAGES, headers=kept)


class TextController(Controller):
    path = "/b/{brand:str}/attachments/{attachment_id:uuid}/text"
    dependencies = IN_BRAND

    @get()
    async def show(
        self, request: AnyRequest, db: NamedDependency[AsyncSession], attachment_id: FromPath[UUID]
    ) -> Response[str]:
        """How a text begins, for the page that quotes it; a word instead of what is no plain text."""
        _, media_type, content = await _attached(request, db, attachment_id)
        if media_type not in TEXTS:
            return html(str(escape(words_for(request).gettext(NO_TEXT))))
        text, _ = decode(content[:LOOK])
        return html(str(escape(text)) + ("…" if len(content) > LOOK else ""))


async def _attached(request: AnyRequest, db: AsyncSession, attachment_id: UUID) -> tuple[str, str, bytes]:
    """Name, media type and bytes."""
    query = (
        select(Attachment.name, Attachment.media_type, StoredFile)
        .join(StoredFile, on(StoredFile, StoredFile.id, Attachment.file_id))
        .where(Attachment.id == attachment_id)
    )
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise NotFound(MISSING)
    return found.name, found.media_type, await asyncio.to_thread(_storage(request).read, found.StoredFile)


def disposition(name: str) -> str:
    """RFC 6266: the name itself, and for whoever cannot read that one in plain letters."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in " ._-") else "_" for char in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class FrameController(Controller):
    path = "/b/{brand:str}/interactions/{interaction_id:uuid}/messages/{message_id:uuid}/frame"
    dependencies = IN_BRAND

    @get()
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        message_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
    ) -> Response[str]:
        """The sanitised mail as a document of its own, under a policy that forbids scripts, forms and the network."""
        query = select(Message.html).where(Message.id == message_id, Message.interaction_id == interaction_id)
        body = await db.scalar(query)
        if body is None:
            raise NotFound(MISSING)
        pictures = await _pictures(db, _storage(request), message_id)
        fragment = await asyncio.to_thread(clean, body, cid_urls=pictures)
        return Response(
            frame_document(fragment),
            media_type=MediaType.HTML,
            headers={"Content-Security-Policy": MAIL_POLICY},
        )


async def _pictures(db: AsyncSession, storage: Storage, message_id: UUID) -> dict[str, str]:
    """Content id to data URL: the frame has no origin, so it cannot ask us with the reader's cookie."""
    query = (
        select(Attachment.content_id, Attachment.media_type, StoredFile)
        .join(StoredFile, on(StoredFile, StoredFile.id, Attachment.file_id))
        .where(
            Attachment.message_id == message_id,
            Attachment.content_id.is_not(None),
            Attachment.media_type.in_(sorted(PICTURES)),
        )
        .order_by(Attachment.id)
    )
    urls: dict[str, str] = {}
    left = INLINE_LIMIT
    for content_id, media_type, file in await db.execute(query):
        left -= file.size
        if left >= 0:
            content = await asyncio.to_thread(storage.read, file)
            urls[(content_id or "").strip("<> ")] = f"data:{media_type};base64,{b64encode(content).decode()}"
    return urls


def _storage(request: AnyRequest) -> Storage:
    storage: Storage = request.app.state.storage
    return storage
