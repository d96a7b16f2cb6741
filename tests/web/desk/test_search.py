"""The search page."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from portavoce.core.db import APP
from portavoce.web.desk.search import SEARCH
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive


async def test_a_message_is_found_with_its_brand_first_and_the_hit_marked(desk: Desk) -> None:
    interaction, message = await arrive(
        desk.database, desk.aurora, "La caldaia perde acqua", subject="Guasto"
    )
    page = await desk.get(f"{SEARCH}?q=caldaie", desk.anna)
    assert page.status_code == 200
    assert f'href="{url(desk.aurora, interaction)}#m-{message}"' in page.text
    assert "La <mark>caldaia</mark> perde acqua" in page.text
    shown = page.text.partition('id="found"')[2]
    assert shown.index('data-shape="circle"') < shown.index("Gina Rota")
    assert 'value="caldaie"' in page.text


async def test_for_htmx_the_results_alone_come_and_their_number_is_said(desk: Desk) -> None:
    await arrive(desk.database, desk.aurora, "La caldaia perde acqua")
    part = await desk.get(f"{SEARCH}?q=cald", desk.anna, htmx=True)
    assert "<!doctype" not in part.text
    assert "<mark>caldaia</mark>" in part.text
    assert "1 risultato" in part.headers["hx-trigger"]
    none = await desk.get(f"{SEARCH}?q=bolletta", desk.anna, htmx=True)
    assert "Nessun risultato" in none.text


@pytest.mark.parametrize("asked", ["", "a", "%20", "%3F%21", "%00", "%27%3A%2A%20%7C%20%28"])
async def test_what_asks_for_nothing_says_what_can_be_asked(desk: Desk, asked: str) -> None:
    await arrive(desk.database, desk.aurora)
    page = await desk.get(f"{SEARCH}?q={asked}", desk.anna)
    assert page.status_code == 200
    assert "Scrivi almeno due lettere" in page.text


async def test_a_customer_is_found_by_name_address_and_the_contact_by_number(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora, customer="Hannah Weiss")
    for text in ("hann", "hannah.weiss@posta.example"):
        page = await desk.get(f"{SEARCH}?q={text}", desk.anna)
        assert "<mark>" in page.text
        assert f'href="{url(desk.aurora, interaction)}"' in page.text, text
    for text in ("%231", "1", "n.%201"):
        page = await desk.get(f"{SEARCH}?q={text}", desk.anna)
        assert "Hannah Weiss" in page.text, text


async def test_nothing_of_a_brand_that_is_not_granted_is_there(desk: Desk) -> None:
    """Not in the results, not in their number, not in the choice of brands; asked for by name it does not exist."""
    await arrive(desk.database, desk.aurora, "La caldaia perde acqua")
    await arrive(desk.database, desk.bosco, "Altra caldaia", customer="Ugo Caldaia")
    both = await desk.get(f"{SEARCH}?q=caldaia", desk.anna)
    mine = await desk.get(f"{SEARCH}?q=caldaia", desk.bruno)
    assert "Ugo Caldaia" in both.text
    for secret in ("Ugo", "Altra", "Bosco", desk.bosco.slug):
        assert secret not in mine.text
    said = await desk.get(f"{SEARCH}?q=caldaia", desk.bruno, htmx=True)
    assert "1 risultato" in said.headers["hx-trigger"]
    assert (await desk.get(f"{SEARCH}?q=caldaia&brand={desk.bosco.slug}", desk.bruno)).status_code == 404
    assert (await desk.get(f"{SEARCH}?q=caldaia&brand=nessuno", desk.bruno)).status_code == 404


async def test_one_brand_alone_can_be_asked(desk: Desk) -> None:
    await arrive(desk.database, desk.aurora, "La caldaia perde acqua")
    await arrive(desk.database, desk.bosco, "Altra caldaia", customer="Ugo Neri")
    page = await desk.get(f"{SEARCH}?q=caldaia&brand={desk.bosco.slug}", desk.anna)
    assert "Ugo Neri" in page.text
    assert "Gina Rota" not in page.text


async def test_many_results_of_a_brand_are_cut_and_that_is_said(desk: Desk) -> None:
    for n in range(12):
        await arrive(desk.database, desk.aurora, f"La caldaia {n}", customer=f"Cliente {n}")
    page = await desk.get(f"{SEARCH}?q=caldaia", desk.anna)
    assert page.text.count("data-hit") == 10
    assert "10+" in page.text
    assert "dell&#39;altro" in page.text or "dell'altro" in page.text


async def test_what_a_customer_wrote_is_never_markup(desk: Desk) -> None:
    evil = "<img src=x onerror=alert(1)> caldaia <b>"
    await arrive(desk.database, desk.aurora, evil, customer="<i>Gina</i>", subject=evil)
    page = await desk.get(f"{SEARCH}?q=img+caldaia", desk.anna)
    assert "<mark>caldaia</mark>" in page.text
    assert "<mark>img</mark>" in page.text
    assert "<img" not in page.text
    assert "<i>Gina" not in page.text
    own = await desk.get(f"{SEARCH}?q=%3Cscript%3Ealert(1)%3C/script%3E", desk.anna)
    assert "<script>alert" not in own.text


async def test_a_search_takes_so_many_statements_whatever_is_found_and_whatever_others_hold(
    desk: Desk,
) -> None:
    """Four to know who asks, one for the brands; of each brand one call, and what shows its messages or its customers."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    await arrive(desk.database, desk.aurora, "La caldaia")
    for worker in (desk.anna, desk.bruno):
        await desk.get(SEARCH, worker)  # the first sign of life is written down
    engine = desk.database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    counts = []
    for more in (0, 5):
        for n in range(more):
            await arrive(desk.database, desk.aurora, f"La caldaia {n}")
            await arrive(desk.database, desk.bosco, f"La caldaia {n}")
        seen.clear()
        await desk.get(f"{SEARCH}?q=caldaia", desk.bruno)
        counts.append(len(seen))
    assert counts == [5, 5]
    seen.clear()
    await desk.get(f"{SEARCH}?q=gina", desk.bruno)
    assert len(seen) == 6
    seen.clear()
    await desk.get(f"{SEARCH}?q=caldaia", desk.anna)
    event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 7
    assert sum("pv.search(" in each for each in seen) == 2
