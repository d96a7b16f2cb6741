"""One brand's contract: the version in force, those before and to come, and the draft of the next one."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.contracts.drafting import discard_draft, open_draft, set_terms
from portavoce.core.errors import Unprocessable
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.admin.attributes import OF_A_BRAND
from portavoce.web.admin.contract_forms import Amount, Number, cents, number
from portavoce.web.admin.contract_views import contract_page, read_contract_view, terms_form
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page

AnyRequest = Request[Any, Any, Any]
CONTRACT = "/admin/b/{brand:str}/contract"


class TermsForm(msgspec.Struct, kw_only=True):
    """`fee` in euro a month; caps in per cent of it, blank without one; days of silence, blank where it decides nothing."""

    fee: Amount = "0"
    credit_cap: Number = ""
    bonus_cap: Number = ""
    relief_silence: Annotated[int, msgspec.Meta(ge=1, le=366)] | None = None


class ContractController(Controller):
    path = CONTRACT
    dependencies = OF_A_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, saved=saved))


class DraftController(Controller):
    """Begin the next version, or leave it."""

    path = f"{CONTRACT}/draft"
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        await open_draft(db, by=actor.person_id)
        audit_house(db, actor.person_id, "contract.drafted", "brand", granted.brand_id)
        return back(granted, "", "draft")

    @post("/removal", status_code=303)
    async def remove(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        await discard_draft(db)
        audit_house(db, actor.person_id, "contract.draft_discarded", "brand", granted.brand_id)
        return back(granted, "discarded", "")

    @post("/terms", status_code=303)
    async def terms(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, TermsForm)
        try:
            if form is not None:
                await set_terms(
                    db,
                    fee_cents=cents(form.fee) or 0,
                    credit_cap_bp=_bp(form.credit_cap),
                    bonus_cap_bp=_bp(form.bonus_cap),
                    relief_silence_days=form.relief_silence,
                )
                return back(granted, "terms", "draft")
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(TermsForm.__struct_fields__))
        raise Rejected(422, html=await _page(request, actor, granted, db, form=raw, errors=errors))


def back(granted: Granted, saved: str, place: str) -> Redirect:
    """To the contract, where it says what was done."""
    told = f"?saved={saved}" if saved else ""
    return Redirect(f"/admin/b/{granted.slug}/contract{told}{'#' if place else ''}{place}", status_code=303)


def _bp(text: str) -> int | None:
    return int(number(text) * 100) if text else None


async def _page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, *, saved: str = "", **said: Any
) -> str:
    contract = await read_contract_view(request, db)
    form = terms_form(contract.draft) if contract.draft else {}
    plain = {"form": form, "errors": {}, "saved": saved, "contract": contract}
    return await contract_page(request, actor, granted, db, "admin/contract.html", **{**plain, **said})
