"""What is not this customer's: taken away with a reason, kept apart, and taken back."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.core.scope import Scope
from portavoce.customers.models import CustomerIdentity
from tests.web.desk.conftest import Desk
from tests.web.desk.house import DeskBrand
from tests.web.desk.test_customers import of
from tests.web.desk.test_merges import known


async def identities(desk: Desk, customer: UUID, brand: DeskBrand | None = None) -> dict[str, str]:
    async with desk.database.begin(Scope.reading({(brand or desk.aurora).id})) as db:
        query = select(CustomerIdentity.value, CustomerIdentity.id).where(
            CustomerIdentity.customer_id == customer
        )
        return {value: str(id_) for value, id_ in await db.execute(query)}


async def beside(desk: Desk, customer: UUID) -> str:
    return (await desk.get(of(desk.aurora, customer, "/duplicates"), desk.anna, htmx=True)).text


def undo_in(page: str, kind: str) -> str:
    found = re.search(rf'action="([^"]+/{kind}/[^"]+/undo)"', page)
    assert found is not None
    return found[1]


async def test_an_address_is_taken_away_with_a_reason_and_put_back(desk: Desk) -> None:
    gina = await known(desk, desk.aurora, "Gina Rota")
    add = {"kind": "phone", "identity": "338 555 0142"}
    await desk.post(of(desk.aurora, gina, "/identities"), desk.anna, add)
    phone = (await identities(desk, gina))["+393385550142"]
    blank = await desk.post(of(desk.aurora, gina, "/removals"), desk.anna, {"which": phone, "why": " "})
    assert (blank.status_code, 'id="removal-form"' in blank.text) == (422, True)
    done = await desk.post(
        of(desk.aurora, gina, "/removals"), desk.anna, {"which": phone, "why": "<b>Ufficio</b>"}
    )
    assert done.status_code == 200
    assert "338 555 0142" not in done.text
    page = await beside(desk, gina)
    assert "&lt;b&gt;Ufficio&lt;/b&gt;. Anna" in page
    assert (await desk.post(undo_in(page, "removals"), desk.bruno)).status_code == 200
    assert "+393385550142" in await identities(desk, gina)
    assert (await desk.post(undo_in(page, "removals"), desk.bruno)).status_code == 409


async def test_the_only_way_of_an_open_contact_stays(desk: Desk) -> None:
    gina = await known(desk, desk.aurora, "Gina Rota")
    [mail] = (await identities(desk, gina)).values()
    refused = await desk.post(of(desk.aurora, gina, "/removals"), desk.anna, {"which": mail, "why": "Errore"})
    assert (refused.status_code, "Prima concludi quel contatto" in refused.text) == (409, True)
    assert len(await identities(desk, gina)) == 1


async def test_a_suggestion_that_is_none_does_not_come_back_until_it_is_taken_back(desk: Desk) -> None:
    gina, twin = await known(desk, desk.aurora, "Gina Rota"), await known(desk, desk.aurora, "Rota Gina")
    assert 'id="same-h"' in await beside(desk, gina)
    said = await desk.post(of(desk.aurora, gina, "/separations"), desk.anna, {"other": str(twin)})
    assert said.status_code == 200
    for each in (gina, twin):
        page = await beside(desk, each)
        assert 'id="same-h"' not in page
        assert 'id="apart-h"' in page
    assert (await desk.post(undo_in(page, "separations"), desk.bruno)).status_code == 200
    assert 'id="same-h"' in await beside(desk, gina)


async def test_nothing_of_another_brand_is_touched_or_told(desk: Desk) -> None:
    """SEC-01, SEC-03."""
    gina, theirs = await known(desk, desk.aurora, "Gina Rota"), await known(desk, desk.bosco, "Gina Rota")
    [foreign] = (await identities(desk, theirs, desk.bosco)).values()
    for rest, forms in (
        ("/removals", [{"which": each, "why": "x"} for each in (foreign, str(uuid4()))]),
        ("/separations", [{"other": str(each)} for each in (theirs, uuid4())]),
    ):
        real, unreal = [await desk.post(of(desk.aurora, gina, rest), desk.anna, form) for form in forms]
        assert (real.status_code, real.text) == (404, unreal.text)
    assert len(await identities(desk, theirs, desk.bosco)) == 1
