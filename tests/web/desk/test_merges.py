"""Who may be the same person, beside the conversation: merged by whoever decides, parted again, old addresses kept."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.core.scope import Scope
from portavoce.customers.models import CustomerIdentity, CustomerMerge
from tests.web.desk.conftest import Desk
from tests.web.desk.house import DeskBrand, arrive
from tests.web.desk.test_customers import form, of, profile


async def known(desk: Desk, brand: DeskBrand, name: str) -> UUID:
    await arrive(desk.database, brand, customer=name)
    async with desk.database.begin(Scope.reading({brand.id})) as db:
        address = f"{name.lower().replace(' ', '.')}@posta.example"
        query = select(CustomerIdentity.customer_id).where(CustomerIdentity.value == address)
        return (await db.scalars(query)).one()


async def merge_of(desk: Desk) -> UUID:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        return (await db.scalars(select(CustomerMerge.id))).one()


async def test_a_suggestion_is_merged_and_parted_and_the_old_address_leads_on(desk: Desk) -> None:
    gina, old = await known(desk, desk.aurora, "Gina Rota"), await known(desk, desk.aurora, "Rota Gina")
    page = (await desk.get(of(desk.aurora, gina, "/duplicates"), desk.anna, htmx=True)).text
    assert f'value="{old}"' in page
    assert "stesso nome, stesso dominio di posta" in page
    done = await desk.post(of(desk.aurora, gina, "/merges"), desk.anna, {"other": str(old)})
    assert "rota.gina@posta.example" in done.text
    lead = await desk.get(of(desk.aurora, old), desk.bruno)
    assert (lead.status_code, lead.headers["location"]) == (303, of(desk.aurora, gina))
    assert "Gina Rota" in (await desk.get(of(desk.aurora, old), desk.bruno, htmx=True)).text
    again = await desk.post(of(desk.aurora, gina, "/merges"), desk.bruno, {"other": str(old)})
    assert again.status_code == 409
    page = (await desk.get(of(desk.aurora, gina, "/duplicates"), desk.anna, htmx=True)).text
    undo = re.search(r'action="([^"]+/undo)"', page)
    assert undo is not None
    parted = await desk.post(undo[1], desk.bruno)
    assert parted.status_code == 200
    assert "rota.gina@posta.example" not in parted.text
    assert (await desk.get(of(desk.aurora, old), desk.bruno)).status_code == 200
    assert (await desk.post(undo[1], desk.bruno)).status_code == 409


async def test_what_was_typed_for_a_profile_merged_meanwhile_is_kept_and_not_saved_over_the_other(
    desk: Desk,
) -> None:
    gina, old = await known(desk, desk.aurora, "Gina Rota"), await known(desk, desk.aurora, "Ugo Neri")
    await desk.post(of(desk.aurora, gina, "/merges"), desk.anna, {"other": str(old)})
    for version in range(1, 4):
        late = await desk.post(of(desk.aurora, old), desk.bruno, form(version, about="per Ugo"))
        assert late.status_code == 409
        assert ">per Ugo</textarea>" in late.text
    assert (await profile(desk, gina)).note == ""
    said = {"purpose": "surveys", "channel": "any", "given": "no", "source": "telefonata"}
    assert (await desk.post(of(desk.aurora, old, "/consents"), desk.bruno, said)).status_code == 200
    assert [each.given for each in (await profile(desk, gina)).consents] == [False]


async def test_nobody_merges_what_is_not_of_this_brand(desk: Desk) -> None:
    """SEC-03: the check comes before any change, whoever may see both brands."""
    gina, theirs = await known(desk, desk.aurora, "Gina Rota"), await known(desk, desk.bosco, "Gina Rota")
    for brand, one, other, worker in (
        (desk.aurora, gina, theirs, desk.anna),
        (desk.aurora, theirs, gina, desk.anna),
        (desk.bosco, theirs, gina, desk.anna),
        (desk.bosco, theirs, gina, desk.bruno),
        (desk.aurora, gina, uuid4(), desk.anna),
        (desk.aurora, gina, "x", desk.anna),
    ):
        answer = await desk.post(of(brand, one, "/merges"), worker, {"other": str(other)})
        assert answer.status_code == 404
    assert (await profile(desk, gina)).version == 1
    own = await known(desk, desk.aurora, "Ugo Neri")
    await desk.post(of(desk.aurora, gina, "/merges"), desk.anna, {"other": str(own)})
    row = await merge_of(desk)
    for brand, one, worker in ((desk.bosco, theirs, desk.anna), (desk.aurora, gina, desk.anna)):
        which = row if brand is desk.bosco else uuid4()
        assert (await desk.post(of(brand, one, f"/merges/{which}/undo"), worker)).status_code == 404
    assert (await desk.get(of(desk.bosco, theirs, "/duplicates"), desk.bruno)).status_code == 404
    assert await merge_of(desk) == row
