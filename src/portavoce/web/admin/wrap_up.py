"""How one brand's contacts end: outcomes, contact reasons, after-contact work, by line of business."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.errors import NoLine
from portavoce.brands.lines import ACW_LEAST, ACW_MOST, LineSettings, set_line, settings_of
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.conversations.choices import LONGEST_LABEL, MOST, OUTCOME, REASON, places_for, tree
from portavoce.conversations.defining import add_choice, change_choice, restore_choice, retire_choice
from portavoce.conversations.errors import BadChoice
from portavoce.conversations.line_rules import line_of_choice, line_rules
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows, line_options
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
HERE = "/admin/b/{brand:str}/wrap-up"
ONE = "/admin/b/{brand:str}/choices/{choice_id:uuid}"
OF_A_BRAND = {"granted": Provide(provide_admin_brand), "db": Provide(provide_brand_db)}
Label = Annotated[str, msgspec.Meta(max_length=LONGEST_LABEL)]


class LineForm(msgspec.Struct, kw_only=True):
    lob_id: UUID
    work_mode: Literal["assisted", "free"]
    reason_required: bool = False
    acw_mode: Literal["off", "optional", "timed"]
    acw_s: Annotated[int, msgspec.Meta(ge=ACW_LEAST, le=ACW_MOST)]
    approval: Literal["never", "sensitive", "always"] = "never"


class ChoiceForm(msgspec.Struct, kw_only=True):
    """`parent_id`: the choice below which it stands; blank for the first level."""

    lob_id: UUID
    kind: Literal["outcome", "reason"]
    label: Label
    parent_id: UUID | None = None


class ChoiceChangeForm(msgspec.Struct, kw_only=True):
    label: Label
    position: Annotated[int, msgspec.Meta(ge=1, le=MOST)]


class WrapUpController(Controller):
    path = HERE
    dependencies = OF_A_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        lob: FromQuery[UUID | None] = None,
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, lob, saved=bool(saved)))

    @post("/", status_code=303)
    async def update(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, LineForm)
        if form is None:
            told = {"line_form": raw, "line_errors": errors}
            raise Rejected(422, html=await _page(request, actor, granted, db, _lob_in(raw), **told))
        wished = LineSettings(
            form.work_mode, form.reason_required, form.acw_mode, form.acw_s, form.approval
        )  # fmt: skip
        await set_line(db, form.lob_id, wished, by="admin")
        return _back(granted, form.lob_id)


class ChoiceController(Controller):
    path = "/admin/b/{brand:str}/choices"
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, ChoiceForm)
        try:
            if form is not None:
                await add_choice(
                    db, form.lob_id, kind=form.kind, label=form.label, parent_id=form.parent_id, by="admin"
                )
                return _back(granted, form.lob_id)
        except BadChoice as problem:
            errors = errors_of(request, problem, known=set(ChoiceForm.__struct_fields__))
        told = {"form": raw, "errors": errors}
        raise Rejected(422, html=await _page(request, actor, granted, db, _lob_in(raw), **told))


class ChoiceChangeController(Controller):
    path = ONE
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def update(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        choice_id: FromPath[UUID],
    ) -> Redirect:
        lob = await line_of_choice(db, choice_id)
        form, errors, raw = await read(request, ChoiceChangeForm)
        try:
            if form is not None:
                await change_choice(db, choice_id, label=form.label, place=form.position, by="admin")
                return _back(granted, lob)
        except BadChoice as problem:
            errors = errors_of(request, problem, known=set(ChoiceChangeForm.__struct_fields__))
        told = {"changed": choice_id, "changed_form": raw, "changed_errors": errors}
        raise Rejected(422, html=await _page(request, actor, granted, db, lob, **told))


class ChoiceRetirementController(Controller):
    """Out of the list, or back into it; contacts keep what was chosen."""

    path = f"{ONE}/retirement"
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        choice_id: FromPath[UUID],
    ) -> Redirect:
        lob = await line_of_choice(db, choice_id)
        try:
            await retire_choice(db, choice_id, by="admin")
        except BadChoice as problem:
            raise await _refused(request, actor, granted, db, lob, choice_id, problem) from problem
        return _back(granted, lob)

    @post("/undo", status_code=303)
    async def undo(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        choice_id: FromPath[UUID],
    ) -> Redirect:
        lob = await line_of_choice(db, choice_id)
        try:
            await restore_choice(db, choice_id, by="admin")
        except BadChoice as problem:
            raise await _refused(request, actor, granted, db, lob, choice_id, problem) from problem
        return _back(granted, lob)


WRAP_UP = (WrapUpController, ChoiceController, ChoiceChangeController, ChoiceRetirementController)


async def _refused(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, lob: UUID, choice_id: UUID,
    problem: BadChoice,
) -> Rejected:  # fmt: skip
    told = {"retirement": words_for(request).gettext(problem.message)}
    html = await _page(request, actor, granted, db, lob, changed=choice_id, changed_errors=told)
    return Rejected(422, html=html)


def _back(granted: Granted, lob: UUID) -> Redirect:
    return Redirect(f"/admin/b/{granted.slug}/wrap-up?lob={lob}&saved=1", status_code=303)


def _lob_in(raw: dict[str, str]) -> UUID | None:
    """Where the form was; one that says nothing sensible was nowhere."""
    try:
        return UUID(raw.get("lob_id", ""))
    except ValueError:
        return None


async def _page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, lob: UUID | None, **said: Any
) -> str:
    """Of the line asked for, or of the brand's first; NoLine when the brand has no such line."""
    (brand,) = await brand_rows(db, [granted.brand_id])
    lines = await line_options(db)
    current = str(lob) if lob else lines[0][0]
    if current not in dict(lines):
        raise NoLine("This page does not exist.")
    nodes = (await line_rules(db, UUID(current))).nodes
    settings = await settings_of(db, UUID(current))
    plain: dict[str, Any] = {
        "form": {}, "errors": {}, "saved": False, "changed": None, "changed_form": {}, "changed_errors": {},
        "line_form": {name: "" if value is False else str(value) for name, value in settings._asdict().items()},
        "line_errors": {},
    }  # fmt: skip
    return shell(
        request,
        actor,
        "admin/wrap_up.html",
        current="/admin/brands",
        brand=brand,
        lines=lines,
        line=current,
        trees=[
            (kind, tree(nodes, kind, retired=True), places_for(nodes, kind)) for kind in (OUTCOME, REASON)
        ],
        most=MOST,
        longest=LONGEST_LABEL,
        least_s=ACW_LEAST,
        most_s=ACW_MOST,
        waiting=await quarantined_count(db),
        **{**plain, **said},
    )
