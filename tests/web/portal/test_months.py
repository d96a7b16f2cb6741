from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portavoce.core.unit import new_id
from portavoce.ledger.facts import record
from portavoce.reporting.observing.following import catch_up
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_goal
from tests.database import NOON
from tests.minting import mint_brand
from tests.reporting.promising import promise
from tests.reporting.reading import counting
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import DAY, HOUR, House

NUMBER = re.compile(r'<a href="(/portal/[^"]*/2026-03/[a-z_]+\?[^"]*)">([\d,]+)(?![\d,]|</a><small>%)')


def numbers(page: str) -> list[tuple[str, int]]:
    """Every number on the page that opens to its contacts."""
    return [(url.replace("&amp;", "&"), int(count.replace(",", ""))) for url, count in NUMBER.findall(page)]


async def test_the_report_shows_the_brand_and_states_the_result(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03")
    assert found.status_code == 200
    assert f'data-brand="{house.aurora.slug}"' in found.text
    assert "Customer care by Voxa Servizi" in found.text
    assert "Provisional until the month is over." in found.text
    assert (
        "So far 60% had a first response in time; the target is 90% within 4 hours of opening hours."
        in found.text
    )
    assert "All times Europe/Rome." in found.text


async def test_the_report_is_final_when_the_month_is_over_and_all_is_decided(
    house: House, carla: Visit
) -> None:
    house.clock.move_to(NOON + 40 * DAY)
    visit = await sign_in(house.database, carla.client, house.aurora)
    found = await visit.get(f"/portal/{house.aurora.slug}/2026-03")
    assert (
        "First response missed its target: 60% in time, target 90% within 4 hours of opening hours."
        in found.text
    )
    assert "Missed" in found.text
    assert "Provisional" not in found.text


async def test_the_report_speaks_italian(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03", locale="it")
    assert "Finora il 60% ha avuto la prima risposta in tempo; l’obiettivo è 90% entro 4 ore" in found.text
    assert '<html lang="it"' in found.text


async def test_every_number_opens_to_exactly_its_contacts_while_mail_keeps_arriving(
    house: House, carla: Visit
) -> None:
    page = await carla.get(f"/portal/{house.aurora.slug}/2026-03")
    found = numbers(page.text)
    assert len(found) > 20
    for url, count in found:
        await tell(house.database, house.aurora, Contact(NOON, NOON + timedelta(hours=1)))
        house.clock.advance(timedelta(minutes=1))
        listed = await carla.get(url)
        lines = (await carla.get(url.replace("?", ".csv?"))).content.decode("utf-8-sig").splitlines()
        assert listed.status_code == 200
        assert listed.text.count('<th scope="row"') == count
        assert len(lines) - 1 == count
    fresh = numbers((await carla.get(f"/portal/{house.aurora.slug}/2026-03")).text)
    assert fresh[0][1] == found[0][1] + len(found)


@pytest.mark.parametrize(
    "month",
    ["2026-02", "2026-04", "2026-13", "2026-3", "0000-00", "march", "2026-03-01", "2026-03.csv", "9999-12"],
)
async def test_a_month_that_is_none_past_the_first_fact_or_in_the_future_does_not_exist(
    house: House, carla: Visit, month: str
) -> None:
    assert (await carla.get(f"/portal/{house.aurora.slug}/{month}")).status_code == 404
    assert (await carla.get(f"/portal/{house.aurora.slug}/{month}/received")).status_code == 404
    assert (await carla.get(f"/portal/{house.aurora.slug}?month={month}")).status_code == 404


async def test_a_month_with_facts_before_it_exists_even_without_contacts(house: House, carla: Visit) -> None:
    house.clock.move_to(NOON + 70 * DAY)
    visit = await sign_in(house.database, carla.client, house.aurora)
    found = await visit.get(f"/portal/{house.aurora.slug}/2026-04")
    assert "No contact in this month." in found.text
    assert f'/portal/{house.aurora.slug}/2026-03"' in found.text
    assert f'/portal/{house.aurora.slug}/2026-05"' in found.text


async def test_a_brand_without_facts_has_its_present_month(house: House, carla: Visit) -> None:
    empty = await mint_brand(house.database, "Cedro")
    visit = await sign_in(house.database, carla.client, empty)
    found = await visit.get(f"/portal/{empty.slug}/2026-03")
    assert "No contact in this month." in found.text
    assert (await visit.get(f"/portal/{empty.slug}/2026-03/received")).text.count("No contact") > 0
    assert (await visit.get(f"/portal/{empty.slug}/2026-02")).status_code == 404


async def test_the_chosen_month_is_an_address(house: House, carla: Visit) -> None:
    chosen = await carla.get(f"/portal/{house.aurora.slug}?month=2026-03")
    present = await carla.get(f"/portal/{house.aurora.slug}")
    assert chosen.status_code == present.status_code == 303
    assert chosen.headers["location"] == present.headers["location"] == f"/portal/{house.aurora.slug}/2026-03"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_written_here(house: House, carla: Visit, method: str) -> None:
    assert (await carla.get(f"/portal/{house.aurora.slug}/2026-03", method=method)).status_code == 405


async def test_head_answers_like_get_without_a_body(house: House, carla: Visit) -> None:
    url = f"/portal/{house.aurora.slug}/2026-03"
    found = await carla.get(url, method="HEAD")
    assert (found.status_code, found.content) == (200, b"")


@pytest.mark.parametrize("more", [0, 2])
async def test_a_report_takes_twentyfive_queries_whatever_the_month_holds(
    house: House, carla: Visit, more: int
) -> None:
    await tell(house.database, house.aurora, *[Contact(NOON, None)] * more)
    with counting(house.database) as queries:
        await carla.get(f"/portal/{house.aurora.slug}/2026-03")
    assert len(queries) == 25


async def test_a_breach_without_a_due_instant_is_past_none(house: House, carla: Visit) -> None:
    """As a contact that came back after it was solved: it was due at no moment of the clock."""
    solved = Rule(goal=share_goal(9000))
    await promise(house.database, house.aurora, Metric.FIRST_CONTACT_RESOLUTION, solved, within_s=86_400)
    [first] = await tell(house.database, house.aurora, Contact(NOON, NOON + HOUR, closed=NOON + 2 * HOUR))
    async with house.database.begin(house.aurora.writing) as db:
        record(
            db, "interaction.recontacted", at=NOON + 3 * HOUR, lob_id=house.aurora.lob_id, interaction_id=first,
            by=new_id(db),
        )  # fmt: skip
    await catch_up(house.database, house.aurora.id)
    visit = await sign_in(house.database, carla.client, house.aurora)
    page = await visit.get(f"/portal/{house.aurora.slug}/2026-03")
    assert page.status_code == 200
    assert "Solved at first contact" in page.text.split('id="breaches-h"')[1]
