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
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.reporting.months import Month, month_of
from portavoce.reporting.relief.adjusting import Held
from portavoce.reporting.relief.reading import adjusted_commitments, suppose
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


class Change(msgspec.Struct, frozen=True):
    """A commitment without and with the event. `left_out` are units that leave the figure by it."""

    before: Tile
    after: Tile

    @property
    def left_out(self) -> int:
        return self.after.relieved - self.before.relieved


class Effect(msgspec.Struct, frozen=True):
    """What the event holds of a month, and the commitments that it changes: before and after, each with all else that is
    accepted.
    """

    month: Month
    held: Held
    changes: list[Change]


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
        "effects": await _effects(db, granted, row) if row.state in SHOWN else [],
        "decides": _decides(actor, granted),
        "form": form,
        "errors": errors,
    }
    return await work_page(request, db, actor, granted, RELIEF, "portal/relief.html", **told)


async def _effects(db: AsyncSession, granted: Granted, row: ReliefRow) -> list[Effect]:
    """Of every month in which some of it lies; it is no longer than 31 days."""
    (brand,) = await read_faces(db, [granted.brand_id])
    anchor = Anchor(*await last_fact(db, brand.id, await report_head(db)), now(db))
    month, effects = month_of(row.starts_at, brand.zone), list[Effect]()
    while month.bounds(brand.zone)[0] < row.ends_at:
        report = await read_month_report(db, brand.id, brand.zone, month, anchor)
        effects.append(await _effect(db, report, row.id))
        month = month.next
    return effects


async def _effect(db: AsyncSession, report: MonthReport, relief_id: UUID) -> Effect:
    standing = await read_standing(db, report)
    without, with_it = await suppose(db, report, relief_id)
    before = await adjusted_commitments(db, without, standing)
    after = await adjusted_commitments(db, with_it, standing)
    changes = [
        Change(*(tile_of(each, [], found.get(each.clause.id, each)) for found in (before, after)))
        for each in standing
        if each.clause.id in after
        and with_it.relieved[each.clause.id] != without.relieved.get(each.clause.id)
    ]
    return Effect(report.month, with_it.held_by(relief_id), changes)


RELIEF_OF_THE_CLIENT = (ReliefController, DecisionController)
