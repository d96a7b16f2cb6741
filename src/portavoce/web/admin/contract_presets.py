"""Clauses that a law or an authority wants, put into the draft: where each comes from, what is doubtful, what nothing measures yet."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.drafting import the_draft
from portavoce.contracts.reading import ClauseRow, draft_row
from portavoce.core.errors import Unprocessable
from portavoce.identity.granting import Granted
from portavoce.sla.applying import can_be_written, wish_of_preset
from portavoce.sla.metrics import measured
from portavoce.sla.presets import PRESETS, CalendarKind, PresetClause, Regime
from portavoce.sla.rules import share_bp_of, write_rule
from portavoce.sla.writing import rule_of, write_clause
from portavoce.web.access import Actor
from portavoce.web.admin.attributes import OF_A_BRAND
from portavoce.web.admin.contract import CONTRACT, back
from portavoce.web.admin.contract_views import contract_page
from portavoce.web.admin.listing import calendar_options, line_options
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.clause_words import OPENING, ClauseWords
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page

AnyRequest = Request[Any, Any, Any]
NOBODY = UUID(int=0)


class PresetForm(msgspec.Struct, kw_only=True):
    """`chosen`: numbers of clauses of the regime, from 0."""

    regime: Regime
    lob_id: UUID
    calendar: UUID
    chosen: list[Annotated[int, msgspec.Meta(ge=0, le=40)]] = []


class Offer(NamedTuple):
    """A clause of the regime as it would stand; `ticked` when it is verified and can be written."""

    preset: PresetClause
    sentence: str
    writable: bool
    measured: bool
    ticked: bool


class PresetController(Controller):
    path = f"{CONTRACT}/presets"
    dependencies = OF_A_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        regime: FromQuery[str] = "",
    ) -> Response[str]:
        chosen = next((each for each in Regime if each == regime), None)
        return page(await _page(request, actor, granted, db, chosen, {}, {}, None))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, PresetForm)
        if form is not None and not form.chosen:
            errors = {"chosen": words_for(request).gettext("Tick at least one clause.")}
        if form is not None and not errors:
            try:
                await _put(db, form)
                return back(granted, "preset", "draft")
            except Unprocessable as problem:
                errors = errors_of(request, problem, known=set(PresetForm.__struct_fields__))
        regime = next((each for each in Regime if each == raw["regime"]), None)
        ticked = frozenset((await request.form()).getall("chosen", []))
        html = await _page(request, actor, granted, db, regime, raw, errors, ticked)
        raise Rejected(422, html=html)


async def _put(db: AsyncSession, form: PresetForm) -> None:
    """All or none: a number of no clause that can be written is ignored, as no page offers it."""
    await the_draft(db)
    for number, preset in enumerate(PRESETS[form.regime]):
        if number in form.chosen and can_be_written(preset):
            await write_clause(db, wish_of_preset(preset, form.lob_id, form.calendar))


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    regime: Regime | None,
    form: dict[str, str],
    errors: dict[str, str],
    ticked: frozenset[str] | None,
) -> str:
    words = ClauseWords(words_for(request))
    offers = [
        _offer(words, preset, None if ticked is None else str(number) in ticked)
        for number, preset in enumerate(PRESETS[regime] if regime else ())
    ]
    return await contract_page(
        request,
        actor,
        granted,
        db,
        "admin/presets.html",
        drafted=await draft_row(db) is not None,
        regimes=list(Regime),
        regime=regime,
        offers=offers,
        lines=await line_options(db),
        calendars=await calendar_options(db),
        form=form,
        errors=errors,
    )


def _offer(words: ClauseWords, preset: PresetClause, ticked: bool | None) -> Offer:
    writable = can_be_written(preset)
    on = preset.on if ticked is None else ticked
    return Offer(
        preset,
        words.sentence(_row(preset)) if writable else "",
        writable,
        measured(preset.metric),
        writable and on,
    )


def _row(preset: PresetClause) -> ClauseRow:
    """As it would stand in a contract, in the first hours of a brand."""
    wish = wish_of_preset(preset, NOBODY, NOBODY)
    rule = rule_of(wish)
    calendar = OPENING if preset.calendar is CalendarKind.OPENING_HOURS else None
    return ClauseRow(
        NOBODY, None, 1, "", calendar, NOBODY, wish.channel, preset.metric, wish.threshold_s, share_bp_of(rule),
        wish.calendar_id, 0, write_rule(rule),
    )  # fmt: skip
