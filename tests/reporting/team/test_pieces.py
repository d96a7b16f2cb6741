"""Rows of people, teams, queues: who is named, who stands in a group, and what is not shown at all."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import CONTACT, HANDLED
from portavoce.reporting.team.figures import BrandMonths, Service, Told, Work
from portavoce.reporting.team.grouping import Worker
from portavoce.reporting.team.pieces import By, Kind
from portavoce.reporting.team.rows import TeamReport, team_report

MARCH, APRIL = Month(2026, 3), Month(2026, 4)
TORINO, BARI = UUID(int=91), UUID(int=92)
POST, SHOP = UUID(int=81), UUID(int=82)
NAMES = {TORINO: "Torino", BARI: "Bari", **{UUID(int=each): f"P{each}" for each in range(1, 20)}}


def worker(number: int) -> Worker:
    """Ten and more are of Bari, whose site is authorised."""
    site = BARI if number >= 10 else TORINO
    return Worker(UUID(int=number), site, authorised=site == BARI)


def handled(*numbers: int, month: Month = MARCH, lob: UUID = POST, code: str = "solved") -> list[Told]:
    """One contact each, with a minute of work; 0 is nobody."""
    return [
        Told(month, HANDLED, lob, code, UUID(int=each) if each else None, units=1, ended=1, used_s=60)
        for each in numbers
    ]


def brand(name: str, *told: Told, promised: dict[tuple[Month, UUID], Service] | None = None) -> BrandMonths:
    workers = {each.worker: worker(each.worker.int) for each in told if each.worker is not None}
    lobs = {POST: "Posta", SHOP: "Negozio"}
    return BrandMonths(
        UUID(int=len(name)), name.lower(), name, told, promised or {}, workers, NAMES, lobs, {"solved": "Risolto"}
    )  # fmt: skip


def shown(report: TeamReport) -> list[tuple[str, str, int, int | None]]:
    return [
        (row.key.kind, row.name, row.people, row.work.handled if row.work else None) for row in report.rows
    ]


@pytest.mark.parametrize("by", [By.AGENT, By.TEAM])
def test_five_of_a_site_are_one_row_and_nobodys_work_stands_beside_them(by: By) -> None:
    report = team_report([brand("Aurora", *handled(1, 2, 3, 4, 5, 0))], by)
    assert shown(report) == [("team", "Torino", 5, 5), ("nobody", "", 0, 1)]
    assert (report.work.handled, report.hidden) == (6, [])


def test_people_of_an_authorised_site_have_a_row_each_and_one_as_a_team() -> None:
    read = brand("Aurora", *handled(10, 11, 11))
    assert shown(team_report([read], By.AGENT)) == [("person", "P10", 1, 1), ("person", "P11", 1, 2)]
    assert shown(team_report([read], By.TEAM)) == [("team", "Bari", 2, 3)]


def test_four_are_not_shown_and_the_total_does_not_tell_of_them() -> None:
    """Another brand's rows stay as they would be alone."""
    alone = brand("Bosco", *handled(1, 2, 3, 4, 5))
    few = brand("Aurora", *handled(6, 7, 8, 9), promised={(MARCH, POST): Service(0, 3, 4)})
    for by in (By.AGENT, By.TEAM, By.BRAND, By.QUEUE, By.OUTCOME):
        report = team_report([few, alone], by)
        assert report.work == Work(handled=5, used_s=300)
        assert report.hidden == [("Aurora", MARCH)]
    assert shown(team_report([few, alone], By.BRAND)) == [
        ("brand", "Aurora", 0, None),
        ("brand", "Bosco", 5, 5),
    ]
    assert team_report([few], By.BRAND).service == Service(0, 3, 4)


def test_who_might_be_named_but_hides_others_says_that_the_row_is_not_all() -> None:
    march, april = handled(1, 2, 3, 10, 11, 12), handled(12, month=APRIL)
    report = team_report([brand("Aurora", *march, *april)], By.AGENT)
    assert shown(report) == [("person", "P10", 1, 1), ("person", "P12", 1, 1), ("others", "", 5, 5)]
    assert [row.name for row in report.rows if row.partly] == ["P12"]


def test_each_month_stands_alone() -> None:
    """Five in March and four in April are not nine in two months."""
    report = team_report(
        [brand("Aurora", *handled(1, 2, 3, 4, 5), *handled(1, 2, 3, 4, month=APRIL))], By.TEAM
    )
    assert shown(report) == [("team", "Torino", 5, 5)]
    assert report.hidden == [("Aurora", APRIL)]


def test_a_queue_of_two_people_shows_its_service_and_its_work_together_with_another() -> None:
    told = [*handled(1, 2, 3, 4, 5), *handled(1, 2, lob=SHOP)]
    contact = Told(MARCH, CONTACT, SHOP, "", None, units=7, ended=0, used_s=0)
    report = team_report(
        [brand("Aurora", *told, contact, promised={(MARCH, SHOP): Service(0, 1, 2)})], By.QUEUE
    )
    assert shown(report) == [
        ("queue", "Negozio", 0, None),
        ("queue", "Posta", 0, None),
        ("joined", "Aurora", 5, 7),
    ]
    assert (report.rows[0].service, report.rows[0].partly) == (Service(7, 1, 2), True)


def test_outcomes_of_too_few_people_in_all_are_not_shown() -> None:
    answered = [Told(MARCH, CONTACT, POST, "", UUID(int=each), 1, 1, 0) for each in range(1, 6)]
    report = team_report([brand("Aurora", *answered, *handled(1, 2))], By.OUTCOME)
    assert [(kind, work) for kind, _, _, work in shown(report)] == [(Kind.CODE, None)]
    assert (report.work, report.hidden) == (Work(), [("Aurora", MARCH)])


def test_a_mean_is_of_the_handled_and_of_nothing_there_is_none() -> None:
    assert Work(handled=4, used_s=202).mean_s == 50.5
    assert Work(answered=1).mean_s is None
