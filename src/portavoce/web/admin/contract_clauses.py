"""One clause of the draft a page: only the fields that its measure needs, added, changed and taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.drafting import remove_clause
from portavoce.contracts.reading import draft_clause, draft_row
from portavoce.core.errors import Unprocessable
from portavoce.identity.granting import Granted
from portavoce.sla.clocks.rules import Return
from portavoce.sla.goals import Statistic, unit_of
from portavoce.sla.metrics import Metric, measured
from portavoce.sla.rules import INTERVALS_S, STOPPABLE
from portavoce.sla.shapes import SHAPES, better
from portavoce.sla.writing import CHANNELS, write_clause
from portavoce.web.access import Actor
from portavoce.web.admin.attributes import OF_A_BRAND
from portavoce.web.admin.contract import CONTRACT, back
from portavoce.web.admin.contract_forms import UNITS, ClauseForm, wish_of, written
from portavoce.web.admin.contract_views import contract_page
from portavoce.web.admin.listing import calendar_options, line_options
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page

AnyRequest = Request[Any, Any, Any]
ONE = f"{CONTRACT}/clauses/{{clause_id:uuid}}"
FIELDS = set(ClauseForm.__struct_fields__)
NEW = {
    "threshold_unit": "hour", "goal_unit": "minute", "short_s": "5", "ivr_s": "0", "warn": "75", "returns": "resume",
    "reopen_days": "7", "weight": "1", "nature": "PRICE_REDUCTION", "channel": "email",
}  # fmt: skip


class ClauseController(Controller):
    path = f"{CONTRACT}/clauses"
    dependencies = OF_A_BRAND

    @get("/new")
    async def new(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        metric: FromQuery[str] = "",
        statistic: FromQuery[str] = "",
    ) -> Response[str]:
        """First what is measured and how, as links; then the form."""
        chosen = _chosen(metric, statistic)
        if chosen is None:
            return page(await _choice(request, actor, granted, db))
        form = {**NEW, "metric": chosen[0], "statistic": chosen[1], "direction": better(*chosen)}
        pauses = ["pending"] if SHAPES[chosen[0]].pauses else []
        return page(await _page(request, actor, granted, db, None, form, {}, pauses))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        return await _save(request, actor, granted, db, None)


class ClauseChangeController(Controller):
    path = ONE
    dependencies = OF_A_BRAND

    @get("/")
    async def edit(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        clause_id: FromPath[UUID],
    ) -> Response[str]:
        row = await draft_clause(db, clause_id)
        form, pauses = written(row)
        return page(await _page(request, actor, granted, db, clause_id, form, {}, pauses))

    @post("/", status_code=303)
    async def update(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        clause_id: FromPath[UUID],
    ) -> Redirect:
        await draft_clause(db, clause_id)
        return await _save(request, actor, granted, db, clause_id)

    @post("/removal", status_code=303)
    async def remove(
        self,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        clause_id: FromPath[UUID],
    ) -> Redirect:
        await draft_clause(db, clause_id)
        await remove_clause(db, clause_id)
        return back(granted, "removed", "draft")


async def _save(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, clause_id: UUID | None
) -> Redirect:
    form, errors, raw = await read(request, ClauseForm)
    try:
        if form is not None:
            await write_clause(db, wish_of(form), clause_id=clause_id, leads=form.leads)
            return back(granted, "clause", "draft")
    except Unprocessable as problem:
        errors = errors_of(request, problem, known=FIELDS)
    pauses = [each for each in (await request.form()).getall("pauses", []) if each in STOPPABLE]
    if _chosen(raw["metric"], raw["statistic"]) is None:
        raise Rejected(422, html=await _choice(request, actor, granted, db))
    raise Rejected(422, html=await _page(request, actor, granted, db, clause_id, raw, errors, pauses))


async def _choice(request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession) -> str:
    """What can be promised, and how its figure can be made."""
    groups = [(each.value, shape.statistics, measured(each)) for each, shape in SHAPES.items()]
    return await contract_page(
        request,
        actor,
        granted,
        db,
        "admin/clause_choice.html",
        groups=groups,
        drafted=await draft_row(db) is not None,
    )


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    clause_id: UUID | None,
    form: dict[str, str],
    errors: dict[str, str],
    pauses: list[str],
) -> str:
    chosen = _chosen(form["metric"], form["statistic"])
    assert chosen is not None
    metric, statistic = chosen
    return await contract_page(
        request,
        actor,
        granted,
        db,
        "admin/clause.html",
        clause_id=clause_id,
        metric=metric,
        statistic=statistic,
        shape=SHAPES[metric],
        unit=unit_of(metric, statistic),
        measured=measured(metric),
        lines=await line_options(db),
        calendars=await calendar_options(db),
        channels=CHANNELS,
        units=list(UNITS),
        intervals=INTERVALS_S,
        returns=[each.value for each in Return],
        states=sorted(STOPPABLE),
        pauses=pauses,
        form=form,
        errors=errors,
    )


def _chosen(metric: str, statistic: str) -> tuple[Metric, Statistic] | None:
    """What can be written at all; a measure with one way of counting needs no other word."""
    try:
        found = Metric(metric)
        ways = SHAPES[found].statistics
        way = Statistic(statistic) if statistic else ways[0] if len(ways) == 1 else None
    except (ValueError, KeyError):
        return None
    return (found, way) if way in ways and way is not None else None


CLAUSES = (ClauseController, ClauseChangeController)
