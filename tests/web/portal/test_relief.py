"""What the client's people see of reliefs: viewers read, approvers decide, the month shows both figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.reporting.observing.following import catch_up
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.deciding import withdraw
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.proposing import Wish, propose
from tests.database import NOON
from tests.minting import mint_brand
from tests.reporting.telling import Contact, tell
from tests.sla.relief.relieving import accepted, person_with, proposed, silence_after
from tests.web.browsing import Browser, Site
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import House
from tests.web.portal.test_workbook import cells

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = "Il <b>gestionale</b> era fermo."


@dataclass(frozen=True, slots=True)
class Office:
    """Rosa approves for Aurora, where Marco has proposed that an afternoon is excused; one of its two contacts is late."""

    site: Site
    brand: House
    rosa: Browser
    marco: UUID
    relief: UUID

    @property
    def here(self) -> str:
        return f"/portal/{self.brand.aurora.slug}/relief"

    async def event(self) -> ReliefEvent:
        async with self.site.database.begin(self.brand.aurora.reading) as db:
            return await db.get_one(ReliefEvent, (self.brand.aurora.id, self.relief))


def afternoon(evidence: str = SAID) -> Wish:
    """Of the day on which the third contact of the house waited for its answer."""
    start = NOON + DAY
    return Wish(Cause.CLIENT_SYSTEM_DOWN, start, start + HOUR, evidence)


@pytest.fixture
async def office(the_site: Site, house: House) -> AsyncIterator[Office]:
    rosa = await the_site.person("client_approver", brand=house.aurora.id, name="Rosa Gallo")
    marco = await person_with(house.database, house.aurora, "supervisor", "Marco Sala")
    event = await house.database.run(
        house.aurora.writing, lambda db: propose(db, None, afternoon(), by=marco)
    )
    await catch_up(house.database, house.aurora.id)
    async with the_site.browser() as one:
        await one.sign_in(rosa.email)
        yield Office(the_site, house, one, marco, event.id)


async def month(office: Office) -> str:
    await catch_up(office.brand.database, office.brand.aurora.id)
    return (await office.rosa.get(f"/portal/{office.brand.aurora.slug}/2026-03")).text


async def test_who_approves_reads_what_happened_and_what_it_would_change(office: Office) -> None:
    assert "A system of the client was down" in (await office.rosa.get(office.here)).text
    page = (await office.rosa.get(f"{office.here}/{office.relief}")).text
    assert "Il &lt;b&gt;gestionale&lt;/b&gt; era fermo." in page
    assert "Marco" not in page
    assert "2 units, of them 1 late" in page
    assert "What it would change in March 2026" in page
    assert page.count(">60%<") == 2
    assert ">66.67%<" in page
    assert "the contract gives silence no meaning" in page


async def test_an_accepted_event_shows_the_adjusted_figure_beside_the_measured_one(office: Office) -> None:
    before = await month(office)
    assert "Proposed" in before
    assert "Adjusted" not in before
    sent = await office.rosa.fill(
        f"{office.here}/{office.relief}", {}, to=f"{office.here}/{office.relief}/acceptance"
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{office.here}?sent=accepted")
    assert "Accepted. The adjusted figures" in (await office.rosa.get(sent.headers["location"])).text
    after = await month(office)
    assert "60</a><small>%" in after
    assert "Adjusted 66.67%" in after
    assert "without 2 units of accepted events" in after
    assert "The client, on" in after
    assert "Excused" in after
    shown = (await office.rosa.get(f"{office.here}/{office.relief}")).text
    assert "Rosa Gallo of the client" in shown
    assert "<textarea" not in shown
    assert (await office.event()).decided_side == "client"


async def test_workbook_and_paper_say_both_figures_and_the_event(office: Office) -> None:
    await office.rosa.fill(
        f"{office.here}/{office.relief}", {}, to=f"{office.here}/{office.relief}/acceptance"
    )
    await month(office)
    book = (await office.rosa.get(f"/portal/{office.brand.aurora.slug}/2026-03/report.xlsx")).content
    told = dict(zip(*cells(book, 1), strict=True))
    assert (told["Figure"], told["Adjusted"], told["Units left out"]) == ("60.00", "66.67", "2")
    event = dict(zip(*cells(book, 3), strict=True))
    assert (event["Cause"], event["State"], event["Who decided"], event["Units held"], event["Of them late"]) == (
        "client_system_down", "accepted", "client", "2", "1",
    )  # fmt: skip
    paper = await office.rosa.get(f"/portal/{office.brand.aurora.slug}/2026-03/report.pdf")
    assert paper.status_code == 200


async def test_it_is_contested_with_a_reason(office: Office) -> None:
    here = f"{office.here}/{office.relief}"
    empty = await office.rosa.fill(here, {"reason": " "}, to=f"{here}/objection")
    assert (empty.status_code, 'id="f-reason-err"' in empty.text) == (422, True)
    sent = await office.rosa.post(f"{here}/objection", {"reason": "Era acceso.\nSempre."})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{office.here}?sent=contested")
    event = await office.event()
    assert (event.state, event.reason) == ("contested", "Era acceso.\nSempre.")
    assert "Adjusted" not in await month(office)


async def test_who_is_too_late_is_told_and_keeps_the_reason(office: Office) -> None:
    here = f"{office.here}/{office.relief}"
    await office.rosa.get(here)
    await office.brand.database.run(
        office.brand.aurora.writing, lambda db: withdraw(db, office.relief, by=office.marco)
    )
    for act, form in (("acceptance", {"x": "1"}), ("objection", {"reason": "Era acceso."})):
        late = await office.rosa.post(f"{here}/{act}", form)
        assert (late.status_code, "withdrawn meanwhile" in late.text) == (409, True)
    assert "Era acceso." in late.text
    assert "Proposed" not in await month(office)


async def test_when_silence_accepts_stands_beside_the_decision(office: Office) -> None:
    await silence_after(office.brand.database, office.brand.aurora, 10)
    event = await proposed(office.brand.database, office.brand.aurora, office.marco, afternoon())
    page = (await office.rosa.get(f"{office.here}/{event}")).text
    assert "it counts as accepted on 20 Mar" in page


async def test_who_only_reads_sees_it_and_cannot_decide(office: Office, carla: Visit) -> None:
    here = f"{office.here}/{office.relief}"
    page = await carla.get(here)
    assert (page.status_code, "Approvers of your company decide" in page.text) == (200, True)
    assert "<form class" not in page.text.split("<main")[1]
    viewer = await office.site.person("client_viewer", brand=office.brand.aurora.id)
    async with office.site.browser() as reader:
        await reader.sign_in(viewer.email)
        await reader.get(office.here)
        for act in ("acceptance", "objection"):
            assert (await reader.post(f"{here}/{act}", {"reason": "x"})).status_code == 404
    assert (await office.event()).state == "proposed"


async def test_an_event_of_another_brand_does_not_exist(office: Office) -> None:
    bosco = await mint_brand(office.brand.database, "Bosco")
    remo = await person_with(office.brand.database, bosco, "client_approver")
    foreign = await proposed(office.brand.database, bosco, remo, afternoon())
    await office.rosa.get(office.here)
    assert (await office.rosa.get(f"{office.here}/{foreign}")).status_code == 404
    assert (await office.rosa.get(f"/portal/{bosco.slug}/relief/{foreign}")).status_code == 404
    assert (await office.rosa.post(f"{office.here}/{foreign}/acceptance", {})).status_code == 404


async def test_every_number_of_a_month_with_reliefs_still_opens_to_its_contacts(
    office: Office, carla: Visit
) -> None:
    await accepted(office.brand.database, office.brand.aurora, office.marco, afternoon())
    await tell(office.brand.database, office.brand.aurora, Contact(NOON, NOON + HOUR))
    visit = await sign_in(office.brand.database, carla.client, office.brand.aurora)
    page = (await visit.get(f"/portal/{office.brand.aurora.slug}/2026-03")).text
    assert "Adjusted 75%" in page
    assert "Late first response" in page


def wide(cause: Cause = Cause.CLIENT_SYSTEM_DOWN) -> Wish:
    """A day with both that were late and one that was not."""
    return Wish(cause, NOON + DAY, NOON + 2 * DAY + HOUR, SAID)


async def test_where_it_changes_the_verdict_the_first_sentence_says_so(office: Office, carla: Visit) -> None:
    """In both languages; an event that turns nothing adds no word."""
    brand, march = office.brand.aurora, f"/portal/{office.brand.aurora.slug}/2026-03"
    office.brand.clock.move_to(NOON + 31 * DAY)
    await accepted(office.brand.database, brand, office.marco, afternoon())
    await catch_up(office.brand.database, brand.id)
    visit = await sign_in(office.brand.database, carla.client, brand)
    missed = "First response missed its target: 60% in time, target 90% within 4 hours of opening hours."
    page = (await visit.get(march)).text
    assert missed in page
    assert "Adjusted 66.67%" in page
    assert "Without what you excused" not in page
    await accepted(office.brand.database, brand, office.marco, wide())
    await catch_up(office.brand.database, brand.id)
    page = (await visit.get(march)).text
    assert f"{missed} Without what you excused: target met." in page
    assert "Adjusted 100%" in page
    italian = (await visit.get(march, locale="it")).text
    assert "Senza ciò che avete esonerato: obiettivo raggiunto." in italian


async def test_an_event_over_the_turn_of_a_month_shows_both_months(office: Office) -> None:
    """From the last evening of February in Rome to noon of the 3rd of March."""
    start = NOON - 2 * DAY + 9 * HOUR
    event = await proposed(
        office.brand.database, office.brand.aurora, office.marco,
        Wish(Cause.FORCE_MAJEURE, start, NOON + DAY + HOUR, SAID),
    )  # fmt: skip
    page = (await office.rosa.get(f"{office.here}/{event}")).text
    assert "What it would change in February 2026" in page
    assert "0 units, of them 0 late" in page
    assert "What it would change in March 2026" in page
    assert "3 units, of them 1 late" in page
    assert page.count("It changes no figure of this month") == 1


async def test_before_and_after_are_with_everything_else_that_is_accepted(office: Office) -> None:
    await accepted(office.brand.database, office.brand.aurora, office.marco, afternoon())
    event = await proposed(office.brand.database, office.brand.aurora, office.marco, wide())
    page = (await office.rosa.get(f"{office.here}/{event}")).text
    assert "3 units, of them 2 late" in page
    row = page.split("<tbody>")[1].split("</tbody>")[0]
    assert [text in row for text in (">60%<", ">66.67%<", ">100%<", ">1<")] == [True] * 4


async def test_the_providers_own_fault_says_that_it_takes_nothing_out(office: Office) -> None:
    event = await proposed(
        office.brand.database, office.brand.aurora, office.marco, wide(Cause.PROVIDER_FAULT)
    )
    page = (await office.rosa.get(f"{office.here}/{event}")).text
    assert "3 units, of them 2 late" in page
    assert "takes nothing out of a figure" in page
    assert "Units left out" not in page
