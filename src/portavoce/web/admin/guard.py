"""One brand: what marks a text as its, what may stand in its texts, and how often the guard was right this month."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.brands.signals import ADDED, ALLOWED, BY_HAND, USED, add_by_hand, remove, signals
from portavoce.brands.traces import ADDRESS, DOMAIN, PHONE, SIGNATURE, WORD
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.errors import Unprocessable
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.guard import GOAL, read_guard
from portavoce.reporting.months import month_of
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
SHOWN = 200
"""Entries of a kind on the page."""


class SignalForm(msgspec.Struct, kw_only=True):
    """`origin`: a mark of this brand, or what is no mistake in its texts."""

    origin: Literal["added", "allowed"]
    kind: Literal["domain", "address", "phone", "signature", "word"]
    value: Annotated[str, msgspec.Meta(max_length=160)]


class SignalController(Controller):
    path = "/admin/b/{brand:str}/guard"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

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
        form, errors, raw = await read(request, SignalForm)
        if form is None:
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))
        try:
            row = await add_by_hand(db, form.origin, form.kind, form.value)
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(SignalForm.__struct_fields__))
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors)) from problem
        audit(db, "admin", f"signal.{row.origin}", "brand_signal", row.id, key=row.key)
        audit_house(db, actor.person_id, "signals.changed", "brand", granted.brand_id)
        return _back(granted)


class RemovalController(Controller):
    path = "/admin/b/{brand:str}/guard/{signal:uuid}/removal"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @post("/", status_code=303)
    async def create(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        signal: FromPath[UUID],
    ) -> Redirect:
        """Of what people added, allowed or sent with a reason; the rest comes from the brand's own data."""
        row = await remove(db, signal)
        audit(db, "admin", "signal.removed", "brand_signal", row.id, key=row.key)
        audit_house(db, actor.person_id, "signals.changed", "brand", granted.brand_id)
        return _back(granted)


def _back(granted: Granted) -> Redirect:
    return Redirect(f"/admin/b/{granted.slug}/guard", status_code=303)


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    form: dict[str, str],
    errors: dict[str, str],
) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    rows, at = await signals(db), now(db)
    anchor = Anchor(*await last_fact(db, granted.brand_id), at)
    return shell(
        request,
        actor,
        "admin/guard.html",
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        marks=[row for row in rows if row.origin not in (ALLOWED, USED)][:SHOWN],
        allowed=[row for row in rows if row.origin in (ALLOWED, USED)][:SHOWN],
        kinds=(DOMAIN, ADDRESS, PHONE, SIGNATURE, WORD),
        by_hand=(*BY_HAND, USED),
        month=month_of(at, brand.zone),
        guard=await read_guard(db, brand.zone, month_of(at, brand.zone), anchor),
        goal=GOAL,
        form={"origin": ADDED, "kind": DOMAIN, **form},
        errors=errors,
    )


GUARD = (SignalController, RemovalController)
