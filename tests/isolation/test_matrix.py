"""Every route, every role, the foreign brand in every place: it answers as for a brand that never existed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from litestar import Litestar, Router, get
from litestar.params import FromPath, FromQuery

from portavoce.web.access import Actor
from tests.depth import in_turn
from tests.isolation.asking import FORM, JSON, Answer, Request, ask
from tests.isolation.matrix import (
    AT_HOME,
    OF_THE_HOUSE,
    Case,
    cases,
    ghost_of,
    open_to_everybody,
    uncovered,
    value_of,
)
from tests.isolation.provider import Provider
from tests.versions import versions
from tests.web.routes_page import another_app, unconnected_app

STRANGERS = (
    "anonymous",
    "nobody",
    "agent",
    "supervisor",
    "viewer",
    "approver",
    "back office",
    "lead taker",
    "shop clerk",
    "keeper",
    "house admin",
)
"""Who may not see Bosco. The keeper administers Aurora; the house's administrator keeps no brand."""
HOUSE_ADMIN = "house admin"
NEAREST = ("agent", "keeper")
"""Strangers who ask for everything in every run; of the others, in a short run, three ask for each route."""
FARTHER = tuple(role for role in STRANGERS if role not in NEAREST)
API_PATHS = tuple(
    f"/api/v1/brands/{{brand}}{rest}"
    for rest in ("/months/{month}", "/intervals/{day}", "/feeds", "/feeds/{feed_id}")
)
AT_THE_DESK = ("agent", "agent of both", "supervisor")
"""They may ask for the same: in a short run each asks for a third of it."""


def carried(names: Mapping[str, str]) -> dict[str, str]:
    """The brand in every header, as htmx and the curious would send it."""
    here = f"http://testserver.local/b/{names['slug']}/interactions/{names['interaction']}"
    return {
        "HX-Request": "true",
        "HX-Current-URL": here,
        "HX-Target": names["interaction"],
        "HX-Prompt": names["slug"],
        "X-Brand": names["slug"],
        "X-Brand-Id": names["id"],
        "Last-Event-ID": names["interaction"],
        "Cookie": f"brand={names['slug']}",
    }


def named_by(case: Case, role: str) -> list[str]:
    """The places that are foreign to this role: an administrator of the house may see people and clients."""
    house = OF_THE_HOUSE if role == HOUSE_ADMIN else {}
    return [place for place in case.places() if place.partition(":")[2] not in house]


async def differences(provider: Provider, role: str, case: Case, kind: str, htmx: bool) -> list[str]:
    """Asks for Bosco's and for what never existed."""
    bosco, ghost = provider.bosco, ghost_of(provider.bosco)
    if role == HOUSE_ADMIN:
        ghost |= {name: bosco[name] for name in OF_THE_HOUSE.values()}
    answers = []
    for names in (bosco, ghost):
        request = case.request(names, kind=kind, extra=carried(names) if htmx else None)
        answer = await ask(provider.site.app, request, provider.people.get(role))
        # The page of a person, whom administrators of the house may see, names their roles whatever was asked for.
        answers.append(answer.without(names).without(bosco if role == HOUSE_ADMIN else {}))
    return told(f"{role}: {case.method} {case.path} {kind}", *answers)


def told(where: str, real: Answer, unreal: Answer) -> list[str]:
    if real != unreal:
        return [f"{where}: {real.status} differs from {unreal.status}"]
    return [f"{where}: {real.status}"] if real.status >= 500 else []


def variants(role: str, case: Case) -> list[tuple[str, bool]]:
    plain = [(FORM, False)] if role == "agent" else []
    return [(FORM, True), *plain, *([(JSON, True)] if role == "agent" and case.fields else [])]


