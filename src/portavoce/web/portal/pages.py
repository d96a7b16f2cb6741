"""What every page of a brand shows around its subject: the brand's header and the foot with the ledger's state."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.reporting.contacts import operator_code
from portavoce.reporting.layouts import WHOLE, Layout
from portavoce.web.access import (
    APPROVER_ROLES,
    BACK_OFFICE_ROLES,
    CLIENT_ROLES,
    LEAD_ROLES,
    PORTAL_ROLES,
    SHOP_ROLES,
    TOKEN_ROLES,
    Actor,
)
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import BRAND_CSS, AnyRequest, face, page, render
from portavoce.web.portal.links import Links
from portavoce.web.portal.reading import Face, Reading, read_faces

REPORT, ISOLATION, REQUESTS, APPROVALS, NEITHER = "report", "isolation", "requests", "approvals", ""
LEADS, COUNTER, RELIEF, DATA = "leads", "counter", "relief", "data"
REGULATOR, TASKS = "regulator", "tasks"


def places_of(actor: Actor, words: Words, brand: Face, current: str) -> list[dict[str, object]]:
    """What the person may open of the brand, and the way to their other brands."""
    home, found = f"/portal/{brand.slug}", []
    if brand.id in actor.brands(PORTAL_ROLES):
        found.append((home, words.gettext("Service report"), REPORT))
        found.append((f"{home}/relief", words.gettext("Relief events"), RELIEF))
        found.append((f"{home}/isolation", words.gettext("Isolation"), ISOLATION))
        found.append((f"{home}/regulator", words.gettext("Authorities"), REGULATOR))
        found.append((f"{home}/tasks", words.gettext("Tasks"), TASKS))
        found.append((f"{home}/feeds", words.gettext("Data and mail"), DATA))
    elif brand.id in actor.brands(TOKEN_ROLES):
        found.append((f"{home}/tokens", words.gettext("Data and mail"), DATA))
    if brand.id in actor.brands(BACK_OFFICE_ROLES):
        found.append((f"{home}/requests", words.gettext("Questions"), REQUESTS))
    if brand.id in actor.brands(APPROVER_ROLES):
        found.append((f"{home}/approvals", words.gettext("Approvals"), APPROVALS))
    if brand.id in actor.brands(LEAD_ROLES):
        found.append((f"{home}/leads", words.gettext("Leads"), LEADS))
    if brand.id in actor.brands(SHOP_ROLES):
        found.append((f"{home}/counter", words.gettext("Counter"), COUNTER))
    if len(actor.brands(CLIENT_ROLES)) > 1:
        found.append(("/portal", words.gettext("Your brands"), "brands"))
    return [{"href": href, "name": name, "current": place == current} for href, name, place in found]


def data_places(actor: Actor, words: Words, brand: Face) -> list[dict[str, str]]:
    """What goes to the client by itself, as far as the person may see it."""
    home, found = f"/portal/{brand.slug}", []
    if brand.id in actor.brands(PORTAL_ROLES):
        found.append((f"{home}/feeds", words.gettext("Intervals"), "feeds"))
        found.append((f"{home}/schedules", words.gettext("Reports by mail"), "schedules"))
        found.append((f"{home}/layouts", words.gettext("Layouts"), "layouts"))
    if brand.id in actor.brands(TOKEN_ROLES):
        found.append((f"{home}/tokens", words.gettext("API tokens"), "tokens"))
    return [{"href": href, "name": name, "place": place} for href, name, place in found]


def brand_page(
    request: AnyRequest,
    actor: Actor,
    reading: Reading,
    name: str,
    *,
    current: str = NEITHER,
    layout: Layout = WHOLE,
    **context: Any,
) -> Response[str]:
    """A portal template of one brand, rendered while the snapshot is open; `current` is the place it is itself."""
    words, links = words_for(request), Links(reading.brand.slug, reading.seen, layout.id)
    return page(
        render(
            request,
            name,
            person=face(actor.name),
            brand=reading.brand,
            brand_css=BRAND_CSS,
            zone=reading.brand.zone,
            anchor=reading.anchor,
            links=links,
            layout=layout,
            nav=places_of(actor, words, reading.brand, current),
            data_places=data_places(actor, words, reading.brand),
            operator=partial(operator_code, reading.brand.id),
            **context,
        )
    )


async def work_page(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    granted: Granted,
    place: str,
    name: str,
    **context: Any,
) -> str:
    """A template of what the client's people do for one brand, read as it is now; `place` is where in the portal."""
    (brand,) = await read_faces(db, [granted.brand_id])
    words = words_for(request)
    return render(
        request,
        name,
        person=face(actor.name),
        brand=brand,
        brand_css=BRAND_CSS,
        zone=brand.zone,
        now=now(db),
        nav=places_of(actor, words, brand, place),
        data_places=data_places(actor, words, brand),
        operator=partial(operator_code, brand.id),
        **context,
    )
