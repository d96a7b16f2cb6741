"""Nothing that is shown, added and subtracted in any way, tells of fewer than five people of an unauthorised site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portavoce.reporting.team.grouping import FEWEST, Group, Worker, joined, parts, too_few

TORINO, MILANO, BARI = (UUID(int=900 + number) for number in range(3))
AUTHORISED = {BARI}


def worker(number: int, site: UUID = TORINO) -> Worker:
    return Worker(UUID(int=number), site, site in AUTHORISED)


def some(*numbers: int) -> frozenset[UUID]:
    return frozenset(UUID(int=number) for number in numbers)


def staff(torino: int = 0, milano: int = 0, bari: int = 0) -> list[Worker]:
    sites = [TORINO] * torino + [MILANO] * milano + [BARI] * bari
    return [worker(number, site) for number, site in enumerate(sites, 1)]


@pytest.mark.parametrize(
    ("people", "named", "groups"),
    [
        (staff(), (), []),
        (staff(bari=2), (1, 2), []),
        (staff(torino=5), (), [(TORINO, (1, 2, 3, 4, 5))]),
        (staff(torino=5, bari=1), (6,), [(TORINO, (1, 2, 3, 4, 5))]),
        (staff(torino=2, milano=3), (), [(None, (1, 2, 3, 4, 5))]),
        (staff(torino=2, milano=5), (), [(None, (1, 2, 3, 4, 5, 6, 7))]),
        (staff(torino=3, bari=4), (4, 5), [(None, (1, 2, 3, 6, 7))]),
        (staff(torino=6, milano=5, bari=1), (12,), [(TORINO, (1, 2, 3, 4, 5, 6)), (MILANO, (7, 8, 9, 10, 11))]),
    ],
)  # fmt: skip
def test_who_may_be_named_and_who_stands_in_a_group(
    people: list[Worker], named: tuple[int, ...], groups: list[tuple[UUID | None, tuple[int, ...]]]
) -> None:
    found = parts(people)
    assert found is not None
    assert found.named == some(*named)
    assert list(found.groups) == [Group(site, some(*numbers)) for site, numbers in groups]


@pytest.mark.parametrize("people", [staff(torino=4), staff(torino=1, milano=1, bari=2)])
def test_where_all_together_are_too_few_nothing_is_shown(people: list[Worker]) -> None:
    assert parts(people) is None


def test_rows_with_too_few_of_a_group_stand_together_with_the_smallest_other() -> None:
    group = [Group(TORINO, some(1, 2, 3, 4, 5, 6, 7))]
    rows = {"a": some(1, 2, 3, 4, 5, 6, 7), "b": some(1, 2, 3, 4, 5), "c": some(6, 7), "d": some(8)}
    assert joined(rows, group) == {"b", "c", "d"}
    assert joined({"a": some(1, 2), "b": some(3, 4, 5)}, group) == {"a", "b"}
    assert joined({"a": some(8), "b": some(1, 2, 3, 4, 5)}, group) == frozenset()


Atom = tuple[str, int, UUID]
"""What one person did in one queue of one brand."""


def brands() -> st.SearchStrategy[dict[str, dict[int, set[int]]]]:
    """By brand and queue, the numbers of who worked there."""
    queue = st.sets(st.integers(1, 10), max_size=10)
    return st.dictionaries(st.sampled_from("AB"), st.dictionaries(st.integers(1, 3), queue, max_size=3), max_size=2)  # fmt: skip


SITES = st.lists(st.sampled_from([TORINO, MILANO, BARI]), min_size=10, max_size=10)


def shown(work: dict[str, dict[int, set[int]]], sites: Sequence[UUID]) -> Iterator[frozenset[Atom]]:
    """Every row of every choice of brands: people and groups, queues and totals, as sets of what they add up."""
    for brand, queues in work.items():
        people = {number for numbers in queues.values() for number in numbers}
        found = parts(worker(number, sites[number - 1]) for number in people)
        if found is None:
            continue
        atoms = {(brand, queue, UUID(int=each)) for queue, numbers in queues.items() for each in numbers}
        for block in [*({each} for each in found.named), *(group.people for group in found.groups)]:
            yield frozenset(atom for atom in atoms if atom[2] in block)
        rows = {queue: some(*numbers) for queue, numbers in queues.items()}
        together = joined(rows, found.groups)
        for queue in rows.keys() - together:
            yield frozenset(atom for atom in atoms if atom[1] == queue)
        if not too_few(frozenset().union(*(rows[each] for each in together)), found.groups):
            yield frozenset(atom for atom in atoms if atom[1] in together)


PRIME = 1_000_003


def rank(rows: list[frozenset[Atom]], columns: list[Atom]) -> int:
    """Of the rows as vectors over these columns, modulo a prime."""
    matrix = [[int(column in row) for column in columns] for row in rows]
    found = 0
    for column in range(len(columns)):
        pivot = next((row for row in range(found, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        inverse = pow(matrix[found][column], -1, PRIME)
        for row in range(found + 1, len(matrix)):
            factor = matrix[row][column] * inverse % PRIME
            if factor:
                matrix[row] = [
                    (one - factor * two) % PRIME for one, two in zip(matrix[row], matrix[found], strict=True)
                ]
        found += 1
    return found


def told_of_few(rows: list[frozenset[Atom]], sites: Sequence[UUID]) -> list[tuple[UUID, ...]]:
    """Sets of fewer than five people, of whose figures some sum can be computed that holds of somebody who may not be named.

    There is one where the rows can tell more about them than about everybody else.
    """
    atoms = sorted(frozenset().union(*rows)) if rows else []
    people = sorted({atom[2] for atom in atoms})
    found = []
    for few in combinations(people, min(FEWEST - 1, len(people))):
        others = [atom for atom in atoms if atom[2] not in few]
        hidden = [atom for atom in atoms if atom[2] in few and sites[atom[2].int - 1] not in AUTHORISED]
        if rank(rows, others + hidden) > rank(rows, others):
            found.append(few)
    return found


@given(brands(), SITES)
@settings(max_examples=40)
def test_no_sum_of_shown_rows_is_of_fewer_than_five_people_who_may_not_be_named(
    work: dict[str, dict[int, set[int]]], sites: list[UUID]
) -> None:
    assert told_of_few(list(shown(work, sites)), sites) == []


@given(brands(), SITES)
@settings(max_examples=10)
def test_people_of_authorised_sites_alone_are_all_named(
    work: dict[str, dict[int, set[int]]], sites: list[UUID]
) -> None:
    for queues in work.values():
        everybody = {number for numbers in queues.values() for number in numbers}
        found = parts(worker(number, BARI) for number in everybody)
        assert found is not None
        assert found.named == some(*everybody)


def test_the_oracle_sees_a_total_beside_all_but_a_few() -> None:
    """A row of everybody beside five of six tells of the sixth."""
    atoms = [("A", 1, UUID(int=number)) for number in range(1, 7)]
    assert told_of_few([frozenset(atoms), frozenset(atoms[:5])], [TORINO] * 10)
    assert not told_of_few([frozenset(atoms), frozenset()], [TORINO] * 10)
