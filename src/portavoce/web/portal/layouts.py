"""`/portal/{brand}/layouts`: the client's own views of its month, saved under a name; `?layout=` on the month shows one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.identity.granting import Granted
from portavoce.reporting.commitments import CLIENTS
from portavoce.reporting.contract import read_contract
from portavoce.reporting.errors import BadLayout, NoReport
from portavoce.reporting.layouts import (
    SECTIONS,
    WHOLE,
    Layout,
    end_layout,
    find_layout,
    layouts_of,
    make_layout,
    promise_of,
)
from portavoce.reporting.month import lob_names
from portavoce.web.access import MISSING, Actor, provide_brand_db
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import DATA, work_page

Place = Annotated[int, msgspec.Meta(ge=0, le=len(SECTIONS))]
TWICE = N_("Choose at least one part, and each place once.")
UNKNOWN = N_("Choose one of the options shown.")


class LayoutForm(msgspec.Struct):
    """A part in place 0 is not shown."""

    name: Annotated[str, msgspec.Meta(max_length=60)]
    place_results: Place
    place_trend: Place
    place_money: Place
    place_breaches: Place
    place_late: Place
    promises: list[str]

    def sections(self) -> list[str]:
        """ValueError for two parts in one place."""
        places = {section: getattr(self, f"place_{section}") for section in SECTIONS}
        shown = [section for section in SECTIONS if places[section]]
        if len({places[section] for section in shown}) < len(shown):
            raise ValueError(TWICE)
        return sorted(shown, key=lambda section: places[section])


class Promise(msgspec.Struct, frozen=True):
    key: str
    metric: str
    lob: str
    channel: str


class LayoutController(Controller):
    path = "/{brand:str}/layouts"
    dependencies = {"db": Provide(provide_brand_db)}

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await _page(request, db, actor, granted, set(), {}, {}))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, LayoutForm)
        chosen = {str(value) for value in (await request.form()).getall("promises", [])}
        try:
            if form is not None and not errors:
                if not set(form.promises) <= {each.key for each in await _promises(db)}:
                    raise BadLayout(UNKNOWN, promises="unknown")
                await make_layout(db, form.name, form.sections(), form.promises, person_id=actor.person_id)
                return Redirect(f"/portal/{granted.slug}/layouts", status_code=303)
        except BadLayout as error:
            errors = dict.fromkeys(error.fields, words_for(request).gettext(error.message))
        except ValueError as error:
            errors = {"sections": words_for(request).gettext(str(error))}
        raise Rejected(422, html=await _page(request, db, actor, granted, chosen, raw, errors))

    @post("/{layout_id:uuid}/removal", status_code=303)
    async def remove(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        layout_id: FromPath[UUID],
    ) -> Redirect:
        await end_layout(db, layout_id, person_id=actor.person_id)
        return Redirect(f"/portal/{granted.slug}/layouts", status_code=303)


async def chosen_layout(db: AsyncSession, text: str) -> Layout:
    """Of an address; NoReport for one that is not there."""
    if not text:
        return WHOLE
    try:
        return await find_layout(db, UUID(text))
    except ValueError:
        raise NoReport(MISSING) from None


async def _promises(db: AsyncSession) -> list[Promise]:
    """Of the newest version of the contract, each once."""
    contract, lobs = await read_contract(db), await lob_names(db)
    clauses = contract[-1].clauses if contract else ()
    return [
        Promise(promise_of(each), str(each.metric), lobs.get(each.lob_id, ""), each.channel)
        for each in clauses
        if each.metric not in CLIENTS
    ]


async def _page(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, chosen: set[str],
    form: dict[str, str], errors: dict[str, str],
) -> str:  # fmt: skip
    places = {f"place_{section}": str(number) for number, section in enumerate(SECTIONS, 1)}
    return await work_page(
        request,
        db,
        actor,
        granted,
        DATA,
        "portal/layouts.html",
        layouts=await layouts_of(db),
        promises=await _promises(db),
        sections=SECTIONS,
        chosen=chosen,
        form={**places, **form},
        errors=errors,
    )
