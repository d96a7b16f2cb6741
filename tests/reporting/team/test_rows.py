"""Pieces of several brands put together, at once or from what was kept of them."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from portavoce.reporting.team.pieces import By, Piece, blinded, piece_of
from portavoce.reporting.team.rows import put_together, team_report
from tests.reporting.team.test_pieces import APRIL, brand, handled

SALT = UUID(int=7)
READS = [
    brand("Aurora", *handled(1, 2, 3, 4, 5, 10), *handled(10, 11, month=APRIL)),
    brand("Bosco", *handled(2, 3, 4, 5, 6, 10, 0)),
]


def test_a_person_of_two_brands_is_one_row_and_counted_once_in_a_group() -> None:
    report = team_report(READS, By.AGENT)
    found = [(row.name, row.people, row.work.handled) for row in report.rows if row.work]
    assert found == [("P10", 1, 3), ("P11", 1, 1), ("Torino", 6, 10), ("", 0, 1)]
    assert report.work.handled == 15


@pytest.mark.parametrize("by", list(By))
def test_what_was_kept_gives_the_same_numbers_and_holds_no_id_of_a_person(by: By) -> None:
    kept = [msgspec.json.encode(blinded(piece_of(read, by), SALT)) for read in READS]
    again = put_together([msgspec.json.decode(each, type=Piece) for each in kept], by)
    report = team_report(READS, by)
    told = [[(row.name, row.people, row.work, row.service) for row in each.rows] for each in (again, report)]
    assert sorted(told[0], key=repr) == sorted(told[1], key=repr)
    assert (again.work, again.service) == (report.work, report.service)
    assert not [each for each in kept for number in range(1, 12) if str(UUID(int=number)).encode() in each]
