"""The auditor itself: silent over healthy rows, loud over each planted breach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio

from portavoce.agents.models import BrandAgent
from portavoce.channels.email.delivery import Postman
from portavoce.channels.email.sending import Relay
from portavoce.conversations.claiming import claim
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.rejoining import rejoin_contact
from portavoce.conversations.threads.splitting import split_contact
from portavoce.core.db import Database
from portavoce.core.delivering import Job
from portavoce.kit.clock import SystemClock
from portavoce.wiring import LAST_WRITERS, reactions
from tests.auditor import Evidence, Screen, audit
from tests.auditor.clocks import due_of
from tests.database import NOON, Installation
from tests.fakes.smtp_sink import SmtpSink, running
from tests.world import DEPLOYMENT, KEYS, World, build_world, letter

PLANTED = {
    "I2 a mail without": "UPDATE pv.inbound_event SET message_id = NULL",
    "I2 an inbound message": "DELETE FROM pv.inbound_event",
    "I2 an attachment": "DELETE FROM pv.stored_file",
    "I3 two inbound": "UPDATE pv.mail SET rfc_id = 'x'",
    "I3 two outgoing": "UPDATE pv.mail SET rfc_id = 'x'",
    "I4 a conversation without": "UPDATE pv.message SET conversation_id = gen_random_uuid()",
    "I4 a message in another": "UPDATE pv.message SET conversation_id = (SELECT max(id::text)::uuid FROM pv.conversation)",
    "I4 a conversation with another": """
        UPDATE pv.interaction SET brand_id = (SELECT max(id::text)::uuid FROM pv.brand WHERE id <> brand_id)
    """,
    "I4 a contact without work": "UPDATE pv.work_item SET state = 'done'",
    "I5 a message in two minds": "UPDATE pv.message SET state = 'sending' WHERE direction = 'out'",
    "I5 a queued message": "UPDATE pv.outbox SET state = 'done'",
    "I6 a contact taken": "UPDATE pv.ledger_event SET from_state = 'closed' WHERE kind = 'interaction.assigned'",
    "I6 a contact whose facts": "UPDATE pv.interaction SET state = 'waiting' WHERE state = 'assigned'",
    "I6 an agent above": "UPDATE pv.agent_slot SET used = used + 1",
    "I6 a contact in hand": "UPDATE pv.interaction SET brand_agent_id = NULL",
    "I6 two open": "DROP INDEX pv.interaction_one_open_per_channel;"
    " UPDATE pv.interaction SET conversation_id = (SELECT min(id::text)::uuid FROM pv.conversation)",
    "I7 an agent at work": "UPDATE pv.agent_slot SET state = 'working'",
    "I7 a timeline": "UPDATE pv.agent_slot SET state = 'acw'",
    "I7 handling": """
        INSERT INTO pv.handling_segment (brand_id, id, interaction_id, brand_agent_id, part, started_at, seen_at)
        SELECT i.brand_id, gen_random_uuid(), i.id, b.id, 'handling', now(), now() FROM pv.interaction i
          JOIN pv.brand_agent b ON b.brand_id = i.brand_id AND b.id <> i.brand_agent_id LIMIT 1
    """,
    "I8": "UPDATE pv.interaction SET due_at = due_at + interval '1 s'",
    "I8 ": "UPDATE pv.interaction SET first_response_at = now()",
    "I10": "UPDATE pv.outbox SET state = 'pending', run_at = now() - interval '2 min'",
    "I11": "DELETE FROM pv.clause",
    "I12 the chain of brand": "UPDATE pv.ledger_event SET body = body || ' ' WHERE n = 2",
    "I12 the chain of agent": "UPDATE pv.agent_event SET hash = '\\x00' WHERE n = 1",
    "I12 the head": "UPDATE pv.brand_head SET n = n + 1",
    "I12 brand": "DELETE FROM pv.ticket",
}


@dataclass(frozen=True)
class Healthy:
    installation: Installation
    world: World
    evidence: Evidence


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def healthy(
    install: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Healthy]:
    """Four contacts at Aurora: one answered, one answer queued and split, and two put together; and what was seen from
    outside.
    """
    installation = install()
    database = Database(
        installation.urls, SystemClock(), reactions=reactions(KEYS), last_writers=LAST_WRITERS
    )
    world = await build_world(database, Path(tmp_path_factory.mktemp("auditor")) / "files")
    aurora, raws = world.aurora, [letter(world.aurora.address, f"domanda {n}") for n in range(4)]
    for raw in raws:
        await world.receive(aurora, raw)
    first, second, third, fourth = await world.contacts(aurora)
    sent = await world.answer(aurora, first.id)
    async with running(SmtpSink()) as sink:
        relay = Relay(host="127.0.0.1", port=sink.port, security="none")
        await Postman(relay, KEYS, DEPLOYMENT, database.clock).deliver(database, Job(aurora.id, sent.id))
    await world.answer(aurora, second.id)
    by = world.anna.at(aurora)
    await database.run(aurora.writing, lambda db: claim(db, fourth.id, by=by))
    await database.run(aurora.writing, lambda db: merge_contacts(db, fourth.id, third.id, by=by))
    await split_twice(world, raws, second.id, by)
    ids = [str(message_from_bytes(raw)["Message-ID"]) for raw in raws]
    yield Healthy(installation, world, Evidence([(aurora.id, one) for one in ids], sink.taken))
    await database.close()


async def split_twice(world: World, raws: list[bytes], contact: UUID, by: BrandAgent) -> None:
    """Two more mails in a contact's thread: the one is a contact of its own, the other was one and came back."""
    aurora, thread = world.aurora, str(message_from_bytes(raws[1])["Message-ID"])
    for text in ("altro", "altro ancora"):
        raws.append(letter(aurora.address, text, In_Reply_To=thread))
        await world.receive(aurora, raws[-1])
    said = [each.id for each in await world.messages(aurora) if each.body.startswith("altro")]
    for each in said:
        cut = partial(split_contact, interaction_id=contact, messages=[each], subject="Altro", by=by)
        split = await world.database.run(aurora.writing, cut)
    await world.database.run(aurora.writing, lambda db: rejoin_contact(db, split.opened_id, by=by))


