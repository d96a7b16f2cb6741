"""I12: the chains of brands and agents, hashed again from the stored bytes, and tickets drawn without a gap."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import psycopg

CHAINS = {
    "brand": (
        "SELECT brand_id, n, hash FROM pv.brand_head",
        "SELECT n, prev, hash, body FROM pv.ledger_event WHERE brand_id = %s ORDER BY n",
    ),
    "agent": (
        "SELECT agent_id, n, hash FROM pv.agent_slot",
        "SELECT n, prev, hash, body FROM pv.agent_event WHERE agent_id = %s ORDER BY n",
    ),
}
TICKETS = """
    SELECT h.brand_id FROM pv.brand_head h LEFT JOIN pv.ticket t USING (brand_id)
     GROUP BY h.brand_id, h.ticket
    HAVING count(t.number) <> h.ticket OR coalesce(max(t.number), 0) <> h.ticket
"""


async def breaches(superuser: psycopg.AsyncConnection[Any]) -> list[str]:
    found = []
    for kind, (heads, events) in CHAINS.items():
        for owner, n, head in await (await superuser.execute(heads.encode())).fetchall():
            last, count = sha256(b"pv1" + owner.bytes).digest(), 0
            for number, prev, stored, body in await (
                await superuser.execute(events.encode(), [owner])
            ).fetchall():
                count += 1
                digest = sha256(last + count.to_bytes(8, "big") + body.encode()).digest()
                if (number, prev, stored) != (count, last, digest):
                    found.append(f"I12 the chain of {kind} {owner} breaks at {number}")
                last = stored
            if (n, head) != (count, last):
                found.append(f"I12 the head of {kind} {owner} says {n}")
    rows = await (await superuser.execute(TICKETS)).fetchall()
    return [*found, *(f"I12 brand {brand} lost a ticket" for (brand,) in rows)]
