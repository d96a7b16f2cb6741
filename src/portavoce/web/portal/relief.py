"""`/portal/{brand}/relief`: events for which the provider asks to be excused. Viewers read, approvers decide; read as `app`, like
all that the client's people do.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.reporting.commitments import Commitment
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month, month_of
from portavoce.reporting.relief.reading import adjusted_commitments, suppose_accepted
from portavoce.reporting.standing import read_standing
from portavoce.reporting.sums import report_head
from portavoce.sla.relief.deciding import accept, contest
from portavoce.sla.relief.errors import BadRelief, Undecidable
from portavoce.sla.relief.queries import ReliefRow, relief_row, relief_rows
from portavoce.sla.relief.told import State
from portavoce.web.access import APPROVER_ROLES, Actor, provide_approver_brand, provide_brand_db
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import RELIEF, work_page
from portavoce.web.portal.reading import read_faces
from portavoce.web.portal.sheet import Tile, tile_of

HERE = "/{brand:str}/relief"
OF_THE_APPROVER = {"granted": Provide(provide_approver_brand), "db": Provide(provide_brand_db)}
SHOWN = (State.PROPOSED, State.ACCEPTED)
"""States in which it is told what the event changes, or would."""


class ObjectionForm(msgspec.Struct):
    reason: Annotated[str, msgspec.Meta(extra={"lines": True})]


class Effect(msgspec.Struct, frozen=True):
    """What the event changes in the month in which it begins, with all that is accepted already."""

    month: Month
    late: int
    tiles: list[Tile]


class ReliefController(Controller):
    path = HERE
    dependencies = {"db": Provide(provide_brand_db)}

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        sent: FromQuery[str] = "",
    ) -> Response[str]:
        told = {"rows": await relief_rows(db), "sent": sent, "decides": _decides(actor, granted)}
        return page(await work_page(request, db, actor, granted, RELIEF, "portal/reliefs.html", **told))

    @route("/{relief_id:uuid}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        relief_id: FromPath[UUID],
    ) -> Response[str]:
        return page(await _one(request, db, actor, granted, relief_id, {}, {}))


class DecisionController(Controller):
    path = f"{HERE}/{{relief_id:uuid}}"
    dependencies = OF_THE_APPROVER

    @post("/acceptance", status_code=303)
    async def accept(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        relief_id: FromPath[UUID],
    ) -> Redirect:
        try:
            await accept(db, relief_id, by=actor.person_id)
        except Undecidable as error:
            raise await _too_late(request, db, actor, granted, relief_id, {}, error) from error
        return Redirect(f"/portal/{granted.slug}/relief?sent=accepted", status_code=303)

    @post("/objection", status_code=303)
    async def contest(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        relief_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, ObjectionForm)
        try:
            if form is not None:
                await contest(db, relief_id, form.reason, by=actor.person_id)
                return Redirect(f"/portal/{granted.slug}/relief?sent=contested", status_code=303)
        except Undecidable as error:
            raise await _too_late(request, db, actor, granted, relief_id, raw, error) from error
        except BadRelief as error:
            words = words_for(request)
            errors = {field: words.gettext(advice) for field, advice in error.fields.items()}
        raise Rejected(422, html=await _one(request, db, actor, granted, relief_id, raw, errors))


def _decides(actor: Actor, granted: Granted) -> bool:
    return granted.brand_id in actor.brands(APPROVER_ROLES)


async def _too_late(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, relief_id: UUID,
    raw: dict[str, str], error: Undecidable,
) -> Rejected:  # fmt: skip
    told = {"": words_for(request).gettext(error.message)}
    return Rejected(409, html=await _one(request, db, actor, granted, relief_id, raw, told))


async def _one(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, relief_id: UUID,
    form: dict[str, str], errors: dict[str, str],
) -> str:  # fmt: skip
    row = await relief_row(db, relief_id)
    told: dict[str, Any] = {
        "row": row,
        "effect": await _effect(db, granted, row) if row.state in SHOWN else None,
        "decides": _decides(actor, granted),
        "form": form,
        "errors": errors,
    }
    return await work_page(request, db, actor, granted, RELIEF, "portal/relief.html", **told)


async def _effect(db: AsyncSession, granted: Granted, row: ReliefRow) -> Effect:
    (brand,) = await read_faces(db, [granted.brand_id])
    anchor = Anchor(*await last_fact(db, brand.id, await report_head(db)), now(db))
    month = month_of(row.starts_at, brand.zone)
    report = await read_month_report(db, brand.id, brand.zone, month, anchor)
    standing = await read_standing(db, report)
    relief = await suppose_accepted(db, report, row.id)
    adjusted = await adjusted_commitments(db, relief, standing)
    late = sum(each.late for each in relief.events if each.event.id == row.id)
    return Effect(month, late, [_tile(each, adjusted) for each in standing if each.clause.id in adjusted])


def _tile(standing: Commitment, adjusted: dict[UUID, Commitment]) -> Tile:
    return tile_of(standing, [], adjusted[standing.clause.id])


RELIEF_OF_THE_CLIENT = (ReliefController, DecisionController)
