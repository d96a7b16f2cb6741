"""Hot queries under row security: the expected index with all its columns, no large table read whole, buffers at most doubled.

The statements are those that the product's own functions send. A column whose comparison is not leakproof drops out
of the index condition as soon as a policy stands on the table, and shows here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any, LiteralString, NamedTuple

import psycopg
import pytest
import pytest_asyncio

from portavoce.brands.resolving import resolve
from portavoce.channels.email.filing import mailbox_for
from portavoce.channels.email.reactions import LAST_RECEIVED
from portavoce.conversations.desk_queries import held_by_agent, queue_of_brands, waiting_counts
from portavoce.conversations.found import found_by_number, found_customers, found_messages
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.thread_queries import conversation_view
from portavoce.core.db import APP, DISPATCH, REPORT, Database
from portavoce.core.dispatching import DUE
from portavoce.core.scope import HOUSE, Scope
from portavoce.customers.finding import find_or_create
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.back_office import read_questions
from portavoce.reporting.facts import Anchor, evidence_of, first_moment, last_fact
from portavoce.reporting.guard import answers_sent, read_guard
from portavoce.reporting.months import Month
from portavoce.reporting.observing.following import standing_of
from portavoce.reporting.observing.reading import facts_of, news
from portavoce.reporting.sums import read_sums, report_head
from portavoce.search.finding import find
from portavoce.search.vectors import question
from tests.cluster import SessionCluster
from tests.database import NOON, Installation
from tests.isolation import crowd
from tests.isolation.catalog_objects import FUNCTIONS
from tests.isolation.ground import key_of
from tests.isolation.plans import LARGE, Sent, complaints, statements_of

Query = Callable[[Any], Awaitable[object]]
BRAND, OTHER = key_of(7, "brand", 1), key_of(9, "brand", 1)
CONTACT, ONE, BOTH = key_of(7, "interaction", 40), Scope.writing(BRAND), Scope.reading([BRAND, OTHER])
ALONE = Scope.reading([BRAND])
MARCH = (datetime(2026, 3, 2, 13, tzinfo=UTC), datetime(2026, 3, 2, 13, 20, tzinfo=UTC))


class Hot(NamedTuple):
    """`indexes`: by name, the columns that must be among what it is asked."""

    role: str
    scope: Scope
    query: Query
    indexes: dict[str, str]


async def _letter(db: Any) -> object:
    recipient = type("Recipient", (), {"endpoint_id": key_of(7, "endpoint", 1)})
    letter: Any = type("Letter", (), {"recipient": recipient, "dedupe_key": "x", "parsed": None})
    return await mailbox_for(db, letter)


async def _figures(db: Any) -> object:
    """At the head that the crowd's brands have."""
    return await read_sums(db, "Europe/Rome", MARCH, Anchor(await report_head(db), b"", NOON))


