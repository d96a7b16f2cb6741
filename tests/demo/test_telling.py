"""The demo's first client is told by mail every Monday, with words of its provider."""

from __future__ import annotations

from portavoce.core.scope import Scope
from portavoce.demo import cast
from portavoce.reporting.mailing.commentary import newest_said
from portavoce.reporting.mailing.schedules import schedules_of
from tests.demo.conftest import Simulated


async def test_one_client_gets_its_report_by_mail_with_words_about_a_week_and_a_month(
    demo: Simulated,
) -> None:
    team = cast.TEAMS[0]
    brand_id = demo.founded.brands[team.slug]
    async with demo.database.begin(Scope.reading({brand_id})) as db:
        [schedule] = await schedules_of(db)
        said = await newest_said(db)
    readers = {each.name for each in team.people if each.role in ("client_viewer", "client_approver")}
    assert set(schedule.people) == readers
    assert (schedule.rhythm, schedule.minute) == ("weekly", 480)
    assert {each.period.kind for each in said} == {"weekly", "monthly"}
