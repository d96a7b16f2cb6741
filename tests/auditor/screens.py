"""I13: what an agent's screen shows last is what the server has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

CONTACT = re.compile(r"/b/[\w-]+/interactions/([0-9a-f-]{36})")
WAITING = """
    SELECT i.id FROM pv.interaction i JOIN pv.access_grant g ON g.brand_id = i.brand_id
     WHERE g.person_id = %s AND g.role IN ('agent', 'supervisor') AND g.revoked_at IS NULL AND i.state = 'waiting'
"""
MINE = """
    SELECT i.id FROM pv.interaction i JOIN pv.brand_agent b ON b.brand_id = i.brand_id AND b.id = i.brand_agent_id
      JOIN pv.agent a ON a.agent_id = b.agent_id WHERE a.person_id = %s AND i.state = 'assigned'
"""


@dataclass(frozen=True)
class Screen:
    """The two lists on somebody's desk, as markup."""

    person_id: UUID
    waiting: str
    mine: str


async def differing(superuser: psycopg.AsyncConnection[Any], screen: Screen) -> list[str]:
    found = []
    for name, query, html in (("waiting", WAITING, screen.waiting), ("mine", MINE, screen.mine)):
        rows = await (await superuser.execute(query.encode(), [screen.person_id])).fetchall()
        there, shown = {str(row[0]) for row in rows}, set(CONTACT.findall(html))
        if there != shown:
            found.append(f"I13 {name}: {len(there - shown)} not shown, {len(shown - there)} shown and gone")
    return found
