"""The matrix: each route with everything it reads, filled from one brand's names. A new route is in it by itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import FunctionType
from typing import Any
from uuid import uuid4

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from portavoce.reporting.layouts import SECTIONS
from portavoce.web.admin.calendar_forms import DAY_FIELDS
from portavoce.web.routes import OPEN, endpoints, inputs, who
from tests.database import NOON
from tests.isolation.asking import FORM, Request

OF_A_BRAND = {
    "interaction_id": "interaction",
    "interaction": "interaction",
    "expected_interaction": "interaction",
    "open": "interaction",
    "closed": "closed",
    "since_contact": "interaction",
    "before_contact": "interaction",
    "message_id": "message",
    "since_message": "message",
    "native": "message",
    "before_message": "message",
    "attachment_id": "attachment",
    "mail": "mail",
    "lob": "lob",
    "lob_id": "lob",
    "clause": "clause",
    "clause_id": "clause_draft",
    "expected_brand": "id",
    "brands": "id",
    "role_id": "role",
    "mailbox": "mailbox",
    "row": "row",
    "promise_id": "promise",
    "mention_id": "mention",
    "signal": "signal",
    "customer_id": "customer",
    "attribute_id": "attribute",
    "attribute": "attribute",
    "merge_id": "merge",
    "other": "other",
    "snippet": "snippet",
    "snippet_id": "snippet",
    "colleague": "colleague",
    "request_id": "request",
    "approval_id": "approval",
    "lead_id": "lead",
    "task_id": "task",
    "calendar": "calendar",
    "calendar_id": "calendar",
    "choice_id": "choice",
    "contact": "interaction",
    "receiver": "colleague",
    "line": "lob",
    "action_id": "action",
    "import_id": "import",
    "export_id": "export",
    "parent_id": "choice",
    "code": "code",
    "known_at": "address",
    "which": "spare_identity",
    "removal_id": "removal",
    "separation_id": "apart",
    "moved": "one_said",
    "shop_id": "shop",
    "shop": "shop",
    "clerk_id": "clerk",
    "clerk": "clerk",
    "lookup": "lookup",
    "relief_id": "relief",
    "token_id": "token",
    "schedule_id": "schedule",
    "layout_id": "layout",
    "layout": "layout",
    "recipient": "person",
    "feed_id": "feed",
}
"""What names a row of a brand, in addresses and forms. `brand` is its slug, and in a form its id."""
OF_THE_HOUSE = {"person_id": "person", "client_id": "client"}
"""Names what administrators of the house may see whatever its brand."""
PLAIN = {
    "q": "kanarie",
    "shortcut": "saluto-nuovo",
    "channel": "email",
    "text_it": "Buongiorno {{customer_name}}",
    "text_en": "Hello",
    "month": "2026-03",
    "figure": "received",
    "disposition": "solved",
    "text": "Un testo.",
    "note": "Una nota.",
    "address": "nuovo@posta.example",
    "display_name": "Servizio",
    "signature": "Saluti",
    "role": "agent",
    "name": "Persona Nuova",
    "email": "nuova@posta.example",
    "locale": "en",
    "slug": "nuovo-marchio",
    "accent": "#0E7C57",
    "shape": "circle",
    "monogram": "N",
    "voice": "breve",
    "language": "it",
    "zone": "Europe/Rome",
    "form_key": str(uuid4()),
    "twice": "",
    "send_at": "",
    "reason": "Non serve più.",
    "mails_minute": "600",
    "mail_mb": "20",
    "stored_mb": "2000",
    "streams": "100",
    "exports_hour": "20",
    "raw_mail_days": "300",
    "quarantine_days": "90",
    "outbox_days": "20",
    "check_days": "20",
    "import_days": "5",
    "feed_days": "100",
    "pasted": "Mail\nnuovo@posta.example",
    "mapping": "email",
    "what": "new",
    "number": "1",
    "undo_send_s": "5",
    "complaint_days": "20",
    "kind": "reply",
    "until": f"{NOON + timedelta(days=3):%Y-%m-%dT09:00}",
    "at": "",
    "due": f"{NOON + timedelta(days=3):%Y-%m-%dT09:00}",
    "state": "kept",
    "acts": "near-misses",
    "ends": "asked",
    "excused": "domain altrove.it",
    "origin": "added",
    "value": "altrove.it",
    "version": "1",
    "needs": "more_time",
    "preferred": "",
    "approval": "",
    "with_phone": "",
    "wording": "Vuole il modello grande.",
    "told_where": "Al telefono",
    "with_email": "",
    "result": "won",
    "preferred_channel": "email",
    "preferred_moment": "morning",
    "about": "Preferisce scrivere.",
    "purpose": "marketing",
    "given": "yes",
    "source": "Modulo del sito",
    "proof": "Modulo 12",
    "identity": "338 555 0142",
    "key": "altro",
    "label": "Altro",
    "choices": "",
    "masked": "on",
    "position": "1",
    "target": "agent",
    "question": "È in garanzia?",
    "shared": "La macchina perde acqua.",
    "hours": "8",
    "contact_reason": "",
    "after": "",
    "finish": "1",
    "work_mode": "assisted",
    "care_case": "own",
    "reason_required": "",
    "acw_mode": "timed",
    "acw_s": "60",
    "verb": "aside",
    "later": f"{NOON + timedelta(days=3):%Y-%m-%dT09:00}",
    "moment": "",
    "outcome": "solved",
    "cause": "",
    "digits": "123456",
    "split_subject": "Il contatore",
    "evidence": "order",
    "words": "Sa il numero.",
    "why": "Non è suo.",
    "who": "gina@customer.example",
    "visitor": "known",
    "phone": "",
    "consent": "",
    "promised": "",
    "promise": "",
    "occurred": "",
    "filled": "",
    "by_mail": "",
    "where": "Milano",
    "reached": "yes",
    "fee": "1800,00",
    "credit_cap": "10",
    "bonus_cap": "",
    "metric": "resolution",
    "statistic": "share_within",
    "goal": "80",
    "goal_unit": "minute",
    "direction": "",
    "rank": "",
    "threshold": "2",
    "threshold_unit": "day",
    "variant": "",
    "short_s": "5",
    "ivr_s": "0",
    "pauses": "pending",
    "returns": "resume",
    "reopen_days": "7",
    "warn": "75",
    "interval": "",
    "interval_share": "",
    "steps_size": "1",
    "steps_percent": "1",
    "tiers": "",
    "breach_amount": "",
    "tolerated": "0",
    "day_amount": "",
    "day_permille": "",
    "bonus_size": "",
    "bonus_percent": "",
    "bonus_tiers": "",
    "weight": "1",
    "nature": "PENALTY",
    "leads": "",
    "regime": "AGCOM_255_24",
    "term": "2026-H1",
    "chosen": "0",
    **dict.fromkeys(DAY_FIELDS, "09:00-18:00"),
    "place": "",
    "patrons": "24/06 San Giovanni",
    "exceptions": "",
    "starts": "",
    "act": "preview",
    "ticket": "",
    "relief_silence": "10",
    "seen": "",
    "days": "30",
    "rhythm": "weekly",
    **{f"place_{section}": str(place) for place, section in enumerate(SECTIONS, 1)},
    "promises": "",
    "leaves": "09:00",
    "formats": "pdf",
    "period": "2026-03",
    "minutes": "30",
    "day": "2026-03-02",
    "by": "team",
    "first": "2026-03",
    "last": "2026-03",
    "suffix": "csv",
}
"""What says how and not what."""
LEFT_OUT = frozenset({"by", "first", "last", "all", "compose", "sort", "page", "week", "weekday", "day", "quarter", "seen", "invited", "reset", "sent", "saved", "next_page", "moved", "nothing", "anew"})  # fmt: skip
NOTHING_OF_A_BRAND = {
    ("GET", "/"),
    ("GET", "/admin"),
    ("GET", "/admin/brands"),
    ("GET", "/admin/brands/new"),
    ("GET", "/admin/clients"),
    ("POST", "/admin/clients"),
    ("GET", "/admin/people"),
    ("GET", "/admin/people/new"),
    ("GET", "/admin/denials"),
    ("GET", "/admin/retention"),
    ("GET", "/admin/undelivered"),
    ("GET", "/brands.css"),
    ("POST", "/desk/next"),
    ("POST", "/desk/sign"),
    ("POST", "/desk/state"),
    ("PUT", "/desk/state"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/invitation/{token}"),
    ("POST", "/invitation/{token}"),
    ("GET", "/open/service/{token}"),
    ("GET", "/open/service/{token}/brand.css"),
    ("GET", "/password-reset"),
    ("POST", "/password-reset"),
    ("GET", "/password-reset/{token}"),
    ("POST", "/password-reset/{token}"),
    ("GET", "/portal"),
    ("GET", "/preferences"),
    ("POST", "/preferences"),
    ("GET", "/preferences/password"),
    ("POST", "/preferences/password"),
    ("POST", "/session/activity"),
    ("GET", "/sent"),
    ("GET", "/s"),
    ("GET", "/sent/{name}"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/static/{version}/{name}"),
}
"""Routes that name no row of a brand or a person; whoever adds one says so here."""

AT_HOME = {
    "agent or supervisor": ("agent", "agent of both", "supervisor"),
    "agent or supervisor of the brand": ("agent", "agent of both", "supervisor"),
    "client viewer or approver of the brand": ("viewer", "approver"),
    "client back office of the brand": ("back office",),
    "client approver of the brand": ("approver",),
    "client approver or admin of the brand": ("approver", "keeper"),
    "supervisor or admin of the brand": ("supervisor", "keeper"),
    "API token of the brand": (),
    "client lead taker of the brand": ("lead taker",),
    "client shop clerk of the brand": ("shop clerk",),
    "signed in": ("viewer",),
    "admin of the brand": ("keeper",),
    "supervisor or admin of any brand": ("supervisor", "keeper"),
    "admin of the house": (),
}
"""Whom each permission lets into Aurora."""


@dataclass(frozen=True, slots=True)
class Case:
    """`query` and `fields`: names only. `who`: the permission in words, as docs/routes.md says it."""

    method: str
    path: str
    who: str
    in_path: tuple[str, ...]
    query: tuple[str, ...]
    fields: tuple[tuple[str, bool], ...]

    def places(self) -> list[str]:
        """Every input that names something: `path:brand`, `form:lob_id`."""
        given = [("path", name) for name in self.in_path] + [("query", name) for name in self.query]
        given += [("form", name) for name, _ in self.fields]
        return [f"{where}:{name}" for where, name in given if _named(name) or name == "brand"]

    def children(self) -> list[str]:
        return [place for place in self.places() if place not in ("path:brand", "query:brand")]

    def request(
        self, names: Mapping[str, str], *, but: Mapping[str, str] | None = None, kind: str = FORM,
        extra: Mapping[str, str] | None = None, only: Sequence[str] | None = None,
    ) -> Request:  # fmt: skip
        """Filled from `names`; `but` overrules single places. `only`: the query inputs that are given."""
        but = but or {}
        path = {name: self._value("path", name, names, but) for name in self.in_path}
        asked = [name for name in self.query if only is None or name in only]
        query = {name: self._value("query", name, names, but) for name in asked}
        fields = [(name, self._value("form", name, names, but)) for name, _ in self.fields]
        return Request(self.method, self.path.format_map(path), query, fields, kind, extra)

    def _value(self, where: str, name: str, names: Mapping[str, str], but: Mapping[str, str]) -> str:
        if given := but.get(f"{where}:{name}"):
            return given
        is_id = where == "form" and dict(self.fields)[name]
        return names[_field(name, is_id=is_id)] if _named(name) or name == "brand" else PLAIN[name]


def _field(name: str, *, is_id: bool) -> str:
    if name == "brand":
        return "id" if is_id else "slug"
    return OF_A_BRAND.get(name) or OF_THE_HOUSE[name]


def _named(name: str) -> bool:
    return name in OF_A_BRAND or name in OF_THE_HOUSE


def value_of(place: str, names: Mapping[str, str]) -> str:
    where, _, name = place.partition(":")
    return names[_field(name, is_id=where == "form")]


def ghost_of(names: Mapping[str, str]) -> dict[str, str]:
    """Of the same shape and length, and never of this world."""
    slug = uuid4().hex.ljust(len(names["slug"]), "0")[: len(names["slug"])]
    return {**{name: str(uuid4()) for name in names}, "slug": slug}


def cases(app: Litestar) -> list[Case]:
    """Every route and method that names something of a brand or a person."""
    found = []
    for route, method, handler in endpoints(app):
        given = inputs(route, handler)
        query = tuple(name for name in given.query if name not in LEFT_OUT)
        fields = tuple(_fields(handler)) if method != "GET" else ()
        case = Case(method, route.path_format, who(handler), given.path, query, fields)
        if case.places():
            found.append(case)
    return found


def uncovered(app: Litestar) -> list[str]:
    """Routes that name nothing and nobody has looked at, and inputs that nobody has told the meaning of."""
    covered = {(case.method, case.path) for case in cases(app)}
    complaints = [
        f"{method} {route.path_format}: names nothing of a brand, and nobody has said so"
        for route, method, _ in endpoints(app)
        if (method, route.path_format) not in covered | NOTHING_OF_A_BRAND
    ]
    known = {"brand", *OF_A_BRAND, *OF_THE_HOUSE, *PLAIN, *LEFT_OUT}
    for case in cases(app):
        names = (*case.in_path, *case.query, *(name for name, _ in case.fields))
        complaints += [f"{case.method} {case.path}: {name}?" for name in names if name not in known]
    return complaints


def open_to_everybody(app: Litestar) -> list[str]:
    return [f"{case.method} {case.path}" for case in cases(app) if case.who == OPEN]


def _fields(handler: HTTPRouteHandler) -> Iterator[tuple[str, bool]]:
    """The fields of every form its code reads, and whether each is an id."""
    function = getattr(handler.fn, "__func__", handler.fn)
    for form in dict.fromkeys(_forms(function, set())):
        for field in msgspec.structs.fields(form):
            yield field.encode_name, "UUID" in str(field.type)


def _forms(function: Any, seen: set[Any]) -> Iterator[type[msgspec.Struct]]:
    """Structs named …Form, in the function or in whatever of the web layer it calls."""
    if not isinstance(function, FunctionType) or function in seen:
        return
    seen.add(function)
    names = [name for code in _codes(function.__code__) for name in code.co_names]
    for found in (function.__globals__.get(name) for name in names):
        if inspect.isclass(found) and issubclass(found, msgspec.Struct) and found.__name__.endswith("Form"):
            yield found
        elif inspect.isclass(found) and found.__module__.startswith("portavoce.web."):
            for method in vars(found).values():
                yield from _forms(method, seen)
        elif isinstance(found, FunctionType) and found.__module__.startswith("portavoce.web."):
            yield from _forms(found, seen)


def _codes(code: Any) -> Iterator[Any]:
    yield code
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _codes(constant)
