"""Contacts told as facts, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portavoce.calendars.hours import Weekly
from portavoce.calendars.versions import CalendarHours
from portavoce.sla.clocks.cycles import Cycle, cycles
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.lives import read_life
from portavoce.sla.clocks.rules import Clock, Terms, Timed

ROME = ZoneInfo("Europe/Rome")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LOB, CONTACT, CLAUSE, ANNA = (UUID(int=n) for n in (100, 1, 7, 50))
OFFICE = (CalendarHours(LONG_AGO, "Europe/Rome", Weekly(dict.fromkeys(range(5), ((540, 1080),)))),)
"""Monday to Friday, 9 to 18 in Rome."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)

MOVES = {
    "opened": "waiting", "assigned": "assigned", "pending": "pending", "snoozed": "snoozed", "returned": "waiting",
    "with_client": "with_client", "closed": "closed", "reopened": "waiting", "customer_reopened": "waiting",
    "merged": "closed", "parted": "waiting", "rejoined": "closed",
}  # fmt: skip
KINDS = {"with_client": "transferred", "customer_reopened": "reopened"}


def at(day: int, hour: int = 12, minute: int = 0, month: int = 5) -> datetime:
    """In May 2026 by the clock of Rome: the 4th is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ROME).astimezone(UTC)


def story(*lines: tuple[str, datetime], channel: str = "email", **opening: object) -> list[Fact]:
    """Lines are a word of MOVES, or `customer`, `machine`, `agent`, `robot` for what each of them said."""
    return list(_facts(lines, {"channel": channel, **opening}))


def _facts(lines: tuple[tuple[str, datetime], ...], opening: dict[str, object]) -> Iterator[Fact]:
    numbers = count(1)
    for word, when in lines:
        n = next(numbers)
        if word in MOVES:
            by = None if word in ("opened", "customer_reopened") else ANNA
            kind = f"interaction.{KINDS.get(word, word)}"
            body = opening if word == "opened" else {}
            yield Fact(kind, CONTACT, when, LOB, body, n, MOVES[word], by)
        else:
            ours = word in ("agent", "robot")
            said = {"automatic": word in ("machine", "robot")}
            kind = "message.sent" if ours else "message.received"
            yield Fact(kind, CONTACT, when, LOB, said, n, None, ANNA if word == "agent" else None)


def clock(timed: Timed | str, target: timedelta, **changes: Any) -> Clock:
    given = {"calendar": OFFICE, **changes}
    return Clock(clause_id=CLAUSE, lob_id=LOB, channel="email", timed=Timed(timed), target=target, **given)


def read(facts: list[Fact], *rules: Clock, as_of: datetime) -> list[Cycle]:
    life = read_life(facts, as_of)
    return cycles(life, [Terms(LONG_AGO, rules)], as_of) if life else []


def only(facts: list[Fact], rule: Clock, as_of: datetime) -> Cycle:
    (cycle,) = read(facts, rule, as_of=as_of)
    return cycle
