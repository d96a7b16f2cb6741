"""`/portal/{brand}/counter`: a shop clerk writes visits down. Nothing else of the brand, and of a customer only a mask.

One page, one form: whoever is at the counter is looked up from it, and what was typed meanwhile stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.conversations.errors import (
    BadMoment,
    BadPromise,
    ReasonMissing,
    UnknownDisposition,
    UnknownReason,
)
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.visits.choosing import choose_shop
from portavoce.conversations.visits.errors import BadVisit
from portavoce.conversations.visits.looking_up import look_up, looked_up
from portavoce.conversations.visits.queries import Counter, counter_of, number_of
from portavoce.conversations.visits.recording import record_visit
from portavoce.conversations.visits.telling import KNOWN, NEW, Told
from portavoce.core.errors import Problem
from portavoce.identity.errors import TooManyAttempts
from portavoce.identity.granting import Granted
from portavoce.identity.throttling import Limit, admit
from portavoce.web.access import Actor, provide_brand_db, provide_shop_brand
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import COUNTER, work_page
from portavoce.web.portal.reading import read_faces

OF_THE_CLERK = {"granted": Provide(provide_shop_brand), "db": Provide(provide_brand_db)}
QUARTER_OF_A_CLERK = Limit("lookup.clerk", 30, timedelta(minutes=15))
DAY_OF_A_CLERK = Limit("lookup.clerk_day", 200, timedelta(days=1))
"""More than come to a counter, and far too few to go through a brand's customers."""
KEPT = (
    "form_key", "who", "lookup", "visitor", "name", "email", "phone", "contact_reason", "disposition", "note",
    "consent", "promised", "promise", "due", "occurred", "filled", "by_mail",
)  # fmt: skip
"""What stays in the form while somebody is looked up."""
MISTAKES = (
    BadVisit,
    BadPromise,
    BadMoment,
    ReasonMissing,
    UnknownReason,
    UnknownDisposition,
    TooManyAttempts,
)
FIELDS = {"text": "promise", "kind": "promised", "reason": "contact_reason"}
"""What the verbs call otherwise."""
NO_MOMENT = N_("Write a day and a time.")
NOBODY = N_("Nobody is known by this. Ask again, or record a new customer.")


class ShopForm(msgspec.Struct):
    shop: UUID


class LookUpForm(msgspec.Struct):
    who: Annotated[str, msgspec.Meta(max_length=200)]


class VisitForm(msgspec.Struct, kw_only=True):
    """`occurred` and `due` on the brand's clock. `filled`: the instant, said by a form that waited in the browser."""

    form_key: UUID
    shop: UUID
    visitor: str = ""
    lookup: UUID | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    note: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""
    disposition: str = ""
    contact_reason: str = ""
    consent: bool = False
    promised: str = ""
    promise: str = ""
    due: str = ""
    occurred: str = ""
    filled: str = ""
    by_mail: bool = False


