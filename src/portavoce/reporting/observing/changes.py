"""What new facts change: of each unit the time in which it was so, told in numbers of the ledger; of each sum by how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from portavoce.reporting.observing.stretches import starts_of
from portavoce.reporting.observing.units import Unit

NOBODY = UUID(int=0)
BY_PERSON = ("day", "month")
COUNTS = ("units", "ended", "met", "late", "let_go", "used_s", "with_client_s")


class Kept(msgspec.Struct, frozen=True):
    """A unit as it was told from fact `from_n` on, until fact `until_n` told otherwise."""

    unit: Unit
    from_n: int
    until_n: int | None = None


def follow(
    before: Iterable[Unit], steps: Iterable[tuple[int, Sequence[Unit]]]
) -> tuple[dict[tuple[str, UUID, int], int], list[Kept]]:
    """From the units that stood before, through what stands after each fact in order.

    Gives which of them ended with which fact, and what was new, some of which may have ended again.
    """
    was = {unit.key: unit for unit in before}
    standing: dict[tuple[str, UUID, int], Kept | None] = dict.fromkeys(was)
    ended: dict[tuple[str, UUID, int], int] = {}
    new: list[Kept] = []
    for n, found in steps:
        now = {unit.key: unit for unit in found}
        for key in [key for key in standing if was[key] != now.get(key)]:
            kept = standing.pop(key)
            if kept is None:
                ended[key] = n
            else:
                new.append(msgspec.structs.replace(kept, until_n=n))
            was.pop(key)
        for key, unit in now.items():
            if key not in standing:
                standing[key], was[key] = Kept(unit, n), unit
    return ended, [*new, *(kept for kept in standing.values() if kept is not None)]


class Sum(NamedTuple):
    """Which sum: the key of a tally."""

    grain: str
    starts_at: datetime
    measure: str
    clause_id: UUID
    lob_id: UUID
    channel: str
    code: str
    brand_agent_id: UUID


def changes_of(gone: Iterable[Unit], come: Iterable[Unit], zone: str) -> Mapping[Sum, list[int]]:
    """By how much each sum changes, in order of COUNTS; what cancels out is left away."""
    found: dict[Sum, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    for units, sign in ((gone, -1), (come, 1)):
        for unit in units:
            counts = _counts(unit)
            for key in _sums(unit, zone):
                total = found[key]
                for place, count in enumerate(counts):
                    total[place] += sign * count
    return {key: total for key, total in found.items() if any(total)}


def _sums(unit: Unit, zone: str) -> Iterable[Sum]:
    for grain, starts_at in starts_of(unit.at, zone).items():
        person = (unit.brand_agent_id or NOBODY) if grain in BY_PERSON else NOBODY
        yield Sum(
            grain, starts_at, unit.measure, unit.clause_id, unit.lob_id, unit.channel, unit.code, person
        )


def _counts(unit: Unit) -> tuple[int, ...]:
    states = tuple(int(unit.state == state) for state in ("met", "late", "let_go"))
    return (1, int(unit.until is not None), *states, unit.used_s, unit.with_client_s)