HOT: dict[str, Hot] = {
    "the queue of a brand": Hot(
        APP, Scope.reading([BRAND]), lambda db: queue_of_brands(db, [BRAND], 50),
        {"work_item_waiting": "brand_id", "message_interaction": "brand_id interaction_id"},
    ),
    "queues of two brands": Hot(
        APP, BOTH, lambda db: queue_of_brands(db, [BRAND, OTHER], 50),
        {
            "work_item_waiting": "brand_id", "message_interaction": "brand_id interaction_id",
            "interaction_pkey": "brand_id id", "conversation_pkey": "brand_id id", "customer_pkey": "brand_id id",
            "ticket_pkey": "brand_id interaction_id",
        },
    ),
    "counts of two brands": Hot(APP, BOTH, lambda db: waiting_counts(db), {"work_item_waiting": "brand_id"}),
    "contacts in hand": Hot(
        APP, BOTH, lambda db: held_by_agent(db, key_of(7, "brand_agent", 1)),
        {"interaction_holder": "brand_id"},
    ),
    "a thread": Hot(
        APP, ONE, lambda db: conversation_view(db, CONTACT),
        {
            "interaction_pkey": "brand_id id", "message_conversation": "brand_id conversation_id",
            "conversation_customer": "brand_id customer_id", "ticket_pkey": "brand_id interaction_id",
        },
    ),
    "a claim": Hot(
        APP, ONE, lambda db: work_and_interaction(db, CONTACT),
        {"work_item_pkey|work_item_waiting": "brand_id", "interaction_pkey": "brand_id id"},
    ),
    "a mail that may be known": Hot(
        APP, ONE, _letter, {"inbound_event_brand_id_endpoint_id_dedupe_key_key": "brand_id endpoint_id dedupe_key"}
    ),
    "the mail that is answered": Hot(
        APP, ONE, lambda db: db.scalars(LAST_RECEIVED, {"conversation": key_of(7, "conversation", 40)}),
        {"message_conversation": "brand_id conversation_id"},
    ),
    "a customer by address": Hot(
        APP, ONE, lambda db: find_or_create(db, "email", "gina.9@customer.example", "Gina", "it"),
        {"customer_identity_brand_id_channel_value_key": "brand_id channel value"},
    ),
    "messages that were found": Hot(
        APP, ALONE, lambda db: found_messages(db, [key_of(7, "message", n) for n in range(9)]),
        {"message_pkey|message_interaction|message_conversation": "brand_id", "interaction_pkey": "brand_id id"},
    ),
    "customers that were found": Hot(
        APP, ALONE, lambda db: found_customers(db, [key_of(7, "customer", n) for n in range(9)]),
        {"customer_pkey": "brand_id id", "conversation_customer": "brand_id customer_id"},
    ),
    "a contact by number": Hot(
        APP, ALONE, lambda db: found_by_number(db, 40), {"ticket_number": "brand_id number"}
    ),
    "a month's figures": Hot(
        REPORT, Scope.reading([BRAND]), _figures,
        {"tally_pkey": "brand_id", "observation_open": "brand_id"},
    ),
    "the facts that a report has not read": Hot(
        APP, ONE, lambda db: news(db, 100, 500), {"ledger_event_pkey": "brand_id n"}
    ),
    "all facts of some contacts": Hot(
        APP, ONE, lambda db: facts_of(db, [key_of(7, "interaction", n) for n in range(40)], 10_000),
        {"ledger_event_interaction": "brand_id interaction_id"},
    ),
    "what stands of some contacts": Hot(
        APP, ONE, lambda db: standing_of(db, {key_of(7, "interaction", n) for n in range(40)}),
        {"observation_pkey": "brand_id interaction_id"},
    ),
    "the state of a ledger": Hot(
        REPORT, Scope.reading([BRAND]), lambda db: last_fact(db, BRAND), {"ledger_event_pkey": "brand_id"}
    ),
    "a contact's facts": Hot(
        REPORT, Scope.reading([BRAND]), lambda db: evidence_of(db, CONTACT, 10_000),
        {"ledger_event_interaction": "brand_id interaction_id n"},
    ),
    "the guard's month": Hot(
        REPORT, ALONE, lambda db: read_guard(db, "Europe/Rome", Month(2026, 3), Anchor(10_000, b"", NOON)),
        {"ledger_event_kind": "brand_id kind at"},
    ),
    "answers of a month": Hot(
        REPORT, ALONE,
        lambda db: answers_sent(db, "Europe/Rome", Month(2026, 3), Anchor(10_000, b"", NOON), first=0, size=50),
        {"ledger_event_kind": "brand_id kind at"},
    ),
    "questions of a month": Hot(
        REPORT, ALONE, lambda db: read_questions(db, "Europe/Rome", Month(2026, 3), Anchor(10_000, b"", NOON)),
        {"ledger_event_kind": "brand_id kind at"},
    ),
    "the first month": Hot(
        REPORT, ALONE, first_moment, {"ledger_event_pkey": "brand_id n", "tally_pkey": "brand_id grain"}
    ),
    "what is due": Hot(
        DISPATCH, HOUSE, lambda db: db.execute(DUE, {"now": NOON, "stuck": NOON, "batch": 100}), {"outbox_due": ""}  # holds what waits and nothing else
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def crowded(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Installation]:
    made = install()
    crowd.fill(made)
    yield made
    cluster.drop_database(made.name)


@pytest.fixture(scope="module")
def large(crowded: Installation) -> frozenset[str]:
    with psycopg.connect(crowded.superuser_dsn) as connection:
        query = "SELECT relname FROM pg_class WHERE relnamespace = 'pv'::regnamespace AND relkind = 'r' AND reltuples >= %s"
        return frozenset(name for (name,) in connection.execute(query, [LARGE]))


@pytest_asyncio.fixture
async def busy(crowded: Installation, clock: SteppedClock) -> AsyncIterator[Database]:
    database = Database(crowded.urls, clock, engine_options={"pool_size": 1})
    yield database
    await database.close()


@pytest.mark.parametrize("name", HOT)
async def test_a_hot_query_uses_its_index_and_the_walls_cost_at_most_as_much_again(
    crowded: Installation, large: frozenset[str], busy: Database, name: str
) -> None:
    hot = HOT[name]
    statements = await statements_of(busy, hot.role, hot.scope, hot.query)
    assert statements
    assert list(complaints(crowded, statements, hot.indexes, large)) == []


async def test_an_address_is_resolved_by_its_index_inside_the_definer_function(
    crowded: Installation, large: frozenset[str], busy: Database
) -> None:
    """EXPLAIN does not look into the function: its declared body is run as the function's own role."""
    statements = await statements_of(
        busy, APP, HOUSE, lambda db: resolve(db, "email", "care.9@brand-7.example")
    )
    [call] = statements
    body = Sent(
        "SELECT e.id, e.brand_id FROM pv.endpoint e WHERE e.kind = 'email' AND e.value = 'care.9@brand-7.example'",
        None, "portavoce_definer", HOUSE,
    )  # fmt: skip
    assert "pv.resolve(" in call.statement
    assert list(complaints(crowded, [body], {"endpoint_kind_value_key": "kind value"}, large)) == []


@pytest.mark.parametrize("text", ["caldaia17", "calda", "aiuto caldaia17 ", "aiuto"])
async def test_words_of_a_brand_are_found_by_the_index_inside_the_definer_function(
    crowded: Installation, large: frozenset[str], busy: Database, text: str
) -> None:
    """Whether few entries have them or all of the brand's: nobody else's are read."""
    [call] = await statements_of(
        busy, APP, ALONE, lambda db: find(db, BRAND, text, kinds=["message"], at_most=20)
    )
    assert "pv.search(" in call.statement
    body = FUNCTIONS["pv.search(uuid,tsquery,text[],bigint)"].source
    for place, value in enumerate(
        (f"'{BRAND}'::uuid", "%(question)s::tsquery", "'{message}'::text[]", "20"), 1
    ):
        body = body.replace(f"${place}", value)
    asked = Sent(body, {"question": question(BRAND, text)}, "portavoce_definer", ALONE)
    assert list(complaints(crowded, [asked], {"search_entry_words": "words"}, large)) == []


async def test_a_search_that_reads_past_the_index_is_seen(
    crowded: Installation, large: frozenset[str]
) -> None:
    body = f"SELECT e.subject_id FROM pv.search_entry e WHERE e.brand_id = '{BRAND}' AND e.words::text ~ 'caldaia17'"
    torn = Sent(body, None, "portavoce_definer", ALONE)
    assert list(complaints(crowded, [torn], {"search_entry_words": "words"}, large))


SABOTAGED: tuple[tuple[str, str, str], ...] = (
    ("a customer by address", "pv.customer_identity.value = ", "lower(pv.customer_identity.value) = "),
    ("a mail that may be known", "pv.inbound_event.dedupe_key = ", "lower(pv.inbound_event.dedupe_key) = "),
    (
        "a contact's facts",
        "pv.ledger_event.interaction_id = ",
        "pv.ledger_event.interaction_id || '' = '' || ",
    ),
    ("answers of a month", "pv.ledger_event.kind = ", "lower(pv.ledger_event.kind) = "),
)


@pytest.mark.parametrize(("name", "good", "bad"), SABOTAGED, ids=[name for name, _, _ in SABOTAGED])
async def test_a_predicate_that_no_index_answers_is_seen(
    crowded: Installation, large: frozenset[str], busy: Database, name: str, good: str, bad: str
) -> None:
    hot = HOT[name]
    statements = await statements_of(busy, hot.role, hot.scope, hot.query)
    torn = [Sent(one.statement.replace(good, bad), one.values, one.role, one.scope) for one in statements]
    assert torn != statements
    assert list(complaints(crowded, torn, hot.indexes, large))


INDEX = "inbound_event_brand_id_endpoint_id_dedupe_key_key"
ENUM = """
    CREATE TYPE pv.keys AS ENUM ({values});
    ALTER TABLE pv.inbound_event ALTER dedupe_key TYPE pv.keys USING dedupe_key::pv.keys; ANALYZE pv.inbound_event"""
TEXT: LiteralString = "ALTER TABLE pv.inbound_event ALTER dedupe_key TYPE text; DROP TYPE pv.keys"


async def test_a_column_that_became_an_enum_is_seen(
    crowded: Installation, large: frozenset[str], busy: Database
) -> None:
    """The index is there and as good as before, but its comparison is not leakproof: only the walls lose it."""
    [one] = await statements_of(busy, APP, ONE, _letter)
    await busy.close()
    with psycopg.connect(crowded.superuser_dsn, autocommit=True) as connection:
        keys = [key for (key,) in connection.execute("SELECT DISTINCT dedupe_key FROM pv.inbound_event")]
        connection.execute(ENUM.format(values=", ".join(f"'{key}'" for key in keys)).encode())
        [column] = [name for name, value in one.values.items() if value == "x"]
        statement = one.statement.replace(f"%({column})s::VARCHAR", f"%({column})s::pv.keys")
        found = list(
            complaints(
                crowded,
                [Sent(statement, {**one.values, column: keys[0]}, one.role, one.scope)],
                {INDEX: "dedupe_key"},
                large,
            )
        )
        connection.execute(TEXT)
    assert f"{INDEX} is not asked for dedupe_key" in found
