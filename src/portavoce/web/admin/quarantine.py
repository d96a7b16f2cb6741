"""Mails of one brand that could not become a conversation: why, the original, and the way out."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.models import InboundEvent
from portavoce.channels.email.quarantine import quarantined
from portavoce.channels.email.releasing import release
from portavoce.core.errors import NotFound
from portavoce.core.models import StoredFile
from portavoce.identity.granting import Granted
from portavoce.web.access import MISSING, Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
RAW_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


class QuarantineController(Controller):
    path = "/admin/b/{brand:str}/quarantine"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        (brand,) = await brand_rows(db, [granted.brand_id])
        mails = await quarantined(db)
        html = shell(
            request,
            actor,
            "admin/quarantine.html",
            current="/admin/brands",
            brand=brand,
            mails=mails,
            waiting=len(mails),
        )
        return page(html)

    @get("/{mail:uuid}/original")
    async def show(
        self, request: AnyRequest, mail: FromPath[UUID], db: NamedDependency[AsyncSession]
    ) -> Response[bytes]:
        """The bytes as they arrived, to be saved and never to be shown."""
        query = (
            select(StoredFile)
            .join(
                InboundEvent,
                (InboundEvent.brand_id == StoredFile.brand_id) & (InboundEvent.file_id == StoredFile.id),
            )
            .where(InboundEvent.id == mail, InboundEvent.state == "quarantined")
        )
        file = (await db.scalars(query)).one_or_none()
        if file is None:
            raise NotFound(MISSING)
        content = await asyncio.to_thread(request.app.state.storage.read, file)
        return Response(
            content,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{mail}.eml"',
                "Content-Security-Policy": RAW_POLICY,
            },
        )

    @post("/{mail:uuid}/conversation", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        mail: FromPath[UUID],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        """Release the mail: it becomes a contact that waits for an agent."""
        await release(db, mail, request.app.state.storage, by="admin")
        return Redirect(f"/admin/b/{granted.slug}/quarantine", status_code=303)
