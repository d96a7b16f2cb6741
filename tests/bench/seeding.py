"""Rows by the hundred thousand, past the walls: as superuser, in databases that only a benchmark uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from portavoce.search.vectors import vector

Connection = psycopg.Connection[Any]
Seed = Callable[[Connection, UUID, int, int], None]
"""From so many to so many, beside (or in) a brand that exists."""
CONVERSATIONS_A_BRAND = 100
RARE = 20

BRANDS: LiteralString = """
INSERT INTO pv.brand (id, client_id, slug, name, legal_name, voice, language, accent, tokens, shape, monogram, zone,
    created_at)
  SELECT md5('brand-' || n)::uuid, b.client_id, 'seeded-' || n, 'Seeded ' || n, b.legal_name, b.voice, b.language,
    b.accent, b.tokens, b.shape, b.monogram, b.zone, b.created_at
  FROM pv.brand b, generate_series(%(since)s::int + 1, %(until)s) n WHERE b.id = %(brand)s;
INSERT INTO pv.line_of_business (brand_id, id, name, language, work_mode)
  SELECT md5('brand-' || n)::uuid, l.id, l.name, l.language, l.work_mode
  FROM pv.line_of_business l, generate_series(%(since)s::int + 1, %(until)s) n WHERE l.brand_id = %(brand)s;
INSERT INTO pv.queue (brand_id, id, lob_id, name)
  SELECT md5('brand-' || n)::uuid, q.id, q.lob_id, q.name
  FROM pv.queue q, generate_series(%(since)s::int + 1, %(until)s) n WHERE q.brand_id = %(brand)s;
INSERT INTO pv.contract (brand_id, id, client_id, name)
  SELECT md5('brand-' || n)::uuid, c.id, c.client_id, c.name
  FROM pv.contract c, generate_series(%(since)s::int + 1, %(until)s) n WHERE c.brand_id = %(brand)s;
INSERT INTO pv.contract_version (brand_id, id, contract_id, number, valid_from, state)
  SELECT md5('brand-' || n)::uuid, v.id, v.contract_id, v.number, v.valid_from, v.state
  FROM pv.contract_version v, generate_series(%(since)s::int + 1, %(until)s) n WHERE v.brand_id = %(brand)s;
"""
CONVERSATIONS: LiteralString = """
CREATE TEMP TABLE seeded AS
  SELECT b.id AS brand_id, n, md5(b.id || '-' || n)::uuid AS id, l.id AS lob_id, q.id AS queue_id, v.id AS version_id,
    now() - n * interval '1 minute' AS at, CASE WHEN n %% 2 = 0 AND %(open)s THEN 'waiting' ELSE 'closed' END AS state
  FROM pv.brand b JOIN pv.line_of_business l ON l.brand_id = b.id JOIN pv.queue q ON q.brand_id = b.id
    JOIN pv.contract_version v ON v.brand_id = b.id, generate_series(%(since)s::int + 1, %(until)s) n
  WHERE b.id = ANY (%(brands)s);
INSERT INTO pv.customer (brand_id, id, name, language, created_at)
  SELECT brand_id, id, 'Customer ' || n, 'it', at FROM seeded;
INSERT INTO pv.conversation (brand_id, id, customer_id, lob_id, subject, opened_at, last_at)
  SELECT brand_id, id, id, lob_id, 'Subject ' || n, at, at FROM seeded;
INSERT INTO pv.interaction (brand_id, id, conversation_id, lob_id, channel, state, contract_version_id, opened_at,
    due_at, closed_at)
  SELECT brand_id, id, id, lob_id, 'email', state, version_id, at, at + interval '4 hours',
    CASE WHEN state = 'closed' THEN at END FROM seeded;
INSERT INTO pv.work_item (brand_id, interaction_id, lob_id, queue_id, channel, units, queued_at, due_at, state)
  SELECT brand_id, id, lob_id, queue_id, 'email', 1, at, at + interval '4 hours',
    CASE WHEN state = 'closed' THEN 'done' ELSE 'waiting' END FROM seeded;
INSERT INTO pv.message (brand_id, id, interaction_id, conversation_id, direction, channel, state, author, subject,
    body, quoted, automatic, at)
  SELECT brand_id, id, id, id, 'in', 'email', 'received', 'Customer ' || n, 'Subject ' || n,
    repeat('La macchina perde acqua. ', 15), '', false, at FROM seeded;
