"""One brand: what its client owes the provider, what is new of it, and what is withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.contracts.tasks.asking import LONGEST, ask, withdraw
from portavoce.contracts.tasks.errors import BadTask, Ended
from portavoce.contracts.tasks.models import KINDS
from portavoce.contracts.tasks.queries import ended_tasks, names_in, open_tasks
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page, shell

HERE = "/admin/b/{brand:str}/tasks"
OF_THE_BRAND = {"granted": Provide(provide_admin_brand), "db": Provide(provide_brand_db)}
SAID = (
    N_("Choose a moment in the future, within a year."),
    N_("Shorten this text to 1000 characters."),
    N_("Shorten this text to 5000 characters."),
    N_("Somebody has done this or withdrawn it meanwhile."),
    N_("Write a day and a time of day that there is."),
    N_("Write what is needed."),
)
"""What the verbs say, for the translators."""


class TaskForm(msgspec.Struct, kw_only=True):
    """`due` on the brand's clock."""

    kind: str
    wording: Annotated[str, msgspec.Meta(max_length=LONGEST, extra={"lines": True})]
    due: Annotated[str, msgspec.Meta(max_length=40)]


class TaskController(Controller):
    path = HERE
    dependencies = OF_THE_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, {}, {}, saved=saved))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, TaskForm)
        try:
            if form is not None:
                due_at = await _due(db, granted, form.due)
                await ask(db, form.kind, form.wording, due_at, by=actor.person_id)
                return Redirect(f"/admin/b/{granted.slug}/tasks?saved=asked", status_code=303)
        except BadTask as problem:
            errors = errors_of(request, problem, known=set(TaskForm.__struct_fields__))
        raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))


class TaskRemovalController(Controller):
    path = f"{HERE}/{{task_id:uuid}}/removal"
    dependencies = OF_THE_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        task_id: FromPath[UUID],
    ) -> Redirect:
        try:
            await withdraw(db, task_id, by=actor.person_id)
        except Ended as error:
            told = {"": words_for(request).gettext(error.message)}
            raise Rejected(409, html=await _page(request, actor, granted, db, {}, told)) from error
        return Redirect(f"/admin/b/{granted.slug}/tasks?saved=withdrawn", status_code=303)


async def _due(db: AsyncSession, granted: Granted, text: str) -> datetime:
    zone = (await db.get_one(Brand, granted.brand_id)).zone
    try:
        return moment(text, zone)
    except (NoSuchMoment, OverflowError) as error:
        raise BadTask("Write a day and a time of day that there is.", due="none") from error


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    form: dict[str, str],
    errors: dict[str, str],
    *,
    saved: str = "",
) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    waiting, ended = await open_tasks(db), await ended_tasks(db)
    return shell(
        request,
        actor,
        "admin/tasks.html",
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        tasks=waiting,
        ended=ended,
        names=await names_in(db, [*waiting, *ended]),
        kinds=KINDS,
        at=now(db),
        form=form,
        errors=errors,
        saved=saved,
    )


TASKS = (TaskController, TaskRemovalController)
