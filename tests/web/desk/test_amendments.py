"""After-contact work on the desk: it is seen, corrected, finished, and ends without losing what was typed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from httpx import Response

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.amending import AMENDABLE
from portavoce.conversations.wrapping import end_wrap_ups
from portavoce.kit.clock import SteppedClock
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take
from tests.web.desk.test_closures import form


async def give_time(desk: Desk, mode: str = "timed", *, seconds: int = 120) -> None:
    async with desk.database.begin(desk.aurora.writing) as db:
        await set_line(db, desk.aurora.lob_id, LineSettings("assisted", False, mode, seconds), by="admin")


async def close(desk: Desk, interaction: UUID, *, htmx: bool = True, **more: str) -> Response:
    address = url(desk.aurora, interaction, "/closure")
    return await desk.post(address, desk.anna, form(desk, interaction, **more), htmx=htmx)


async def amend(desk: Desk, interaction: UUID, *, htmx: bool = True, **given: str) -> Response:
    typed = {"disposition": "informed", "note": "Richiamare", **given}
    return await desk.post(url(desk.aurora, interaction, "/closure/amendment"), desk.anna, typed, htmx=htmx)


async def page_of(desk: Desk, interaction: UUID) -> str:
    return (await desk.get(url(desk.aurora, interaction), desk.anna)).text


async def test_after_closing_the_contact_stays_with_the_time_that_is_left(desk: Desk) -> None:
    await give_time(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await close(desk, interaction)
    assert answer.status_code == 200
    assert "hx-push-url" not in answer.headers
    assert 'id="after-form"' in answer.text
    assert "Lavoro dopo contatto" in answer.text.partition('<hx-partial hx-target="#presence-btn"')[2]
    until = desk.database.clock.now() + timedelta(seconds=120)
    page = await page_of(desk, interaction)
    assert f'data-due-at="{int(until.timestamp() * 1000)}"' in page.partition('id="after"')[2]
    assert f'id="acw-{interaction}"' in page
    assert "aria-live" not in page.partition('id="after"')[2].partition("</section>")[0]
    assert 'id="after-form"' not in (await desk.get(url(desk.aurora, interaction), desk.bruno)).text


async def test_only_who_asks_gets_it_where_it_is_optional(desk: Desk) -> None:
    await give_time(desk, "optional")
    first, second = [await take(desk, desk.aurora, desk.anna) for _ in range(2)]
    assert 'name="after"' in await page_of(desk, first)
    assert (await close(desk, first)).headers["hx-push-url"] == "/desk"
    assert 'id="after-form"' in (await close(desk, second, after="on")).text


async def test_what_is_corrected_is_saved_and_finishing_leads_back_to_the_queue(desk: Desk) -> None:
    await give_time(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    await close(desk, interaction)
    saved = await amend(desk, interaction)
    assert (saved.status_code, 'id="after-form"' in saved.text) == (200, True)
    assert "Informazioni date" in saved.text
    assert "Richiamare" in saved.text
    done = await amend(desk, interaction, finish="1")
    assert done.headers["hx-push-url"] == "/desk"
    assert "Disponibile" in done.text.partition('<hx-partial hx-target="#presence-btn"')[2]
    assert f'id="acw-{interaction}"' not in (await desk.get("/desk", desk.anna)).text


async def test_when_the_time_is_up_what_is_being_typed_may_still_be_saved(
    desk: Desk, clock: SteppedClock
) -> None:
    await give_time(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    await close(desk, interaction)
    clock.advance(timedelta(seconds=121))
    await end_wrap_ups(desk.database, desk.aurora.id)
    page = await page_of(desk, interaction)
    assert "Il lavoro dopo contatto è finito" in page
    assert page.count('id="after-form"') == 1
    assert (await amend(desk, interaction)).status_code == 200
    clock.advance(AMENDABLE - timedelta(minutes=5))
    await page_of(desk, interaction)  # a session without a sign of life for half an hour ends
    clock.advance(timedelta(minutes=4))
    page = await page_of(desk, interaction)
    assert 'id="after-form"' not in page
    assert "/reopening" in page


async def test_what_is_wrong_is_said_in_the_form_with_all_that_was_typed(desk: Desk) -> None:
    await give_time(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    await close(desk, interaction)
    for refused in (
        await amend(desk, interaction, disposition=""),
        await amend(desk, interaction, contact_reason="x"),
    ):
        assert (refused.status_code, refused.headers["hx-retarget"]) == (422, "#after-form")
        assert "Richiamare" in refused.text
    assert 'id="f-disposition-err"' in (await amend(desk, interaction, disposition="")).text


async def test_without_scripts_it_goes_on_on_the_page_of_the_contact(desk: Desk) -> None:
    await give_time(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    closed = await close(desk, interaction, htmx=False)
    assert (closed.status_code, closed.headers["location"]) == (303, url(desk.aurora, interaction))
    saved = await amend(desk, interaction, htmx=False)
    assert saved.headers["location"] == url(desk.aurora, interaction)
    assert (await amend(desk, interaction, htmx=False, finish="1")).headers["location"] == "/desk"
