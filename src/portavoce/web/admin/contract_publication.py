"""Publish the draft: what it changes, and from when it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.brands.models import Brand
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.contracts.errors import BadStart
from portavoce.contracts.publishing import publish
from portavoce.contracts.reading import changes
from portavoce.core.errors import Unprocessable
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.admin.attributes import OF_A_BRAND
from portavoce.web.admin.contract import CONTRACT, back
from portavoce.web.admin.contract_views import (
    ClauseView,
    ContractView,
    contract_page,
    read_contract_view,
    view_of,
)
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.clause_words import ClauseWords
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page

AnyRequest = Request[Any, Any, Any]


class PublicationForm(msgspec.Struct, kw_only=True):
    """`starts` on the brand's clock; blank: with the next full minute."""

    starts: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Summary(NamedTuple):
    """What the draft changes; `changed` before and after, `terms` whether money of the version itself does."""

    added: list[ClauseView]
    changed: list[tuple[ClauseView, ClauseView]]
    gone: list[ClauseView]
    terms: bool

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.gone or self.terms)


class PublicationController(Controller):
    path = f"{CONTRACT}/publication"
    dependencies = OF_A_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, {}, {}))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, PublicationForm)
        try:
            if form is not None:
                starts = await _starts(db, granted, form.starts)
                await publish(db, starts, by=actor.person_id)
                audit_house(db, actor.person_id, "contract.published", "brand", granted.brand_id)
                return back(granted, "published", "")
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(PublicationForm.__struct_fields__))
        raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))


async def _starts(db: AsyncSession, granted: Granted, text: str) -> datetime | None:
    if not text:
        return None
    zone = (await db.get_one(Brand, granted.brand_id)).zone
    try:
        return moment(text, zone)
    except (NoSuchMoment, OverflowError) as error:
        raise BadStart("Write a day and a time of day that there is.", starts="none") from error


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    form: dict[str, str],
    errors: dict[str, str],
) -> str:
    contract = await read_contract_view(request, db)
    summary = _summary(ClauseWords(words_for(request)), contract) if contract.draft else None
    return await contract_page(
        request,
        actor,
        granted,
        db,
        "admin/publication.html",
        contract=contract,
        summary=summary,
        form=form,
        errors=errors,
    )


def _summary(words: ClauseWords, contract: ContractView) -> Summary:
    latest, draft = contract.latest, contract.draft
    assert draft is not None
    found = changes([each.row for each in latest.clauses], [each.row for each in contract.draft_clauses])
    money = ("fee_cents", "credit_cap_bp", "bonus_cap_bp", "relief_silence_days")
    return Summary(
        [view_of(words, row) for row in found.added],
        [(view_of(words, was), view_of(words, row)) for was, row in found.changed],
        [view_of(words, row) for row in found.gone],
        any(getattr(latest.row, name) != getattr(draft, name) for name in money),
    )
