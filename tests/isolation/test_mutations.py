"""Sabotages of the wall above the database, each seen by the guard named beside it.

A guard is an ordinary test of the suite. Here it runs once more on torn code and must fail: a guard that sees nothing
is itself found. Sabotages of the catalog are in `test_sabotages`, of policies in `test_adversary`, of the session in
`test_session_adversary`, of query plans in `test_plans`.
"""

from __future__ import annotations

import hmac
import inspect
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select, true
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from sqlalchemy.orm import Session, with_loader_criteria

import portavoce.app
from portavoce import worker
from portavoce.core import delivering, jobs, queueing, session, statements
from portavoce.core.db import REPORT
from portavoce.core.delivering import work_on
from portavoce.core.jobs import Envelope
from portavoce.core.push import KeySpace
from portavoce.core.scope import Scope
from portavoce.core.session import ScopedSession
from portavoce.core.storage import Storage
from portavoce.identity.granting import Granted
from portavoce.reporting.contacts import Page
from portavoce.reporting.lists import read_page
from portavoce.web import access, brand_css
from portavoce.web.access import Actor
from portavoce.web.live.streams import Stream, Topic
from portavoce.web.portal import figures, reading
from tests import predicates
from tests import test_app as assembly
from tests import test_worker as workers
from tests.channels.email import test_tokens as threads
from tests.core import (
    test_delivering,
    test_jobs,
    test_push,
    test_queueing,
    test_session,
    test_statements,
    test_storage,
)
from tests.isolation import test_job_scopes, test_sabotages
from tests.web import test_access, test_brand_css
from tests.web.desk import test_files
from tests.web.live import test_hub, test_streams
from tests.web.portal import test_isolation

Patch = pytest.MonkeyPatch
Given = dict[str, Any]
Tear = Callable[[Patch, Given], None]
SEEN = (AssertionError, pytest.fail.Exception, SQLAlchemyError, SAWarning)
"""How a guard says no. Any other exception is no answer, but a mistake in the sabotage."""


def seen_by(guard: Callable[..., Any], **fixed: Any) -> Callable[[Tear], Callable[..., Awaitable[None]]]:
    """A test that asks for the guard's own fixtures, tears as decorated, and passes when the guard fails.

    `fixed` are the guard's parameters; a text that begins with @ names another fixture.
    """
    names = {
        name: str(fixed.get(name, "")).removeprefix("@") or name
        for name in inspect.signature(guard).parameters
    }
    kept = {name: value for name, value in fixed.items() if not str(value).startswith("@")}
    asked = ["monkeypatch", *(fixture for name, fixture in names.items() if name not in kept)]

    def decorate(tear: Tear) -> Callable[..., Awaitable[None]]:
        async def mutated(**given: Any) -> None:
            own = {name: given[fixture] for name, fixture in names.items() if name not in kept}
            tear(given["monkeypatch"], own)
            with pytest.raises(SEEN):
                await _run(guard, {**own, **kept})

        parameters = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in dict.fromkeys(asked)
        ]
        mutated.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # -- what pytest reads
        mutated.__doc__ = f"Seen by {guard.__module__}::{guard.__name__}."
        return mutated

    return decorate


async def _run(guard: Callable[..., Any], given: Given) -> None:
    answer = guard(**given)
    if inspect.isawaitable(answer):
        await answer


def nothing(*_args: Any, **_options: Any) -> None:
    return None


# The session's hooks


@seen_by(test_statements.test_a_read_is_bound_to_the_brands_of_its_scope, name="entity")
def test_without_the_predicate_of_reads(patch: Patch, given: Given) -> None:
    patch.setattr(session, "_predicate", lambda *_args: with_loader_criteria(Stream, true()))


