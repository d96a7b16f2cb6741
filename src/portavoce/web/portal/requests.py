"""`/portal/{brand}/requests`: what agents ask the client's back office, and its answers. Nothing else of the brand."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.back_office.answering import answer
from portavoce.conversations.back_office.errors import NotOpen
from portavoce.conversations.back_office.queries import (
    RequestRow,
    ended_requests,
    open_requests,
    request_row,
)
from portavoce.conversations.errors import EmptyText
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_back_office_brand, provide_brand_db
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import REQUESTS, work_page


class AnswerForm(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(extra={"lines": True})]


class RequestController(Controller):
    path = "/{brand:str}/requests"
    dependencies = {"granted": Provide(provide_back_office_brand)}

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        sent: FromQuery[str] = "",
    ) -> Response[str]:
        return page(
            await work_page(
                request,
                db,
                actor,
                granted,
                REQUESTS,
                "portal/requests.html",
                waiting=await open_requests(db),
                ended=await ended_requests(db),
                sent=bool(sent),
            )
        )

    @route("/{request_id:uuid}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        asked = await request_row(db, request_id)
        return page(await _one(request, db, actor, granted, asked, {}, {}))


class AnswerController(Controller):
    """Written as `app`: the answer is a note of the contact, which comes back to the desk in the same transaction."""

    path = "/{brand:str}/requests/{request_id:uuid}/answer"
    dependencies = {"granted": Provide(provide_back_office_brand), "db": Provide(provide_brand_db)}

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        request_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, AnswerForm)
        asked = await request_row(db, request_id)
        if form is None:
            raise Rejected(422, html=await _one(request, db, actor, granted, asked, raw, errors))
        try:
            await answer(db, request_id, form.text, person_id=actor.person_id)
        except NotOpen as error:
            told = {"": words_for(request).gettext(error.message)}
            asked = await request_row(db, request_id)
            html = await _one(request, db, actor, granted, asked, raw, told)
            raise Rejected(409, html=html) from error
        except EmptyText as error:
            told = {"text": words_for(request).gettext(error.message)}
            raise Rejected(422, html=await _one(request, db, actor, granted, asked, raw, told)) from error
        return Redirect(f"/portal/{granted.slug}/requests?sent=1", status_code=303)


async def _one(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    granted: Granted,
    asked: RequestRow,
    form: dict[str, str],
    errors: dict[str, str],
) -> str:
    return await work_page(
        request, db, actor, granted, REQUESTS, "portal/request.html", asked=asked, form=form, errors=errors
    )


REQUESTS_OF_THE_CLIENT = (RequestController, AnswerController)