INSERT INTO pv.ticket (brand_id, interaction_id, number) SELECT brand_id, id, 1000000 + n FROM seeded;
DROP TABLE seeded;
"""
AGENTS: LiteralString = """
INSERT INTO pv.person (id, email, name, password_hash, locale, created_at)
  SELECT md5('person-' || n)::uuid, 'seeded' || n || '@voxa.example', 'Agent ' || n, '', 'it', now()
  FROM generate_series(%(since)s::int + 1, %(until)s) n;
INSERT INTO pv.agent (agent_id, person_id, site_id, display_name)
  SELECT md5('agent-' || n)::uuid, md5('person-' || n)::uuid, (SELECT id FROM pv.site LIMIT 1), 'Agent ' || n
  FROM generate_series(%(since)s::int + 1, %(until)s) n;
INSERT INTO pv.agent_slot (agent_id, used, cap, chosen, state, state_seq, touched, n, hash)
  SELECT md5('agent-' || n)::uuid, 0, 10, 'ready', 'ready', 0, 0, 0, '\\x00'
  FROM generate_series(%(since)s::int + 1, %(until)s) n;
INSERT INTO pv.brand_agent (brand_id, id, agent_id, alias, active)
  SELECT %(brand)s, md5('agent-' || n)::uuid, md5('agent-' || n)::uuid, 'Agent ' || n, true
  FROM generate_series(%(since)s::int + 1, %(until)s) n;
INSERT INTO pv.access_grant (id, person_id, role, brand_id, granted_at)
  SELECT md5('grant-' || n)::uuid, md5('person-' || n)::uuid, 'agent', %(brand)s, now()
  FROM generate_series(%(since)s::int + 1, %(until)s) n;
"""


def seed_brands(superuser: Connection, brand: UUID, since: int, until: int) -> None:
    """Brands like that one, each with a hundred conversations of which half wait."""
    _run(superuser, BRANDS, brand=brand, since=since, until=until)
    rows = superuser.execute("SELECT id FROM pv.brand WHERE slug LIKE 'seeded-%'").fetchall()
    known = [row[0] for row in superuser.execute("SELECT DISTINCT brand_id FROM pv.conversation").fetchall()]
    new = [row[0] for row in rows if row[0] not in known]
    _run(superuser, CONVERSATIONS, brands=new, since=0, until=CONVERSATIONS_A_BRAND, open=True)


def seed_more(superuser: Connection, brands: Sequence[UUID], since: int, until: int) -> None:
    """More conversations at these brands, of which half wait."""
    _run(superuser, CONVERSATIONS, brands=list(brands), since=since, until=until, open=True)


def enter_words(superuser: Connection) -> None:
    """Every message without an entry enters the index of words, one in twenty with the same rare word."""
    missing = superuser.execute(
        """SELECT m.brand_id, m.id, m.at, m.subject, m.body FROM pv.message m LEFT JOIN pv.search_entry e
             ON e.brand_id = m.brand_id AND e.kind = 'message' AND e.subject_id = m.id
           WHERE e.subject_id IS NULL ORDER BY m.brand_id, m.at"""
    ).fetchall()
    with superuser.cursor().copy(
        "COPY pv.search_entry (brand_id, kind, subject_id, at, words) FROM STDIN"
    ) as entries:
        for number, (brand_id, id_, at, subject, body) in enumerate(missing):
            words = vector(brand_id, [subject], [f"{body} guasto{number % RARE}"])
            entries.write_row((brand_id, "message", id_, at, words))


def seed_conversations(superuser: Connection, brand: UUID, since: int, until: int) -> None:
    """More of the brand's own past: closed conversations."""
    _run(superuser, CONVERSATIONS, brands=[brand], since=since, until=until, open=False)


def seed_agents(superuser: Connection, brand: UUID, since: int, until: int) -> None:
    """More people who speak for the brand."""
    _run(superuser, AGENTS, brand=brand, since=since, until=until)


SEEDS: dict[str, tuple[Seed, int]] = {
    "brands": (seed_brands, 5),
    "conversations of the brand": (seed_conversations, 400),
    "agents of the brand": (seed_agents, 10),
}
"""What grows, and from where."""


def _run(superuser: Connection, script: LiteralString, **values: object) -> None:
    """One statement after the other: the driver binds values to one at a time."""
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        for statement in script.split(";\n"):
            if statement.strip():
                superuser.execute(statement, values)