@pytest_asyncio.fixture
async def eyes(healthy: Healthy) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """As superuser, in a transaction that never ends well; no foreign key stands in the way of a plant."""
    async with await psycopg.AsyncConnection.connect(healthy.installation.superuser_dsn) as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        yield connection
        await connection.rollback()


async def test_healthy_rows_break_nothing(healthy: Healthy, eyes: psycopg.AsyncConnection[Any]) -> None:
    world, evidence = healthy.world, healthy.evidence
    assert await audit(eyes, evidence, world.database) == []


@pytest.mark.parametrize(("invariant", "plant"), PLANTED.items(), ids=PLANTED.keys())
async def test_each_planted_breach_is_seen(
    healthy: Healthy,
    eyes: psycopg.AsyncConnection[Any],
    invariant: str,
    plant: str,
) -> None:
    world, evidence = healthy.world, healthy.evidence
    await eyes.execute(plant.encode())
    found = await audit(eyes, evidence, world.database if invariant == "I11" else None)
    assert [line for line in found if line.startswith(invariant)]


async def test_what_was_answered_250_and_is_lost_is_seen(
    healthy: Healthy, eyes: psycopg.AsyncConnection[Any]
) -> None:
    world, evidence = healthy.world, healthy.evidence
    lost = Evidence([*evidence.accepted, (world.aurora.id, "<lost@customer.example>")], evidence.left)
    assert [line[:2] for line in await audit(eyes, lost)] == ["I1"]


async def test_what_left_twice_never_or_unasked_is_seen(
    healthy: Healthy, eyes: psycopg.AsyncConnection[Any]
) -> None:
    evidence = healthy.evidence
    [mail] = evidence.left
    stranger = replace(mail, raw=mail.raw.replace(b"Message-ID: <", b"Message-ID: <z"))
    for left in ([mail, mail], [], [mail, stranger]):
        assert [line[:2] for line in await audit(eyes, Evidence(left=left))] == ["I5"]


async def test_a_screen_that_shows_too_little_or_too_much_is_seen(
    healthy: Healthy, eyes: psycopg.AsyncConnection[Any]
) -> None:
    world = healthy.world
    contacts = [one.id for one in await world.contacts(world.aurora) if one.state != "closed"]
    mine = " ".join(f"/b/aurora/interactions/{one}" for one in contacts)
    person = world.anna.person_id
    for screen, wrong in (
        (Screen(person, "", mine), 0),
        (Screen(person, mine, mine), 1),
        (Screen(person, "", ""), 1),
    ):
        found = await audit(eyes, Evidence(left=healthy.evidence.left, screens=[screen]))
        assert len(found) == wrong


@pytest.mark.parametrize(
    ("opened", "expected"),
    [(0, "2026-03-02T16:00"), (1, "2026-03-03T09:00"), (5, "2026-03-03T13:00"), (4, "2026-03-03T12:00")],
)
def test_the_second_calculator_counts_open_time_only(opened: float, expected: str) -> None:
    """Noon of a Monday in UTC, open nine to five in UTC, four hours; closing belongs to the next opening."""
    weekly = '{"days":{"0":[[540,1020]],"1":[[540,1020]]}}'
    found = due_of(weekly, "UTC", NOON + timedelta(hours=opened), 4 * 3600)
    assert found == datetime.fromisoformat(expected + "+00:00")