@pytest.mark.parametrize("role", STRANGERS)
async def test_a_foreign_brand_is_one_that_never_existed(
    provider: Provider, superuser: psycopg.Connection[Any], role: str
) -> None:
    before, told_before = versions(superuser), denials(superuser, provider, role)
    found, asked = [], Counter[str]()
    for turn, case in enumerate(cases(provider.site.app)):
        if not named_by(case, role) or role not in (*NEAREST, *in_turn(FARTHER, turn, 3)):
            continue
        for kind, htmx in in_turn(variants(role, case), turn, 1):
            found += await differences(provider, role, case, kind, htmx)
            asked[f"{case.method} {case.path}"] += 1
    assert found == []
    assert versions(superuser) == before
    written = denials(superuser, provider, role) - told_before
    if role != "anonymous":
        asked = Counter({act: count for act, count in asked.items() if act not in own_of(role)})
        assert {act: min(written[act], count) for act, count in asked.items()} == dict(asked)


def own_of(role: str) -> set[str]:
    """Whoever administers the house may ask for its rows: that one is not there is no denial. Nor is it one where people
    are nobody: with a token of their own they are asked in tests/web/api.
    """
    api = {f"GET {path}" for path in API_PATHS}
    return api | (
        {f"POST /admin/undelivered/{{row}}/{act}" for act in ("attempt", "abandonment")}
        if role == HOUSE_ADMIN
        else set()
    )


def denials(superuser: psycopg.Connection[Any], provider: Provider, role: str) -> Counter[str]:
    """What was written down about this person."""
    person = provider.people[role].person_id if role in provider.people else None
    rows = superuser.execute("SELECT action FROM pv.denial WHERE person_id = %s", [person])
    return Counter(action for (action,) in rows)


@pytest.mark.parametrize(
    "role",
    [
        "agent",
        "agent of both",
        "supervisor",
        "viewer",
        "approver",
        "back office",
        "lead taker",
        "shop clerk",
        "keeper",
    ],
)
async def test_a_foreign_row_inside_ones_own_brand_is_one_that_never_existed(
    provider: Provider, superuser: psycopg.Connection[Any], role: str
) -> None:
    before, found, count = versions(superuser), [], 0
    for turn, case in enumerate(cases(provider.site.app)):
        if role in AT_THE_DESK and role not in in_turn(AT_THE_DESK, turn, 1):
            continue
        for place in case.children() if role in AT_HOME[case.who] else []:
            only = [place.partition(":")[2]] if "brand" in case.in_path else None
            values = [_value(place, case, names) for names in (provider.bosco, ghost_of(provider.bosco))]
            answers = []
            for value in values:
                but, extra = {place: value}, {"HX-Request": "true"}
                request = case.request(provider.aurora, but=but, extra=extra, only=only)
                answer = await ask(provider.site.app, request, provider.people[role])
                # Both in both: who serves both brands has the foreign row in her own queue, whatever was asked for.
                answers.append(answer.without({"x": values[0]}).without({"x": values[1]}))
            found += told(f"{role}: {case.method} {case.path} with {place}", *answers)
            count += 1
    assert found == []
    assert count > 0
    assert versions(superuser) == before


def _value(place: str, case: Case, names: Mapping[str, str]) -> str:
    if place == "form:brand":
        return names["id"]
    return value_of(place, names)


@pytest.mark.parametrize("role", ["agent", "viewer", "back office", "keeper"])
async def test_no_header_cookie_host_or_parameter_changes_the_brand(provider: Provider, role: str) -> None:
    found = []
    for case in cases(provider.site.app):
        if case.method != "GET" or role not in AT_HOME[case.who]:
            continue
        own = case.request(provider.aurora, only=[] if "brand" in case.in_path else None)
        answers = []
        for names in (provider.bosco, ghost_of(provider.bosco)):
            more = {"brand_id": names["id"], "tenant": names["slug"], "client": names["client"]}
            more |= {} if "brand" in case.query else {"brand": names["slug"]}
            request = Request("GET", own.path, {**own.query, **more}, extra=carried(names))
            answers.append((await ask(provider.site.app, request, provider.people[role])).without(names))
            hosted = Request("GET", own.path, own.query, extra={"Host": f"{names['slug']}.testserver.local"})
            assert (await ask(provider.site.app, hosted, provider.people[role])).status == 400
        plain = await ask(
            provider.site.app, Request(own.method, own.path, own.query, extra=carried(provider.aurora)),
            provider.people[role],
        )  # fmt: skip
        found += told(f"{role}: GET {case.path}", *answers)
        found += (
            told(f"{role}: GET {case.path} without", answers[0], plain.without({})) if _is_still(case) else []
        )
    assert found == []


