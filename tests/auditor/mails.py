"""Invariants against what the other side knows: who was told 250 (I1), and what the relay took (I5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from email import message_from_bytes
from typing import Any
from uuid import UUID

import psycopg

from tests.fakes.smtp_sink import Sunk

EVENTS = """
    SELECT e.brand_id, l.rfc_id FROM pv.inbound_event e
      JOIN pv.mail l ON l.brand_id = e.brand_id AND l.message_id = e.message_id
"""
OUTGOING = """
    SELECT l.rfc_id, m.state, m.resent_at IS NOT NULL FROM pv.message m
      JOIN pv.mail l ON l.brand_id = m.brand_id AND l.message_id = m.id WHERE m.direction = 'out'
"""
HOUSE = "SELECT id::text FROM pv.house_outbox"


async def breaches(
    superuser: psycopg.AsyncConnection[Any], accepted: Iterable[tuple[UUID, str]], left: Sequence[Sunk]
) -> list[str]:
    events = Counter(await (await superuser.execute(EVENTS)).fetchall())
    found = [
        f"I1 {rfc_id} was answered 250 and is there {events[(brand, rfc_id)]} times"
        for brand, rfc_id in dict.fromkeys(accepted)
        if events[(brand, rfc_id)] != 1
    ]
    times = Counter(str(message_from_bytes(mail.raw)["Message-ID"]).strip() for mail in left)
    outgoing = await (await superuser.execute(OUTGOING)).fetchall()
    house = {row[0] for row in await (await superuser.execute(HOUSE)).fetchall()}
    return [*found, *_out_of_step(outgoing, times), *_unknown(times, {row[0] for row in outgoing}, house)]


def _out_of_step(outgoing: Iterable[tuple[str, str, bool]], times: Counter[str]) -> Iterator[str]:
    """Sent means once; not sent means never; uncertain means at most once. One more by a person's hand."""
    for rfc_id, state, resent in outgoing:
        least, most = {"sent": (1, 1), "uncertain": (0, 1), "sending": (0, 1)}.get(state, (0, 0))
        if not least <= times[rfc_id] <= most + resent:
            yield f"I5 {rfc_id} is {state} and left {times[rfc_id]} times"


def _unknown(times: Counter[str], ours: set[str], house: set[str]) -> Iterator[str]:
    for rfc_id in times.keys() - ours:
        if rfc_id.strip("<>").partition("@")[0] not in house:
            yield f"I5 {rfc_id} left and nobody wrote it"
