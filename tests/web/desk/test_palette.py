"""The palette's list."""

from __future__ import annotations

from sqlalchemy import event

from portavoce.core.db import APP
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import take

PALETTE = "/desk/palette"


async def test_without_a_word_it_offers_what_is_in_hand_the_brands_and_every_verb(desk: Desk) -> None:
    held = await take(desk, desk.aurora, desk.anna)
    page = await desk.get(PALETTE, desk.anna, htmx=True)
    assert page.status_code == 200
    assert f'data-go="{url(desk.aurora, held)}"' in page.text
    assert page.text.index("In mano") < page.text.index("Mostra solo") < page.text.index("Questo contatto")
    assert f"[data-filter-brand=&#34;{desk.bosco.slug}&#34;]" in page.text
    assert "Cerca “" not in page.text
    assert page.text.count('role="option"') == page.text.count('aria-selected="false"')


async def test_customers_are_found_by_their_beginning_each_with_its_tile(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.bosco, customer="Hannah Weiss")
    page = await desk.get(f"{PALETTE}?q=wei", desk.anna, htmx=True)
    option = page.text.partition(f'data-go="{url(desk.bosco, interaction)}"')[2].partition("</div>")[0]
    assert "Hannah <mark>Weiss</mark>" in option
    assert 'role="img" aria-label="Bosco"' in option
    assert "hannah.weiss@posta.example" in option
    assert "Cerca “wei” tra messaggi e note" in page.text


async def test_a_contact_is_found_by_its_number(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora, customer="Hannah Weiss")
    page = await desk.get(f"{PALETTE}?q=%231", desk.anna, htmx=True)
    assert f'data-go="{url(desk.aurora, interaction)}"' in page.text


async def test_verbs_are_found_in_the_readers_language(desk: Desk) -> None:
    page = await desk.get(f"{PALETTE}?q=formaz", desk.anna, htmx=True)
    assert "aux training" in page.text
    assert "aux break" not in page.text


async def test_nothing_of_a_brand_that_is_not_granted_is_offered(desk: Desk) -> None:
    await arrive(desk.database, desk.bosco, customer="Hannah Weiss")
    for asked in ("", "?q=wei", "?q=bosco", "?q=hannah.weiss@posta.example", "?q=1"):
        page = await desk.get(PALETTE + asked, desk.bruno, htmx=True)
        for secret in ("Hannah", "Bosco", desk.bosco.slug):
            assert secret not in page.text, (asked, secret)


async def test_names_are_text(desk: Desk) -> None:
    await arrive(desk.database, desk.aurora, customer="<b>Gina</b> Rossi")
    page = await desk.get(f"{PALETTE}?q=gina", desk.anna, htmx=True)
    assert "<b>" not in page.text
    assert "<mark>Gina</mark>" in page.text


async def test_the_list_takes_as_many_statements_for_one_customer_as_for_four(desk: Desk) -> None:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    await desk.get("/desk/search", desk.anna)  # the first sign of life is written down
    engine = desk.database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    counts = []
    for more in (1, 3):
        for number in range(more):
            await arrive(desk.database, desk.bosco, customer=f"Cliente {more} {number}")
        seen.clear()
        page = await desk.get(f"{PALETTE}?q=cliente", desk.anna, htmx=True)
        assert page.text.count("<mark>Cliente</mark>") == (1 if more == 1 else 4)
        counts.append(len(seen))
    event.remove(engine, "before_cursor_execute", note)
    assert counts == [9, 9]
