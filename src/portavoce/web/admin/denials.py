"""What was refused: who asked, for what, when and why. For administrators of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from portavoce.audit.reading import DenialRow, denials
from portavoce.core.scope import HOUSE
from portavoce.web.access import Actor, house_admin
from portavoce.web.admin.listing import BrandRow, names_of
from portavoce.web.admin.roles import administered
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import page, shell

HERE = "/admin/denials"
SHOWN = 50
REASONS = {
    "not granted": N_("Not theirs to see"),
    "row security": N_("Refused by the database"),
    "forged request": N_("Not from a page of ours, or from an old one"),
    "role at another brand": N_("A role at a brand they do not administer"),
    "wrong credentials": N_("Wrong password or unknown address"),
    "unknown address": N_("Unknown address"),
    "limit reached": N_("Too many attempts"),
    "token of another brand": N_("A reply that belongs to another brand"),
}


class Shown(NamedTuple):
    """`who` is empty for visitors; `brand` None when the reader may not know it, or none was asked for."""

    at: datetime
    who: str
    action: str
    reason: str
    address: str
    brand: BrandRow | None


class DenialController(Controller):
    path = HERE
    guards = (house_admin,)

    @get("/")
    async def index(
        self,
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        before: FromQuery[UUID | None] = None,
    ) -> Response[str]:
        async with request.app.state.database.begin(HOUSE) as db:
            rows = await denials(db, before=before, limit=SHOWN + 1)
            names = await names_of(db, {row.person_id for row in rows if row.person_id})
        brands = await administered(request, actor)
        shown = [_shown(request, row, names, brands) for row in rows[:SHOWN]]
        older = f"{HERE}?before={rows[SHOWN - 1].id}" if len(rows) > SHOWN else ""
        html = shell(
            request,
            actor,
            "admin/denials.html",
            current=HERE,
            rows=shown,
            older=older,
            newest=HERE if before else "",
        )
        return page(html)


def _shown(
    request: Request[Any, Any, Any], row: DenialRow, names: dict[UUID, str], brands: list[BrandRow]
) -> Shown:
    """The client list is confidential: a brand is named to its own administrators only."""
    detail = msgspec.json.decode(row.detail, type=dict[str, Any])
    asked_for = str(detail.get("brand", ""))
    return Shown(
        at=row.at,
        who=names.get(row.person_id, "") if row.person_id else "",
        action=row.action,
        reason=words_for(request).gettext(REASONS.get(row.reason, row.reason)),
        address=str(detail.get("address", "")),
        brand=next((brand for brand in brands if asked_for in (brand.slug, str(brand.id))), None),
    )
