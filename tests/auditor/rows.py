"""Invariants between rows: each query gives a line for every breach."""

from __future__ import annotations

from typing import Any

import psycopg

QUERIES = {
    "I2 a mail without an end": """
        SELECT e.id FROM pv.inbound_event e LEFT JOIN pv.message m ON m.brand_id = e.brand_id AND m.id = e.message_id
         WHERE e.state NOT IN ('done', 'quarantined', 'released', 'bounce') OR (e.state = 'done' AND m.id IS NULL)
    """,
    "I2 an inbound message without its mail": """
        SELECT m.id FROM pv.message m WHERE m.direction = 'in' AND m.channel = 'email' AND NOT EXISTS
          (SELECT FROM pv.inbound_event e WHERE e.brand_id = m.brand_id AND e.message_id = m.id)
    """,
    "I2 an attachment or mail without its file": """
        SELECT e.id FROM pv.inbound_event e WHERE NOT EXISTS
          (SELECT FROM pv.stored_file f WHERE f.brand_id = e.brand_id AND f.id = e.file_id)
    """,
    "I3 two inbound messages of one Message-ID": """
        SELECT min(l.rfc_id) FROM pv.mail l JOIN pv.message m ON m.brand_id = l.brand_id AND m.id = l.message_id
         WHERE m.direction = 'in' GROUP BY l.brand_id, l.rfc_id HAVING count(*) > 1
    """,
    "I3 two outgoing messages of one Message-ID": """
        SELECT min(l.rfc_id) FROM pv.mail l JOIN pv.message m ON m.brand_id = l.brand_id AND m.id = l.message_id
         WHERE m.direction = 'out' GROUP BY l.rfc_id HAVING count(*) > 1
    """,
    "I4 a conversation without a message": """
        SELECT c.id FROM pv.conversation c LEFT JOIN pv.message m ON m.conversation_id = c.id
         WHERE NOT EXISTS (SELECT FROM pv.thread_split s WHERE s.into_id = c.id AND s.undone_at IS NOT NULL)
         GROUP BY c.id HAVING count(m.id) = 0
    """,
    "I4 a message in another thread than its contact": """
        SELECT m.id FROM pv.message m JOIN pv.interaction i ON i.brand_id = m.brand_id AND i.id = m.interaction_id
         WHERE i.conversation_id <> m.conversation_id
    """,
    "I4 a conversation with another brand's child": """
        SELECT c.id FROM pv.conversation c
          JOIN (SELECT conversation_id, brand_id FROM pv.message UNION ALL
                SELECT conversation_id, brand_id FROM pv.interaction) child ON child.conversation_id = c.id
         WHERE child.brand_id <> c.brand_id
    """,
    "I4 a contact without work, or work of another state": """
        SELECT i.id FROM pv.interaction i LEFT JOIN pv.work_item w ON w.brand_id = i.brand_id AND w.interaction_id = i.id
         WHERE w.state IS DISTINCT FROM CASE i.state WHEN 'closed' THEN 'done' ELSE i.state END
    """,
    "I5 a message in two minds": "SELECT id FROM pv.message WHERE state = 'sending'",
    "I5 a queued message that nothing will send": """
        SELECT m.id FROM pv.message m WHERE m.direction = 'out' AND m.state = 'queued' AND NOT EXISTS
          (SELECT FROM pv.outbox o WHERE o.brand_id = m.brand_id AND o.ref_id = m.id
              AND o.state IN ('pending', 'handed'))
    """,
    "I6 a contact taken while it was not free": """
        SELECT interaction_id FROM (
          SELECT interaction_id, kind, from_state, lag(to_state) OVER (PARTITION BY brand_id, interaction_id ORDER BY n) AS was
            FROM pv.ledger_event WHERE kind LIKE 'interaction.%%') f
         WHERE f.from_state IS DISTINCT FROM f.was
    """,
    "I6 a contact whose facts end elsewhere": """
        SELECT i.id FROM pv.interaction i JOIN LATERAL (
          SELECT to_state FROM pv.ledger_event l WHERE l.brand_id = i.brand_id AND l.interaction_id = i.id
             AND l.kind LIKE 'interaction.%%' ORDER BY n DESC LIMIT 1) f ON true WHERE f.to_state <> i.state
    """,
    "I6 an agent above capacity, or with other units than in hand": """
        SELECT s.agent_id FROM pv.agent_slot s LEFT JOIN ({in_hand}) h USING (agent_id)
         WHERE s.used > s.cap OR s.used <> coalesce(h.units, 0)
    """,
    "I6 a contact in hand without a hand, or the reverse": """
        SELECT id FROM pv.interaction WHERE (state = 'assigned') IS DISTINCT FROM (brand_agent_id IS NOT NULL)
           AND state <> 'closed'
    """,
    "I6 two open contacts of a thread": """
        SELECT min(conversation_id::text) FROM pv.interaction WHERE state <> 'closed'
         GROUP BY brand_id, conversation_id, channel HAVING count(*) > 1
    """,
    "I7 an agent at work without work, or with work and not at work": """
        SELECT s.agent_id FROM pv.agent_slot s LEFT JOIN ({in_hand}) h USING (agent_id)
         WHERE (s.state = 'working') IS DISTINCT FROM (coalesce(h.units, 0) > 0)
    """,
    "I7 a timeline that ends elsewhere than its slot": """
        SELECT s.agent_id FROM pv.agent_slot s JOIN LATERAL (
          SELECT state FROM pv.agent_state a WHERE a.agent_id = s.agent_id ORDER BY seq DESC LIMIT 1) t ON true
         WHERE t.state <> s.state
    """,
    "I7 handling of what is not in hand": """
        SELECT g.id FROM pv.handling_segment g JOIN pv.interaction i ON i.brand_id = g.brand_id AND i.id = g.interaction_id
         WHERE g.ended_at IS NULL AND g.until IS NULL AND (i.state <> 'assigned' OR i.brand_agent_id <> g.brand_agent_id)
    """,
    "I10 an outbox row that is due and does not leave": """
        SELECT id FROM pv.outbox WHERE (state = 'pending' AND run_at < now() - interval '60 s')
            OR (state = 'handed' AND handed_at < now() - interval '150 s')
        UNION ALL
        SELECT id FROM pv.house_outbox WHERE (state = 'pending' AND run_at < now() - interval '60 s')
            OR (state = 'handed' AND handed_at < now() - interval '150 s')
    """,
}
IN_HAND = """
    SELECT b.agent_id, sum(w.units) AS units FROM pv.interaction i
      JOIN pv.brand_agent b ON b.brand_id = i.brand_id AND b.id = i.brand_agent_id
      JOIN pv.work_item w ON w.brand_id = i.brand_id AND w.interaction_id = i.id
     WHERE i.state = 'assigned' AND w.state = 'assigned' GROUP BY b.agent_id
"""


async def breaches(superuser: psycopg.AsyncConnection[Any]) -> list[str]:
    found = []
    for name, query in QUERIES.items():
        asked = query.replace("{in_hand}", IN_HAND).replace("%%", "%")
        rows = await (await superuser.execute(asked.encode())).fetchall()
        found += [f"{name}: {row[0]}" for row in rows]
    return found