class CounterController(Controller):
    path = "/{brand:str}/counter"
    dependencies = OF_THE_CLERK

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        counter = await counter_of(db, actor.person_id)
        number = None
        if counter.alias and _is_id(saved):
            number = await number_of(db, UUID(saved), by=counter.alias)
        return page(await _page(request, db, actor, granted, counter, number=number))

    @post("/shop", status_code=303)
    async def choose(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
    ) -> Redirect:
        form, errors, _raw = await read(request, ShopForm)
        counter = await counter_of(db, actor.person_id)
        if form is None:
            raise Rejected(422, html=await _page(request, db, actor, granted, counter, errors=errors))
        await choose_shop(db, form.shop, by=counter.me)
        return Redirect(f"/portal/{granted.slug}/counter", status_code=303)

    @post("/lookup", status_code=200)
    async def look_up(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
    ) -> Response[str]:
        """The page again, with the mask of whoever was found; nothing of it stands in an address."""
        counter, kept = await counter_of(db, actor.person_id), await _kept(request)
        form, errors, _raw = await read(request, LookUpForm)
        if form is None:
            html = await _page(request, db, actor, granted, counter, form=kept, errors=errors)
            raise Rejected(422, html=html)
        me = counter.me
        try:
            await _count(request, actor)
        except TooManyAttempts as error:
            told = {"who": words_for(request).gettext(error.message)}
            html = await _page(request, db, actor, granted, counter, form=kept, errors=told)
            raise Rejected(429, html=html) from error
        match = await look_up(db, form.who, by=me)
        if match:
            kept |= {"lookup": str(match.lookup), "visitor": KNOWN}
            return page(await _page(request, db, actor, granted, counter, form=kept))
        typed = "email" if "@" in form.who else "phone"
        kept |= {"lookup": "", "visitor": NEW, typed: kept.get(typed) or form.who}
        nobody = words_for(request).gettext(NOBODY)
        return page(await _page(request, db, actor, granted, counter, form=kept, nobody=nobody))

    @post("/visits", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
    ) -> Redirect:
        form, errors, raw = await read(request, VisitForm)
        counter = await counter_of(db, actor.person_id)
        if form is None:
            raise Rejected(
                422, html=await _page(request, db, actor, granted, counter, form=raw, errors=errors)
            )
        (brand,) = await read_faces(db, [granted.brand_id])
        try:
            if form.visitor == KNOWN and form.email:
                await _count(request, actor)
            visit = await record_visit(db, _told(form, brand.zone), by=counter.me)
        except MISTAKES as error:
            told = _mistakes(request, error)
            html = await _page(request, db, actor, granted, counter, form=raw, errors=told)
            raise Rejected(422, html=html) from error
        return Redirect(f"/portal/{granted.slug}/counter?saved={visit.id}", status_code=303)


async def _count(request: AnyRequest, actor: Actor) -> None:
    """TooManyAttempts. An address that is another customer's is refused, and so tells as much as a look-up."""
    whom = str(actor.person_id)
    await admit(request.app.state.database, (QUARTER_OF_A_CLERK, whom), (DAY_OF_A_CLERK, whom))


def _told(form: VisitForm, zone: str) -> Told:
    return Told(
        shop_id=form.shop,
        form_key=form.form_key,
        visitor=form.visitor,
        note=form.note,
        outcome=form.disposition,
        reason=form.contact_reason,
        occurred_at=_moment(form.occurred, zone, "occurred") or _instant(form.filled),
        lookup=form.lookup,
        name=form.name,
        email=form.email,
        phone=form.phone,
        consent=form.consent,
        promised=form.promised,
        promise=form.promise,
        due_at=_moment(form.due, zone, "due") if form.promised else None,
        by_mail=form.by_mail,
    )


def _moment(text: str, zone: str, field: str) -> datetime | None:
    if not text:
        return None
    try:
        return moment(text, zone)
    except NoSuchMoment as error:
        raise BadVisit(NO_MOMENT, **{field: NO_MOMENT}) from error


def _instant(text: str) -> datetime | None:
    """As a script writes it; of anything else nothing is taken, and the visit is one of now."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo is not None else None


def _mistakes(request: AnyRequest, error: Problem) -> dict[str, str]:
    """By field of the form, in the reader's language."""
    words = words_for(request)
    told = error.fields if isinstance(error, BadVisit) else dict.fromkeys(error.fields, error.message)
    if isinstance(error, TooManyAttempts):
        told = {"email": error.message}
    return {FIELDS.get(name, name): words.gettext(sentence) for name, sentence in told.items()}


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


async def _kept(request: AnyRequest) -> dict[str, str]:
    sent = await request.form()
    return {name: str((sent.getall(name, []) or [""])[-1]) for name in KEPT}


async def _page(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, counter: Counter, *,
    form: dict[str, str] | None = None, errors: dict[str, str] | None = None, **more: Any,
) -> str:  # fmt: skip
    typed = form or {}
    lookup = typed.get("lookup", "")
    match = await looked_up(db, UUID(lookup), by=counter.me) if _is_id(lookup) else None
    rules = await line_rules(db, counter.chosen.lob_id) if counter.chosen else None
    told = {"counter": counter, "rules": rules, "match": match, "form": typed, "errors": errors or {}, **more}
    return await work_page(request, db, actor, granted, COUNTER, "portal/counter.html", **told)


COUNTER_OF_THE_CLERK = (CounterController,)
