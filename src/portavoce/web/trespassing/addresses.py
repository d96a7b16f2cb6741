"""Addresses that name rows of a brand, made from what each route says it reads; a new route is in it by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4

import msgspec
from litestar import Litestar

from portavoce.web.routes import Inputs, endpoints, inputs

OF_A_BRAND = {
    "brand": "slug",
    "interaction_id": "interaction",
    "interaction": "interaction",
    "open": "interaction",
    "closed": "interaction",
    "since_contact": "interaction",
    "before_contact": "interaction",
    "since_message": "message",
    "before_message": "message",
    "message_id": "message",
    "attachment_id": "attachment",
    "mail": "mail",
    "lob": "lob",
    "clause": "clause",
    "clause_id": "clause_draft",
    "calendar_id": "calendar",
    "customer_id": "customer",
    "attribute_id": "attribute",
    "snippet_id": "snippet",
    "request_id": "request",
    "approval_id": "approval",
    "lead_id": "lead",
    "task_id": "task",
    "action_id": "action",
    "import_id": "customer_import",
    "other": "customer",
    "relief_id": "relief",
    "feed_id": "feed",
    "layout": "layout",
    "export_id": "report_export",
}
"""Inputs that name something of a brand, with the field of `Names` that fills them."""
PLAIN = {
    "figure": ("received", "received.csv"),
    "month": (),
    "acts": ("near-misses", "near-misses.csv", "answers"),
    "ends": ("asked", "asked.csv"),
    "day": (),
    "regime": ("AGCOM_255_24",),
    "term": ("2026-H1",),
    "suffix": ("csv", "xlsx"),
}
"""Path inputs that say how and not what; `month` is in `Names`, as a brand has only those since its first fact."""
OTHERS = frozenset(
    {
        "all",
        "by",
        "first",
        "last",
        "compose",
        "sort",
        "page",
        "week",
        "weekday",
        "day",
        "quarter",
        "seen",
        "reset",
        "next_page",
        "sent",
        "saved",
        "moved",
        "nothing",
        "anew",
        "ended",
        "password",
        "before",
        "q",
        "what",
        "number",
        "metric",
        "statistic",
        "regime",
        "minutes",
        "language",
    }  # how a page is shown
    | {"person_id", "role_id", "invited", "token", "name", "version"}  # rows of the provider, not of a brand
)


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What of one brand an address can name; None where the brand has no such row."""

    slug: str
    month: str
    interaction: UUID | None = None
    message: UUID | None = None
    attachment: UUID | None = None
    mail: UUID | None = None
    lob: UUID | None = None
    clause: UUID | None = None
    clause_draft: UUID | None = None
    calendar: UUID | None = None
    customer: UUID | None = None
    attribute: UUID | None = None
    snippet: UUID | None = None
    request: UUID | None = None
    approval: UUID | None = None
    lead: UUID | None = None
    task: UUID | None = None
    action: UUID | None = None
    customer_import: UUID | None = None
    relief: UUID | None = None
    feed: UUID | None = None
    layout: UUID | None = None
    report_export: UUID | None = None

    def ghost(self) -> Names:
        """Names of the same shape that never existed."""
        never = {name: uuid4() for name in OF_A_BRAND.values() if name != "slug" and getattr(self, name)}
        slug = uuid4().hex.ljust(len(self.slug), "0")[: len(self.slug)]
        return msgspec.structs.replace(self, slug=slug, **never)


class Address(NamedTuple):
    """`shape` is the route, with the query inputs that are filled; `children`: it names more than the brand."""

    shape: str
    url: str
    children: bool


def addresses(app: Litestar, names: Names) -> list[Address]:
    """Of every GET that names something of a brand, as far as the brand has such rows."""
    return [
        address
        for route, method, handler in endpoints(app)
        if method == "GET"
        for address in _filled(route.path_format, inputs(route, handler), names)
    ]


def unknown_inputs(app: Litestar) -> list[str]:
    """Inputs of GET routes of which nobody has said whether they name something of a brand."""
    known = {*OF_A_BRAND, *PLAIN, *OTHERS}
    return [
        f"{route.path_format}: {name}"
        for route, method, handler in endpoints(app)
        if method == "GET"
        for name in (*inputs(route, handler).path, *inputs(route, handler).query)
        if name not in known
    ]


def _filled(path: str, given: Inputs, names: Names) -> Iterator[Address]:
    if not any(name in OF_A_BRAND for name in (*given.path, *given.query)):
        return
    choices = [[(name, value) for value in _values(name, names)] for name in given.path]
    for chosen in product(*choices):
        for asked in _queries(given, names):
            url = path.format_map(dict(chosen)) + (f"?{urlencode(asked)}" if asked else "")
            named = {*given.path, *asked} & OF_A_BRAND.keys() - {"brand"}
            yield Address(f"{path}?{'&'.join(asked)}".rstrip("?"), url, bool(named))


def _queries(given: Inputs, names: Names) -> Iterator[dict[str, str]]:
    """None and then each alone where the path names the brand; all at once where only the query can."""
    asked = {name: _values(name, names) for name in given.query if name in OF_A_BRAND}
    if "brand" in given.path:
        yield {}
        yield from ({name: values[0]} for name, values in asked.items() if values)
    elif all(asked.values()):
        yield {name: values[0] for name, values in asked.items()}


def _values(name: str, names: Names) -> tuple[str, ...]:
    if name == "day":
        return (f"{names.month}-01",)
    if name in PLAIN:
        return PLAIN[name] or (names.month,)
    value = getattr(names, OF_A_BRAND[name]) if name in OF_A_BRAND else None
    return (str(value),) if value else ()