@seen_by(test_statements.test_a_write_is_bound_to_the_written_brand, name="update")
def test_without_the_predicate_of_writes(patch: Patch, given: Given) -> None:
    wide: Any = SimpleNamespace(read=frozenset({given["aurora"].id, given["bosco"].id}))
    real: Any = session._predicate
    reads = SimpleNamespace(is_select=True, execution_options={})
    patch.setattr(session, "_predicate", lambda _state, _scope: real(reads, wide))


@seen_by(test_session.test_nothing_sticks_from_one_scope_to_the_next)
def test_with_a_statement_kept_for_whoever_came_first(patch: Patch, given: Given) -> None:
    real: Any = session._bound
    first: dict[Any, Any] = {}
    patch.setattr(
        session,
        "_bound",
        lambda statement, predicate: first.setdefault(statement, real(statement, predicate)),
    )


@seen_by(test_session.test_what_is_joined_without_its_brand_is_told)
def test_without_the_look_at_what_is_joined(patch: Patch, given: Given) -> None:
    patch.setattr(predicates, "uncarried", lambda _statement: ())


@seen_by(test_session.test_changing_a_row_of_another_brand_raises, change="give away")
def test_without_the_look_before_a_flush(patch: Patch, given: Given) -> None:
    patch.setattr(session, "_own", nothing)


@seen_by(test_session.test_a_reading_session_cannot_flush_a_tenant_row)
def test_without_the_check_of_the_written_brand(patch: Patch, given: Given) -> None:
    patch.setattr(session, "_require_write", nothing)


@seen_by(test_session.test_bulk_inserts_need_a_written_brand)
def test_without_the_check_of_the_written_brand_of_bulk_inserts(patch: Patch, given: Given) -> None:
    patch.setattr(session, "_require_write", nothing)


@seen_by(test_statements.test_text_and_raw_core_are_refused, name="text in where")
def test_without_the_refusal_of_text(patch: Patch, given: Given) -> None:
    patch.setattr(statements, "_is_text", lambda _part: False)


@seen_by(test_statements.test_text_and_raw_core_are_refused, name="raw in a subquery")
def test_without_the_refusal_of_raw_tables(patch: Patch, given: Given) -> None:
    patch.setattr(statements, "_is_raw_select", lambda _part: False)
    patch.setattr(statements, "_raw_tables", lambda _parts: set())


@seen_by(test_statements.test_text_and_raw_core_are_refused, name="update of joined rows")
def test_without_the_refusal_of_joined_rows(patch: Patch, given: Given) -> None:
    patch.setattr(session, "_refuse_joined_rows", nothing)


@seen_by(test_session.test_what_goes_around_the_hooks_is_refused)
def test_with_a_way_around_the_hooks(patch: Patch, given: Given) -> None:
    patch.setattr(ScopedSession, "connection", Session.connection)


# Who may use which route


@seen_by(assembly.test_what_is_not_open_needs_a_live_session)
def test_a_router_without_a_live_session(patch: Patch, given: Given) -> None:
    patch.setattr(portavoce.app, "signed_in", nothing)


def any_brand(*brands: Any) -> Callable[[Actor, str, frozenset[str]], Granted]:
    """A look-up that forgets to ask who asks."""
    known = {brand.slug: brand.id for brand in brands}

    def granted(actor: Actor, slug: str, roles: frozenset[str]) -> Granted:
        if slug not in known:
            raise access.NotGranted(access.MISSING)
        return Granted(actor.person_id, known[slug], slug, min(roles))

    return granted


@seen_by(test_isolation.test_nothing_of_another_brand_exists)
def test_a_portal_that_gives_any_brand(patch: Patch, given: Given) -> None:
    patch.setattr(Actor, "granted", any_brand(given["house"].aurora, given["house"].bosco))


@seen_by(test_files.test_an_attachment_of_a_brand_not_granted_does_not_exist)
def test_a_desk_that_reads_all_brands_behind_any_address(patch: Patch, given: Given) -> None:
    both = frozenset({given["desk"].aurora.id, given["desk"].bosco.id})
    patch.setattr(
        access, "Scope", SimpleNamespace(reading=lambda _brands: Scope.reading(both), writing=Scope.writing)
    )


