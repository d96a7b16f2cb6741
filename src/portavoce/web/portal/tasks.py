"""`/portal/{brand}/tasks`: what the provider needs of the client, until when, and the word that it is done."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.tasks.doing import LONGEST, finish
from portavoce.contracts.tasks.errors import Ended
from portavoce.contracts.tasks.queries import ended_tasks, open_tasks, task_row
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_brand_db
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import TASKS, work_page

HERE = "/{brand:str}/tasks"


class CompletionForm(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(max_length=LONGEST, extra={"lines": True})] = ""


class TaskController(Controller):
    path = HERE

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        sent: FromQuery[str] = "",
    ) -> Response[str]:
        told = {"waiting": await open_tasks(db), "ended": await ended_tasks(db), "sent": bool(sent)}
        return page(await work_page(request, db, actor, granted, TASKS, "portal/tasks.html", **told))

    @route("/{task_id:uuid}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        return page(await _one(request, db, actor, granted, task_id, {}, {}))


class CompletionController(Controller):
    path = f"{HERE}/{{task_id:uuid}}/completion"
    dependencies = {"db": Provide(provide_brand_db)}

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        task_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, CompletionForm)
        if form is None:
            raise Rejected(422, html=await _one(request, db, actor, granted, task_id, raw, errors))
        try:
            await finish(db, task_id, form.text, by=actor.person_id)
        except Ended as error:
            told = {"": words_for(request).gettext(error.message)}
            html = await _one(request, db, actor, granted, task_id, raw, told)
            raise Rejected(409, html=html) from error
        return Redirect(f"/portal/{granted.slug}/tasks?sent=1", status_code=303)


async def _one(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, task_id: UUID,
    form: dict[str, str], errors: dict[str, str],
) -> str:  # fmt: skip
    told = {"task": await task_row(db, task_id), "form": form, "errors": errors}
    return await work_page(request, db, actor, granted, TASKS, "portal/task.html", **told)


TASKS_OF_THE_CLIENT = (TaskController, CompletionController)
