"""I11: a brand's month, counted again from the raw facts and compared with what the portal's report says."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.observing.following import catch_up
from tests.auditor.clocks import due_of

FACTS = """
    SELECT interaction_id, kind, at, lob_id, body FROM pv.ledger_event
     WHERE brand_id = %s AND kind IN ('interaction.opened', 'message.sent', 'interaction.merged', 'interaction.parted', 'interaction.rejoined') ORDER BY at, n
"""
BRANDS = """
    SELECT id, zone, (SELECT greatest(clock_timestamp(), max(at)) FROM pv.ledger_event WHERE brand_id = brand.id)
      FROM pv.brand
"""
PROMISES = """
    SELECT c.lob_id, c.channel, c.target_s, v.zone, v.weekly FROM pv.clause c
      JOIN pv.contract_version t ON t.brand_id = c.brand_id AND t.id = c.contract_version_id
      JOIN LATERAL (SELECT zone, weekly FROM pv.calendar_version v WHERE v.brand_id = c.brand_id
           AND v.calendar_id = c.calendar_id AND v.valid_from <= %s ORDER BY valid_from DESC LIMIT 1) v ON true
     WHERE c.brand_id = %s AND t.valid_from = (SELECT max(valid_from) FROM pv.contract_version
           WHERE brand_id = c.brand_id AND valid_from <= %s)
"""
COUNTED = ("received", "answered", "within", "late", "running")


async def breaches(superuser: psycopg.AsyncConnection[Any], database: Database) -> list[str]:
    """The present month of every brand, once all has happened: a process whose clock is ahead wrote what is to come."""
    found = []
    for brand, zone, at in await (await superuser.execute(BRANDS)).fetchall():
        counted = await _counted(superuser, brand, zone, at)
        said = await _said(database, brand, zone, at)
        if counted != said:
            found.append(f"I11 brand {brand}: the facts give {dict(counted)}, the report {dict(said)}")
    return found


async def _counted(
    superuser: psycopg.AsyncConnection[Any], brand: UUID, zone: str, at: datetime
) -> Counter[str]:
    opened: dict[UUID, tuple[datetime, datetime | None]] = {}
    answered: dict[UUID, datetime] = {}
    within_another: dict[UUID, datetime] = {}
    here = at.astimezone(ZoneInfo(zone))
    for interaction, kind, when, lob, body in await (await superuser.execute(FACTS, [brand])).fetchall():
        data, local = json.loads(body)["data"], when.astimezone(ZoneInfo(zone))
        if kind == "interaction.opened" and (local.year, local.month) == (here.year, here.month):
            opened[interaction] = when, await _due(superuser, brand, when, lob, data["channel"])
        elif kind == "message.sent" and not data["automatic"]:
            answered.setdefault(interaction, when)
        elif kind == "interaction.merged":
            within_another[interaction] = when
        elif kind == "interaction.parted":
            del within_another[interaction]
        elif kind == "interaction.rejoined":
            opened.pop(interaction, None)
    figures: Counter[str] = Counter()
    for interaction, (_when, due) in opened.items():
        answer, merged = answered.get(interaction), within_another.get(interaction)
        if answer is None and merged is not None and (due is None or merged <= due):
            continue
        figures["received"] += 1
        figures["answered"] += answer is not None
        if due is not None:
            verdict = "within" if answer is not None and answer <= due else "late"
            figures["running" if answer is None and at <= due else verdict] += 1
    return +figures


async def _due(
    superuser: psycopg.AsyncConnection[Any], brand: UUID, when: datetime, lob: UUID, channel: str
) -> datetime | None:
    rows = await (await superuser.execute(PROMISES, [when, brand, when])).fetchall()
    for lob_id, on, target, zone, weekly in rows:
        if (lob_id, on) == (lob, channel):
            return due_of(weekly, zone, when, target)
    return None


async def _said(database: Database, brand: UUID, zone: str, at: datetime) -> Counter[str]:
    here = at.astimezone(ZoneInfo(zone))
    await catch_up(database, brand)
    async with database.begin(Scope.reading({brand}), snapshot=True) as db:
        anchor = Anchor(*await last_fact(db, brand), at)
        report = await read_month_report(db, brand, zone, Month(here.year, here.month), anchor)
    return +Counter({name: report.count(name) for name in COUNTED})
