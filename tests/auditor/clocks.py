"""I8: every first-response clock, computed again minute by minute from the calendar's wall times."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

DAYS = 60
CONTACTS = """
    SELECT i.id, i.opened_at, i.due_at, w.due_at AS work_due, i.first_response_at, c.target_s, v.zone, v.weekly
      FROM pv.interaction i
      LEFT JOIN pv.work_item w ON w.brand_id = i.brand_id AND w.interaction_id = i.id
      LEFT JOIN pv.clause c ON c.brand_id = i.brand_id AND c.contract_version_id = i.contract_version_id
           AND c.lob_id = i.lob_id AND c.channel = coalesce(i.came_by, i.channel) AND c.metric = 'first_response'
      LEFT JOIN LATERAL (SELECT zone, weekly FROM pv.calendar_version v WHERE v.brand_id = c.brand_id
           AND v.calendar_id = c.calendar_id AND v.valid_from <= i.opened_at ORDER BY v.valid_from DESC LIMIT 1) v ON true
"""
ANSWERED = """
    SELECT i.id FROM pv.interaction i LEFT JOIN
      (SELECT brand_id, interaction_id, min(sent_at) AS at FROM pv.message
        WHERE direction = 'out' AND NOT automatic AND state = 'sent' GROUP BY 1, 2) a
      ON a.brand_id = i.brand_id AND a.interaction_id = i.id WHERE i.first_response_at IS DISTINCT FROM a.at
"""
STOPS = """
    SELECT i.id, count(l.n) FROM pv.interaction i LEFT JOIN pv.ledger_event l
      ON l.brand_id = i.brand_id AND l.interaction_id = i.id AND l.kind = 'clock.stopped'
     GROUP BY i.brand_id, i.id, i.first_response_at, i.due_at
    HAVING count(l.n) <> (i.first_response_at IS NOT NULL AND i.due_at IS NOT NULL)::int
"""
STOPPED = """
    SELECT l.interaction_id, (l.body::json -> 'data' ->> 'met')::boolean AS said, i.first_response_at <= i.due_at AS met
      FROM pv.ledger_event l JOIN pv.interaction i ON i.brand_id = l.brand_id AND i.id = l.interaction_id
     WHERE l.kind = 'clock.stopped'
"""


async def breaches(superuser: psycopg.AsyncConnection[Any]) -> list[str]:
    found = []
    for one, opened, due, work_due, _answered, target, zone, weekly in await _rows(superuser, CONTACTS):
        expected = due_of(weekly, zone, opened, target) if target is not None and weekly is not None else None
        if not expected == due == work_due:
            found.append(f"I8 {one} is due {due} (its work {work_due}) and should be {expected}")
    found += [f"I8 {one} was answered at another time" for (one,) in await _rows(superuser, ANSWERED)]
    found += [f"I8 {one} has {n} ends of its clock" for one, n in await _rows(superuser, STOPS)]
    found += [
        f"I8 {one} was told {said}" for one, said, met in await _rows(superuser, STOPPED) if said != met
    ]
    return found


async def _rows(superuser: psycopg.AsyncConnection[Any], query: str) -> list[Any]:
    return await (await superuser.execute(query.encode())).fetchall()


def due_of(weekly: str, zone: str, opened: datetime, target_s: int) -> datetime | None:
    """The instant after `target_s` seconds of open time; the end of an opening belongs to the next one."""
    minutes = _open_minutes(weekly, zone, opened.astimezone(UTC).date().isoformat())
    at = opened.astimezone(UTC)
    first = bisect_right(minutes, at) - 1
    begun = at - minutes[first] if first >= 0 else timedelta.max
    if begun >= timedelta(minutes=1):
        first, begun = bisect_left(minutes, at), timedelta(0)
    whole, rest = divmod(timedelta(seconds=target_s) + begun, timedelta(minutes=1))
    return minutes[first + whole] + rest if first + whole < len(minutes) else None


@lru_cache(maxsize=64)
def _open_minutes(weekly: str, zone: str, day: str) -> list[datetime]:
    return list(_walk(json.loads(weekly)["days"], ZoneInfo(zone), datetime.fromisoformat(day)))


def _walk(days: dict[str, list[list[int]]], zone: ZoneInfo, day: datetime) -> Iterator[datetime]:
    at = day.replace(tzinfo=UTC) - timedelta(days=1)
    for _ in range((DAYS + 1) * 24 * 60):
        wall = at.astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        if any(first <= minute < past for first, past in days.get(str(wall.weekday()), [])):
            yield at
        at += timedelta(minutes=1)
