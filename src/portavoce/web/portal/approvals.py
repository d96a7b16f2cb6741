"""`/portal/{brand}/approvals`: replies that leave once the client has approved them. Read and decided as `app`: the report
knows no word of a conversation.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.approvals.deciding import approve, send_back
from portavoce.conversations.approvals.errors import Decided
from portavoce.conversations.approvals.queries import (
    approval_row,
    ended_approvals,
    last_word,
    open_approvals,
)
from portavoce.conversations.errors import EmptyText
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_approver_brand, provide_brand_db
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import APPROVALS, work_page

HERE = "/{brand:str}/approvals"
OF_THE_APPROVER = {"granted": Provide(provide_approver_brand), "db": Provide(provide_brand_db)}
SAID = (
    N_("This reply was approved, sent back or taken back meanwhile."),
    N_("A reply of this contact waits for the client's approval. Take it back first."),
    N_("The client has decided about this reply meanwhile."),
    N_("Nobody at the client may approve yet. Ask an administrator to give somebody access."),
    N_("The client sent it back."),
)
"""What the verbs say, for the translators."""


class CommentForm(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(extra={"lines": True})]


class ApprovalController(Controller):
    path = HERE
    dependencies = OF_THE_APPROVER

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        sent: FromQuery[str] = "",
    ) -> Response[str]:
        waiting, ended = await open_approvals(db), await ended_approvals(db)
        told = {"waiting": waiting, "ended": ended, "sent": sent}
        return page(await work_page(request, db, actor, granted, APPROVALS, "portal/approvals.html", **told))

    @route("/{approval_id:uuid}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        approval_id: FromPath[UUID],
    ) -> Response[str]:
        return page(await _one(request, db, actor, granted, approval_id, {}, {}))


class DecisionController(Controller):
    path = f"{HERE}/{{approval_id:uuid}}"
    dependencies = OF_THE_APPROVER

    @post("/approval", status_code=303)
    async def approve(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        approval_id: FromPath[UUID],
    ) -> Redirect:
        """It leaves as any other reply; pressed twice, once."""
        try:
            await approve(db, approval_id, person_id=actor.person_id)
        except Decided as error:
            raise await _too_late(request, db, actor, granted, approval_id, {}, error) from error
        return Redirect(f"/portal/{granted.slug}/approvals?sent=approved", status_code=303)

    @post("/return", status_code=303)
    async def send_back(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        approval_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, CommentForm)
        if form is None:
            html = await _one(request, db, actor, granted, approval_id, raw, errors)
            raise Rejected(422, html=html)
        try:
            await send_back(db, approval_id, form.text, person_id=actor.person_id)
        except Decided as error:
            raise await _too_late(request, db, actor, granted, approval_id, raw, error) from error
        except EmptyText as error:
            told = {"text": words_for(request).gettext(error.message)}
            html = await _one(request, db, actor, granted, approval_id, raw, told)
            raise Rejected(422, html=html) from error
        return Redirect(f"/portal/{granted.slug}/approvals?sent=returned", status_code=303)


async def _too_late(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, approval_id: UUID,
    raw: dict[str, str], error: Decided,
) -> Rejected:  # fmt: skip
    told = {"": words_for(request).gettext(error.message)}
    return Rejected(409, html=await _one(request, db, actor, granted, approval_id, raw, told))


async def _one(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, approval_id: UUID,
    form: dict[str, str], errors: dict[str, str],
) -> str:  # fmt: skip
    asked = await approval_row(db, approval_id)
    told = {
        "asked": asked,
        "said": await last_word(db, asked.conversation_id),
        "form": form,
        "errors": errors,
    }
    return await work_page(request, db, actor, granted, APPROVALS, "portal/approval.html", **told)


APPROVALS_OF_THE_CLIENT = (ApprovalController, DecisionController)