def _is_still(case: Case) -> bool:
    """Whether the page is the same at every look: lists carry the query on in their links."""
    return "{figure}" not in case.path


def test_no_route_is_left_out() -> None:
    app = unconnected_app()
    assert uncovered(app) == []
    assert open_to_everybody(app) == []
    assert set(AT_HOME) == {case.who for case in cases(app)}


def test_a_planted_route_without_an_entry_is_seen() -> None:
    @get("/b/{brand:str}/vaults/{vault_id:uuid}")
    async def vault(brand: FromPath[str], vault_id: FromPath[UUID]) -> str:
        return f"{brand} {vault_id}"

    @get("/weather")
    async def weather(wind: FromQuery[str] = "") -> str:
        return wind

    app = another_app()
    app.register(Router("/", route_handlers=[vault, weather]))
    assert uncovered(app) == [
        "GET /weather: names nothing of a brand, and nobody has said so",
        "GET /b/{brand}/vaults/{vault_id}: vault_id?",
    ]
    assert open_to_everybody(app) == ["GET /b/{brand}/vaults/{vault_id}"]


async def test_a_planted_route_that_tells_is_seen(provider: Provider) -> None:
    known = provider.bosco["interaction"]

    @get("/b/{brand:str}/interactions/{interaction_id:uuid}/leak")
    async def leak(brand: FromPath[str], interaction_id: FromPath[UUID]) -> str:
        return "there is one" if str(interaction_id) == known else "nothing"

    app = provider.site.app
    app.register(leak)
    [case] = [case for case in cases(app) if case.path.endswith("/leak")]
    found = await differences(provider, "agent", case, FORM, htmx=True)
    assert found == [f"agent: GET {case.path} {FORM}: 200 differs from 200"]
    _forget(app, case)


def _forget(app: Litestar, case: Case) -> None:
    app.routes[:] = [route for route in app.routes if route.path_format != case.path]


