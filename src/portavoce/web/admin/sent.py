"""`/sent`: the local mailbox. There only while mail goes no further than this machine, and for administrators of the house."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from portavoce.core.errors import NotFound
from portavoce.web.access import MISSING, Actor, house_admin
from portavoce.web.admin.local_mail import sent_mail, sent_mails
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]


class SentController(Controller):
    path = "/sent"
    guards = (house_admin,)

    @get("/")
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        _only_without_relay(request)
        mails = await asyncio.to_thread(sent_mails, request.app.state.sent_dir)
        return page(shell(request, actor, "admin/sent.html", current="/admin", mails=mails))

    @get("/{name:str}")
    async def show(
        self, request: AnyRequest, actor: NamedDependency[Actor], name: FromPath[str]
    ) -> Response[str]:
        _only_without_relay(request)
        mail = await asyncio.to_thread(sent_mail, request.app.state.sent_dir, name)
        if mail is None:
            raise NotFound(MISSING)
        return page(shell(request, actor, "admin/sent_mail.html", current="/admin", mail=mail))


def _only_without_relay(request: AnyRequest) -> None:
    if request.app.state.relay:
        raise NotFound(MISSING)
