"""Whose figures may be shown: people of an authorised site by name, everybody else in groups of five or more.

The rule is asked for each brand and month by itself, and rows over several are put together of what it gave. So whatever
brands and months somebody chooses, and however rows are added and subtracted, what comes out is made of whole groups: the
groups of a brand and month have nobody in common, and every row of queues or outcomes holds of each of them nobody or five.
docs/team_reports.md says what the rule does not hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

FEWEST = 5
Key = TypeVar("Key", bound=Hashable)


class Worker(msgspec.Struct, frozen=True):
    """Somebody who did something for a brand in a month; `authorised` is their site."""

    id: UUID
    site_id: UUID
    authorised: bool


class Group(msgspec.Struct, frozen=True):
    """People who are shown as one only. `site_id` is None of people of several sites."""

    site_id: UUID | None
    people: frozenset[UUID]


class Parts(msgspec.Struct, frozen=True):
    """Everybody who worked for a brand in a month: those who may be named, and the groups of all others."""

    named: frozenset[UUID]
    groups: tuple[Group, ...]


def parts(workers: Iterable[Worker]) -> Parts | None:
    """None where nothing of anybody's work may be shown: who may not be named are too few, even with all others.

    Sites with too few people are put together; where that is not enough, the smallest other group and then people who
    might be named join them, or what is left over would tell of the few.
    """
    known = sorted(set(workers), key=lambda each: each.id)
    named = [each.id for each in known if each.authorised]
    sites: dict[UUID, set[UUID]] = {}
    for each in known:
        if not each.authorised:
            sites.setdefault(each.site_id, set()).add(each.id)
    large = [Group(site, frozenset(people)) for site, people in sites.items() if len(people) >= FEWEST]
    large.sort(key=lambda group: (-len(group.people), str(group.site_id)))
    rest = frozenset(each for people in sites.values() if len(people) < FEWEST for each in people)
    while 0 < len(rest) < FEWEST and (large or named):
        rest |= large.pop().people if large else {named.pop()}
    if 0 < len(rest) < FEWEST:
        return None
    return Parts(frozenset(named), (*large, *([Group(None, rest)] if rest else [])))


def too_few(people: frozenset[UUID], groups: Sequence[Group]) -> bool:
    """Whether a row of these people would tell of fewer than five of a group."""
    return any(0 < len(people & group.people) < FEWEST for group in groups)


def joined(rows: Mapping[Key, frozenset[UUID]], groups: Sequence[Group]) -> frozenset[Key]:
    """Of rows by the people who worked in them, those whose work is shown as one only; none where all can stand alone."""
    found = {key for key, people in rows.items() if too_few(people, groups)}
    others = sorted(rows.keys() - found, key=lambda key: (-len(rows[key]), str(key)))
    while found and others and too_few(_all_of(rows, found), groups):
        found.add(others.pop())
    return frozenset(found)


def _all_of(rows: Mapping[Key, frozenset[UUID]], keys: Iterable[Key]) -> frozenset[UUID]:
    return frozenset().union(*(rows[key] for key in keys))
