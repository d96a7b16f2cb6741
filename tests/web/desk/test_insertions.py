"""Snippets in the hands of an agent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portavoce.knowledge.snippets import Draft, save, snippets
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, arrive
from tests.web.desk.taking import take

TEXT = "Buongiorno {{customer_name}}, sono {{agent_alias}} di {{brand_name}}: contatto {{ticket_number}}, {{subject}}."


async def keep(desk: Desk, brand: DeskBrand, **changes: Any) -> UUID:
    draft = Draft(**{"name": "Saluto", "shortcut": "ciao", "texts": {"it": TEXT, "en": "Hello"}, **changes})
    async with desk.database.begin(brand.writing) as db:
        return await save(db, draft)


def form(brand: DeskBrand, snippet: UUID) -> dict[str, str]:
    return {"expected_brand": str(brand.id), "snippet": str(snippet)}


async def used(desk: Desk, brand: DeskBrand) -> list[int]:
    async with desk.database.begin(brand.writing) as db:
        return [row.used for row in await snippets(db)]


async def test_the_words_come_with_their_fields_filled_and_are_counted(desk: Desk) -> None:
    snippet = await keep(desk, desk.aurora)
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(
        url(desk.aurora, interaction, "/insertions"), desk.anna, form(desk.aurora, snippet)
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "Buongiorno Gina Rota, sono Anna di Aurora: contatto 1, Pacco."
    assert await used(desk, desk.aurora) == [1]


async def test_the_customers_language_decides(desk: Desk) -> None:
    snippet = await keep(desk, desk.aurora)
    interaction, _ = await arrive(desk.database, desk.aurora, customer="Hannah Weiss", language="en")
    answer = await desk.post(
        url(desk.aurora, interaction, "/insertions"), desk.anna, form(desk.aurora, snippet)
    )
    assert answer.text == "Hello"


async def test_a_customer_named_like_a_field_stays_so_named(desk: Desk) -> None:
    snippet = await keep(desk, desk.aurora, texts={"it": "Ciao {{customer_name}}"})
    interaction, _ = await arrive(desk.database, desk.aurora, customer="{{agent_alias}} {{ 7*7 }}")
    answer = await desk.post(
        url(desk.aurora, interaction, "/insertions"), desk.anna, form(desk.aurora, snippet)
    )
    assert answer.text == "Ciao {{agent_alias}} {{ 7*7 }}"


async def test_another_brands_snippet_is_never_inserted(desk: Desk) -> None:
    """Neither by its id in a contact of mine, nor through a form written for the other brand."""
    theirs = await keep(desk, desk.bosco)
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction, "/insertions")
    assert (await desk.post(here, desk.anna, form(desk.aurora, theirs))).status_code == 404
    mine = await keep(desk, desk.aurora)
    assert (await desk.post(here, desk.anna, form(desk.bosco, mine))).status_code == 409
    assert (await desk.post(here, desk.anna, {"snippet": str(mine)})).status_code == 404
    there, _ = await arrive(desk.database, desk.bosco)
    assert (
        await desk.post(url(desk.bosco, there, "/insertions"), desk.bruno, form(desk.bosco, theirs))
    ).status_code == 404
    assert await used(desk, desk.aurora) == await used(desk, desk.bosco) == [0]


async def test_the_palette_offers_the_snippets_of_the_contact_beside_it(desk: Desk) -> None:
    mine = await keep(desk, desk.aurora)
    theirs = await keep(desk, desk.bosco, name="Saluto di Bosco")
    chat = await keep(desk, desk.aurora, name="Saluto in chat", shortcut="chat", channel="chat")
    interaction = await take(desk, desk.aurora, desk.anna)
    beside = f"open={interaction}&brand={desk.aurora.slug}"
    for asked in ("/", "/ci", "/sal", "salu"):
        page = await desk.get(f"/desk/palette?{beside}&q={asked}", desk.anna, htmx=True)
        assert f'data-snippet="{mine}"' in page.text, asked
        assert f'data-insert="{url(desk.aurora, interaction, "/insertions")}"' in page.text
        assert str(theirs) not in page.text
        assert str(chat) not in page.text
    alone = await desk.get(f"/desk/palette?{beside}&q=/ci", desk.anna, htmx=True)
    assert alone.text.count('role="option"') == 1
    assert "data-snippet" not in (await desk.get("/desk/palette?q=/ci", desk.anna, htmx=True)).text
    hidden = f"/desk/palette?open={interaction}&brand={desk.bosco.slug}&q=/"
    assert (await desk.get(hidden, desk.bruno, htmx=True)).status_code == 404
    assert (await desk.get(hidden, desk.anna, htmx=True)).status_code == 404