async def test_a_guard_that_forgets_the_role_is_seen(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oracle itself: with the check of the brand's grant gone, most routes differ."""
    original = Actor.granted

    def careless(self: Actor, slug: str, roles: frozenset[str]) -> Any:
        if slug == provider.bosco["slug"]:
            return self.grants[0]._replace(brand_id=provider.world.bosco.id, slug=slug)
        return original(self, slug, roles)

    monkeypatch.setattr(Actor, "granted", careless)
    reading = [case for case in cases(provider.site.app) if case.method == "GET" and "/b/" in case.path]
    seen = [case for case in reading if await differences(provider, "agent", case, FORM, htmx=True)]
    assert {case.path for case in seen} >= {
        "/b/{brand}/interactions/{interaction_id}",
        "/b/{brand}/attachments/{attachment_id}",
        "/b/{brand}/interactions/{interaction_id}/messages/{message_id}/frame",
    }


TWINS: dict[tuple[str, str], dict[str, str]] = {
    ("DELETE", "/claim"): {},
    ("POST", "/claim"): {},
    ("POST", "/focus"): {},
    ("POST", "/messages"): {"form:native": " "},
    ("POST", "/notes"): {},
    ("PUT", "/drafts/{kind}"): {},
    ("POST", "/withdrawal"): {"path:message_id": "queued"},
    ("DELETE", "/focus"): {},
    ("POST", "/insertions"): {},
    ("POST", "/promises"): {"form:kind": "callback"},
    ("POST", "/complaint"): {},
    ("POST", "/sight"): {},
    ("POST", "/settlement"): {},
    ("POST", "/who/entry"): {"path:interaction_id": "own", "form:digits": "digits"},
    ("POST", "/who/codes"): {"path:interaction_id": "held"},
    ("POST", "/who/links"): {"path:interaction_id": "held"},
    ("POST", "/aside"): {"path:interaction_id": "own", "form:kind": "snoozed"},
    ("POST", "/transfer"): {"path:interaction_id": "handed", "form:target": "back_office"},
    ("POST", "/recall"): {"path:interaction_id": "handed"},
    ("POST", "/answer"): {},
    ("POST", "/back-office"): {},
    ("POST", "/approvals"): {},
    ("POST", "/draft/terms"): {},
    ("POST", "/contract/clauses"): {},
    ("POST", "{clause_id}"): {},
    ("POST", "/presets"): {},
    ("POST", "{clause_id}/removal"): {},
    ("POST", "/publication"): {},
    ("POST", "/contract/draft"): {},
    ("POST", "/draft/removal"): {},
    ("POST", "/approval"): {},
    ("POST", "/relief"): {
        "form:cause": "force_majeure",
        "form:starts": "2026-03-02T09:00",
        "form:until": "2026-03-02T10:00",
    },
    ("POST", "/acceptance"): {},
    ("POST", "/objection"): {"path:relief_id": "other_relief"},
    ("POST", "/retraction"): {"path:relief_id": "spare_relief"},
    ("POST", "/lead"): {"path:interaction_id": "handed"},
    ("POST", "/taking"): {},
    ("POST", "/result"): {},
    ("POST", "/counter/shop"): {},
    ("POST", "/counter/lookup"): {},
    ("POST", "/counter/visits"): {},
    ("POST", "/continuation"): {"path:interaction_id": "visited"},
    ("POST", "/shops"): {},
    ("POST", "/calendars"): {},
    ("POST", "/calendars/{calendar_id}"): {},
    ("POST", "/clerks"): {},
    ("POST", "/clerks/{clerk_id}/removal"): {},
    ("POST", "{shop_id}/retirement"): {},
    ("POST", "/return"): {"path:approval_id": "other_approval"},
    ("POST", "/reason"): {"form:contact_reason": "odd_reason"},
    ("POST", "/case"): {},
    ("POST", "/closure"): {},
    ("POST", "/closure/amendment"): {},
    ("POST", "/reopening"): {},
    ("POST", "/release"): {"path:interaction_id": "held"},
    ("POST", "/resending"): {"path:message_id": "failed", "path:interaction_id": "closed"},
    ("POST", "{customer_id}"): {"form:version": "3"},
    ("POST", "/consents"): {},
    ("POST", "/identities"): {"form:kind": "phone"},
    ("POST", "/reveals"): {},
    ("POST", "/removals"): {"path:customer_id": "other"},
    ("POST", "/removals/{removal_id}/undo"): {"path:customer_id": "other"},
    ("POST", "/separations/{separation_id}/undo"): {"path:customer_id": "other"},
    ("POST", "/separations"): {},
    ("POST", "/merges"): {},
    ("POST", "/merges/{merge_id}/undo"): {},
    ("POST", "/merger"): {"path:interaction_id": "one", "form:interaction": "two"},
    ("POST", "/merger/undo"): {"path:interaction_id": "merged"},
    ("POST", "/number"): {"path:interaction_id": "called"},
    ("POST", "/calls"): {"path:interaction_id": "called", "form:expected_interaction": "called"},
    ("POST", "/channel"): {"path:interaction_id": "called", "form:expected_interaction": "called"},
    ("POST", "/split"): {"path:interaction_id": "both", "form:expected_interaction": "both"},
    ("POST", "/split/undo"): {"path:interaction_id": "split_off"},
    ("POST", "/bulk/choice"): {},
    ("POST", "/bulk/preview"): {},
    ("POST", "/bulk"): {},
    ("POST", "{action_id}/undo"): {},
    ("POST", "/attributes"): {"form:kind": "text"},
    ("POST", "/customer-export"): {},
    ("POST", "/reports/exports"): {},
    ("POST", "/dry-run"): {},
    ("POST", "/run"): {"path:import_id": "ready"},
    ("POST", "/customer-imports/{import_id}/removal"): {"path:import_id": "other_import"},
    ("POST", "/customer-imports"): {},
    ("POST", "{attribute_id}"): {},
    ("POST", "{attribute_id}/retirement"): {},
    ("POST", "{attribute_id}/retirement/undo"): {},
    ("POST", "/wrap-up"): {},
    ("POST", "/choices"): {"form:kind": "reason"},
    ("POST", "{choice_id}"): {},
    ("POST", "{choice_id}/retirement"): {},
    ("POST", "{choice_id}/retirement/undo"): {},
    ("POST", "/addresses"): {},
    ("POST", "/check"): {},
    ("POST", "/draft-check"): {},
    ("POST", "{brand}/guard"): {"form:kind": "domain"},
    ("POST", "/guard/{signal}/removal"): {},
    ("POST", "/limits"): {},
    ("POST", "/tasks"): {"form:kind": "data"},
    ("POST", "/completion"): {},
    ("POST", "{task_id}/removal"): {"path:task_id": "other_task"},
    ("POST", "/open-service"): {},
    ("POST", "/open-service/removal"): {},
    ("POST", "/snippets/{snippet_id}"): {},
    ("POST", "/snippets"): {"form:shortcut": "altro"},
    ("POST", "/snippets/{snippet_id}/removal"): {},
    ("POST", "{brand}/undelivered/{row}/attempt"): {},
    ("POST", "{brand}/undelivered/{row}/abandonment"): {"path:row": "spare"},
    ("POST", "/admin/undelivered/{row}/attempt"): {"path:row": "house_row"},
    ("POST", "/admin/undelivered/{row}/abandonment"): {"path:row": "house_spare"},
    ("POST", "/quarantine/{mail}/conversation"): {},
    ("POST", "/tokens"): {},
    ("POST", "{token_id}/revocation"): {},
    ("POST", "/schedules"): {},
    ("POST", "{schedule_id}/removal"): {},
    ("POST", "/commentary"): {},
    ("POST", "/layouts"): {},
    ("POST", "{layout_id}/removal"): {},
    ("POST", "/admin/brands"): {},
    ("POST", "/admin/people"): {"form:role": "client_viewer"},
    ("POST", "/invitation"): {},
    ("POST", "/address"): {"form:email": "altra@posta.example"},
    ("POST", "/roles"): {"form:role": "client_approver"},
    ("POST", "{role_id}/revocation"): {},
    ("POST", "/disablement"): {},
}
"""What changes something, in an order in which each can be done, with what its form needs beside names."""
GRANTED = {
    "agent or supervisor": "agent of both",
    "agent or supervisor of the brand": "agent of both",
    "client viewer or approver of the brand": "viewer of bosco",
    "client back office of the brand": "back office of bosco",
    "client approver of the brand": "approver of bosco",
    "client approver or admin of the brand": "approver of bosco",
    "supervisor or admin of the brand": "keeper of bosco",
    "client lead taker of the brand": "lead taker of bosco",
    "client shop clerk of the brand": "shop clerk of bosco",
    "signed in": "viewer of bosco",
    "admin of the brand": "keeper of bosco",
    "supervisor or admin of any brand": "keeper of bosco",
    "admin of the house": "elena",
}


async def test_the_same_requests_work_for_those_who_may(provider: Provider) -> None:
    """The last to use this provider: it changes Bosco. Every page of a brand is one that no cache keeps.

    What is asked with a token is asked in tests/web/api.
    """
    every = [case for case in cases(provider.site.app) if case.path not in API_PATHS]
    changing = {key: [case for case in every if _is(case, key)] for key in TWINS}
    assert all(len(found) == 1 for found in changing.values()), changing
    reading = [case for case in every if case.method == "GET"]
    names = {**provider.bosco, "digits": provider.digits(provider.world.bosco)}
    assert len(every) == len(reading) + len(TWINS)
    for case in [*reading, *(found[0] for found in changing.values())]:
        key = next((key for key in TWINS if _is(case, key)), ("", ""))
        but = {place: names.get(value, value) for place, value in TWINS.get(key, {}).items()}
        request = case.request(provider.bosco, but=but)
        answer = await ask(provider.site.app, request, provider.people[GRANTED[case.who]])
        assert answer.status in (200, 201, 204, 303), (
            f"{case.method} {case.path}: {answer.status} {answer.body!r}"
        )
        kept = "no-store" if case.path == "/desk/stream" else "private, no-store"
        assert answer.header("cache-control") == kept, case.path


def _is(case: Case, key: tuple[str, str]) -> bool:
    return case.method == key[0] and case.path.endswith(key[1]) and case.method != "GET"