@seen_by(test_access.test_without_the_role_the_brand_does_not_exist, slug="bosco")
def test_a_grant_of_any_role(patch: Patch, given: Given) -> None:
    patch.setattr(
        Actor, "granted", lambda actor, slug, _roles: next(g for g in actor.grants if g.slug == slug)
    )


# Jobs


@seen_by(workers.test_what_we_did_not_sign_is_logged_and_dropped)
def test_an_envelope_whose_signature_nobody_checks(patch: Patch, given: Given) -> None:
    patch.setattr(hmac, "compare_digest", lambda *_pair: True)


@seen_by(test_jobs.test_an_envelope_changed_to_another_brand_is_refused)
def test_a_signature_that_leaves_out_the_brand(patch: Patch, given: Given) -> None:
    real = jobs._sign
    patch.setattr(
        jobs, "_sign", lambda key, body: real(key, json.dumps({**json.loads(body), "brand_id": None}))
    )


@seen_by(test_jobs.test_a_stale_envelope_or_one_of_the_future_is_refused, age=jobs.LIFETIME)
def test_an_envelope_that_lives_for_ever(patch: Patch, given: Given) -> None:
    patch.setattr(jobs, "LIFETIME", 100 * jobs.LIFETIME)


@seen_by(workers.test_a_genuine_envelope_for_the_other_brand_finds_nothing)
def test_a_brand_that_is_not_taken_from_the_envelope(patch: Patch, given: Given) -> None:
    brands = (given["world"].aurora.id, given["world"].bosco.id)

    async def everywhere(database: Any, envelope: Envelope, *rest: Any) -> None:
        for brand_id in brands:
            await work_on(database, msgspec.structs.replace(envelope, brand_id=brand_id), *rest)

    patch.setattr(worker, "work_on", everywhere)


@seen_by(test_delivering.test_the_same_envelope_twice_has_one_effect)
def test_an_envelope_that_may_be_replayed(patch: Patch, given: Given) -> None:
    async def take(db: Any, table: Any, envelope: Envelope, _at: object) -> Any:
        return (await db.scalars(select(table).where(table.id == envelope.outbox_id))).one_or_none()

    patch.setattr(delivering, "_take", take)


@seen_by(
    test_queueing.test_keys_of_a_stranger_block_a_row_no_longer_than_till_it_is_handed_again,
    squatted="a result",
)
def test_a_row_that_a_stranger_may_block(patch: Patch, given: Given) -> None:
    async def never(_pool: object, _job: str) -> bool:
        return False

    patch.setattr(queueing, "_blocked", never)


@seen_by(test_queueing.test_what_no_worker_survives_is_thrown_away_and_the_rest_stays)
def test_a_worker_that_keeps_what_kills_it(patch: Patch, given: Given) -> None:
    async def always(_pool: object, _member: bytes) -> bool:
        return True

    patch.setattr(queueing, "_makes_sense", always)


@seen_by(test_job_scopes.test_jobs_of_many_brands_at_once_see_their_own_and_leave_nothing_behind)
def test_a_scope_left_open_for_the_next_job(patch: Patch, given: Given) -> None:
    kept: list[Scope] = []

    def scope(session: ScopedSession) -> Scope:
        if session._scope.read:
            kept.append(session._scope)
        return session._scope if session._scope.read or not kept else kept[-1]

    patch.setattr(ScopedSession, "scope", property(scope))


@seen_by(test_job_scopes.test_one_connection_that_serves_brands_in_turn_shows_each_its_own)
def test_a_scope_that_outlives_its_transaction(patch: Patch, given: Given) -> None:
    real = Scope.statements
    patch.setattr(Scope, "statements", lambda scope: real(scope).replace("SET LOCAL", "SET"))
    patch.setattr(test_job_scopes, "scaled", lambda _short, _deep: 10)


