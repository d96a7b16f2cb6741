"""Names and numbers of a team report, in the order asked for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.reporting.team.figures import Service, Work
from portavoce.reporting.team.pieces import By, Key, Kind
from portavoce.reporting.team.rows import Row, TeamReport
from portavoce.web.i18n import load_words
from portavoce.web.supervisor.report_table import COLUMNS, lines, name_of, sorts, totals

WORDS = load_words(frontend_dir() / "locale")["en"]


def queue(name: str, work: Work | None, service: Service) -> Row:
    return Row(Key(Kind.QUEUE, "aurora", name), name, 5, work, service)


REPORT = TeamReport(
    By.QUEUE,
    [
        queue("A", Work(2, 2, 130, 1, 0, 0), Service(9, 1, 4)),
        queue("B", None, Service(7, 0, 0)),
        queue("C", Work(5, 0, 0, 0, 0, 0), Service(8, 3, 4)),
    ],
    Work(7, 2, 130, 1, 0, 0),
    Service(24, 4, 8),
    [],
)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", "ABC"),
        ("-name", "CBA"),
        ("contacts", "BCA"),
        ("answered", "ACB"),
        ("-answered", "CAB"),
        ("-share", "CAB"),
    ],
)
def test_rows_are_sorted_and_what_is_not_shown_comes_last(sort: str, expected: str) -> None:
    assert "".join(line.name for line in lines(REPORT, WORDS, sort)) == expected


def test_a_share_and_a_mean_are_exact_and_of_nothing_there_is_none() -> None:
    values = dict(zip((each.name for each in COLUMNS[By.QUEUE]), totals(REPORT), strict=True))
    assert (values["share"], values["mean"], values["contacts"]) == (Fraction(1, 2), 65, 24)
    [_, line, _] = lines(REPORT, WORDS)
    assert line.values == (7, None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("kind", "by", "name", "expected"),
    [
        (Kind.TEAM, By.AGENT, "Bari", "Bari, together"),
        (Kind.TEAM, By.TEAM, "Bari", "Bari"),
        (Kind.OTHERS, By.TEAM, "", "People of several sites, together"),
        (Kind.NOBODY, By.TEAM, "", "Nobody in particular"),
        (Kind.JOINED, By.QUEUE, "Aurora", "Aurora, rows of few people together"),
        (Kind.CODE, By.REASON, "", "Not said"),
        (Kind.CODE, By.REASON, "Consegna", "Consegna"),
    ],
)
def test_every_row_has_a_name(kind: Kind, by: By, name: str, expected: str) -> None:
    assert name_of(Row(Key(kind, "", ""), name), by, WORDS) == expected


def test_each_column_can_be_sorted_by_both_ways() -> None:
    assert sorts(By.REASON) == {"name", "-name", "contacts", "-contacts", "answered", "-answered"}
