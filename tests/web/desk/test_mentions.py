"""Mentions at the desk: offered while a note is written, shown in the colleague's list, opened from there."""

from __future__ import annotations

from sqlalchemy import select

from portavoce.conversations.aftercare import Mention
from portavoce.conversations.replying import note
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import alias


async def mention(desk: Desk) -> tuple[str, str]:
    """Bruno mentions Anna at Aurora; gives the contact and where it is opened from."""
    interaction, _ = await arrive(desk.database, desk.aurora)
    async with desk.database.begin(desk.aurora.writing) as db:
        anna = await alias(db, desk.anna, desk.aurora)
        await note(db, interaction, f"@{anna.alias} guarda", by=await alias(db, desk.bruno, desk.aurora))
    async with desk.database.begin(desk.aurora.writing) as db:
        [made] = await db.scalars(select(Mention.id))
    return url(desk.aurora, interaction), f"/b/{desk.aurora.slug}/mentions/{made}/sight"


async def test_it_is_in_the_list_of_who_is_mentioned_until_opened_from_there(desk: Desk) -> None:
    contact, sight = await mention(desk)
    assert sight not in (await desk.get("/desk", desk.bruno)).text
    assert sight in (await desk.get("/desk", desk.anna)).text
    answer = await desk.post(sight, desk.anna, {})
    assert (answer.status_code, answer.headers["hx-push-url"]) == (200, contact)
    assert f'hx-get="{contact}' in answer.text or f'action="{contact}/' in answer.text
    assert sight not in (await desk.get("/desk", desk.anna)).text


async def test_the_list_of_another_is_not_there(desk: Desk) -> None:
    _, sight = await mention(desk)
    assert (await desk.post(sight, desk.bruno, {})).status_code == 404
    assert sight in (await desk.get("/desk", desk.anna)).text


async def test_the_palette_offers_the_brands_people_after_an_at_sign(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    asked = f"/desk/palette?q=%40&open={interaction}&brand={desk.aurora.slug}"
    async with desk.database.begin(desk.aurora.writing) as db:
        bruno = (await alias(db, desk.bruno, desk.aurora)).alias
    page = (await desk.get(asked, desk.anna, htmx=True)).text
    assert f'data-put="@{bruno} "' in page
    assert page.count('role="option"') == 1
    assert 'role="option"' not in (await desk.get(f"{asked}x", desk.anna, htmx=True)).text