# Caches, channels, streams


@seen_by(test_push.test_keys_name_their_brand_or_the_provider)
def test_keys_without_their_brand(patch: Patch, given: Given) -> None:
    patch.setattr(KeySpace, "of_brand", staticmethod(lambda _brand, name: f"p:{name}"))


@seen_by(test_push.test_a_poke_survives_the_journey_and_carries_ids_only, brand=test_push.BRAND)
def test_channels_without_their_brand(patch: Patch, given: Given) -> None:
    patch.setattr(KeySpace, "of_brand", staticmethod(lambda _brand, name: f"p:{name}"))


@seen_by(test_brand_css.test_an_unchanged_sheet_is_not_sent_again_and_a_new_grant_changes_it)
def test_one_sheet_of_colours_for_everybody(patch: Patch, given: Given) -> None:
    real, kept = brand_css._rules, dict[str, bytes]()

    async def rules(database: Any, brands: frozenset[UUID]) -> bytes:
        return kept.setdefault("sheet", kept.get("sheet") or await real(database, brands))

    patch.setattr(brand_css, "_rules", rules)


def watches(stream: Stream, topic: Topic) -> bool:
    """`Stream.watches` without its first line."""
    return topic.view == "queue" or topic.id in stream.held or stream.has_open(topic)


@seen_by(test_streams.test_the_wall_comes_before_what_is_open)
def test_a_stream_that_watches_every_brand(patch: Patch, given: Given) -> None:
    patch.setattr(Stream, "watches", watches)


@seen_by(test_hub.test_nothing_of_a_brand_reaches_who_is_not_granted_it, live_database="@desk_database")
def test_a_hub_whose_streams_watch_every_brand(patch: Patch, given: Given) -> None:
    patch.setattr(Stream, "watches", watches)


# Exports and files


@seen_by(test_isolation.test_lists_and_files_hold_ones_own_contacts_only, figure="received")
def test_an_export_over_more_than_its_brand(patch: Patch, given: Given) -> None:
    real, house = read_page, given["house"]

    async def page(db: Any, *asked: Any, **how: Any) -> Page:
        ours = await real(db, *asked, **how)
        async with house.database.begin(house.bosco.reading, role=REPORT) as other:
            theirs = await real(other, *asked, **how)
        return msgspec.structs.replace(ours, contacts=[*ours.contacts, *theirs.contacts])

    patch.setattr(figures, "read_page", page)


@seen_by(test_isolation.test_a_contact_of_another_brand_does_not_exist_under_ones_own)
def test_a_contact_read_over_more_than_its_brand(patch: Patch, given: Given) -> None:
    both = frozenset({given["house"].aurora.id, given["house"].bosco.id})
    patch.setattr(reading, "Scope", SimpleNamespace(reading=lambda _brands: Scope.reading(both)))


@seen_by(test_storage.test_the_same_bytes_are_one_file_per_brand)
def test_files_without_their_brand(patch: Patch, given: Given) -> None:
    real = Storage.save
    patch.setattr(Storage, "save", lambda storage, _brand, content: real(storage, UUID(int=0), content))


@seen_by(threads.test_a_foreign_token_is_ignored_and_told)
def test_a_thread_token_of_any_brand(patch: Patch, given: Given) -> None:
    patch.setattr("portavoce.channels.email.tokens._short", lambda _brand: "a" * 13)


# The database: the gate's own table


@pytest.mark.parametrize(
    "words",
    [
        "policy customer_select lets rows be seen",
        "unique index",
        "may be executed by",
        "has SELECT on",
        "foreign key",
    ],
)
def test_the_gate_is_tried_with_a_policy_a_key_a_grant_and_a_definer_function(words: str) -> None:
    assert [complaint for _, complaint in test_sabotages.SABOTAGES if words in complaint]
