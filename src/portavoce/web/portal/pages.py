"""What every page of a brand shows around its subject: the brand's header and the foot with the ledger's state."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response

from portavoce.reporting.contacts import operator_code
from portavoce.web.access import PORTAL_ROLES, Actor
from portavoce.web.i18n import words_for
from portavoce.web.pages import BRAND_CSS, AnyRequest, face, page, render
from portavoce.web.portal.links import Links
from portavoce.web.portal.reading import Reading

REPORT, ISOLATION, NEITHER = "report", "isolation", ""


def brand_page(
    request: AnyRequest, actor: Actor, reading: Reading, name: str, *, current: str = NEITHER, **context: Any
) -> Response[str]:
    """A portal template of one brand, rendered while the snapshot is open; `current` is the place it is itself."""
    words, links = words_for(request), Links(reading.brand.slug, reading.seen)
    nav: list[dict[str, object]] = [
        {"href": links.home, "name": words.gettext("Service report"), "current": current == REPORT},
        {"href": links.isolation, "name": words.gettext("Isolation"), "current": current == ISOLATION},
    ]
    if len(actor.brands(PORTAL_ROLES)) > 1:
        nav.append({"href": "/portal", "name": words.gettext("Your brands")})
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
            nav=nav,
            operator=partial(operator_code, reading.brand.id),
            **context,
        )
    )
