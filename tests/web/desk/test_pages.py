"""The page around the open contact."""

from __future__ import annotations

from portavoce.conversations.models import Interaction
from portavoce.web.desk.pages import says
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import take


def test_events_for_scripts_are_ascii_whatever_they_say() -> None:
    assert says(say={"text": "Ora parli per NordCaffè"})["HX-Trigger"].isascii()


async def test_the_page_of_a_contact_names_its_brand_first(desk: Desk) -> None:
    interaction, message = await arrive(desk.database, desk.aurora)
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    assert "<title>Aurora, Gina Rota · Portavoce</title>" in page.text
    asked = f"/desk/stream?open={interaction}&amp;brand={desk.aurora.slug}&amp;since_message={message}"
    assert f'hx-sse:connect="{asked}"' in page.text
    assert 'href="data:image/svg+xml' in page.text


async def test_the_whole_thread_is_shown_on_demand(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora, "messaggio 0")

    async with desk.database.begin(desk.aurora.writing) as db:
        from_db = await db.get_one(Interaction, (desk.aurora.id, interaction))
        thread = from_db.conversation_id
    for number in range(1, 23):
        await arrive(desk.database, desk.aurora, f"messaggio {number}", thread=thread)
    short = await desk.get(url(desk.aurora, interaction), desk.anna)
    whole = await desk.get(url(desk.aurora, interaction, "?all=true"), desk.anna)
    assert short.text.count('id="m-') == 20
    assert f"{url(desk.aurora, interaction)}?all=true" in short.text
    assert whole.text.count('id="m-') == 23
    first = whole.text.partition('id="m-')[2][:36]
    assert f"&amp;since_message={first}" in whole.text
    assert f"&amp;since_message={first}" not in short.text


async def test_the_composer_opens_for_a_note_without_scripts(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    page = await desk.get(url(desk.aurora, interaction, "?compose=note"), desk.anna)
    reply = page.text.partition('id="composer-reply"')[2].partition(">")[0]
    assert reply.endswith(" hidden")


async def test_what_a_customer_writes_is_text_and_never_markup(desk: Desk) -> None:
    evil = "<img src=x onerror=alert(1)>\"'</textarea>"
    interaction, _ = await arrive(
        desk.database, desk.aurora, evil, customer=evil[:28], subject=evil, quoted=evil
    )
    for address in ("/desk", url(desk.aurora, interaction)):
        page = await desk.get(address, desk.anna)
        assert page.status_code == 200
        assert "<img src=x" not in page.text
