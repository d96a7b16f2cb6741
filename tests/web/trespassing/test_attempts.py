"""What may not be seen answers as for what never existed, and a page that forgets it is told by its route."""

from __future__ import annotations

from typing import Any

import pytest

from portavoce.audit.isolation import KINDS
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.trespassing import attempts
from portavoce.web.trespassing.addresses import Names, addresses
from portavoce.web.trespassing.asking import ask, stranger
from portavoce.web.trespassing.attempts import EVERY_SURFACE, trespass
from tests.web.trespassing.conftest import Ground


async def test_everything_is_refused_and_the_same_addresses_work_with_a_grant(ground: Ground) -> None:
    found = await trespass(ground.app, ground.samples, ground.bosco)
    assert found.failures == []
    assert set(found.attempts) == {*KINDS} - {"database"}
    aurora = (ground.world.aurora.id, ground.world.aurora.slug)
    granted = stranger(*((*aurora, role) for role in EVERY_SURFACE))
    asked = [each for each in addresses(ground.app, ground.samples[0]) if "/api/" not in each.shape]
    assert {(await ask(ground.app, each.url, granted)).status for each in asked} == {200, 303}


async def test_a_house_of_one_brand_has_nobody_elsewhere_to_play(ground: Ground) -> None:
    found = await trespass(ground.app, ground.samples[:1], None)
    assert (found.failures, "crossed" in found.attempts) == ([], False)


async def test_a_guard_that_lets_everybody_in_is_told_by_route(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurora = ground.world.aurora

    def careless(self: Actor, slug: str, _roles: frozenset[str]) -> Granted:
        return (
            Granted(self.person_id, aurora.id, slug, "agent")
            if slug == aurora.slug
            else original(self, slug, _roles)
        )

    original = Actor.granted
    monkeypatch.setattr(Actor, "granted", careless)
    found = await trespass(ground.app, ground.samples[:1], ground.bosco)
    assert {failure.kind for failure in found.failures} == {"elsewhere", "pages"}
    assert "GET /b/{brand}/interactions/{interaction_id}" in {failure.what for failure in found.failures}


async def test_rows_served_under_another_brands_address_are_told(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a connection kept the scope of the brand before."""
    original, aurora, bosco = Database.begin, ground.world.aurora, ground.world.bosco

    def stale(self: Database, scope: Scope, **options: Any) -> Any:
        swapped = scope == bosco.reading and not options
        return original(self, aurora.reading if swapped else scope, **options)

    monkeypatch.setattr(Database, "begin", stale)
    [names] = [names for names in ground.samples if names.attachment]
    found = await trespass(ground.app, [names], ground.bosco)
    assert {failure.kind for failure in found.failures} == {"crossed"}
    assert {failure.what for failure in found.failures} >= {
        "GET /b/{brand}/attachments/{attachment_id}",
        "GET /b/{brand}/interactions/{interaction_id}",
    }


async def test_an_answer_that_breaks_is_no_refusal(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Actor, slug: str, _roles: frozenset[str]) -> Granted:
        raise RuntimeError(slug)

    monkeypatch.setattr(Actor, "granted", broken)
    found = await trespass(ground.app, [Names(slug="aurora", month="2026-03")], None)
    assert found.failures


async def test_an_input_of_unknown_meaning_is_told_and_not_passed_over(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "unknown_inputs", lambda _app: ["/b/{brand}/vaults/{vault_id}: vault_id"])
    found = await trespass(ground.app, [], None)
    assert [each.what for each in found.failures] == ["/b/{brand}/vaults/{vault_id}: vault_id (never asked)"]
    assert found.attempts == {"pages": 1}
