"""Who is this? In the agent's hands: looked for, asked by a code nobody here sees, linked, and undone."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from httpx import Response
from sqlalchemy import select

from portavoce.conversations.claiming import claim
from portavoce.conversations.recognising.models import CustomerCode, CustomerLink
from portavoce.core.models import Outbox
from portavoce.core.scope import Scope
from portavoce.customers.models import CustomerIdentity
from portavoce.kit.clock import SteppedClock
from portavoce.wiring import code_keys
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, arrive
from tests.web.desk.taking import alias
from tests.web.desk.test_customers import of
from tests.web.desk.test_merges import known

GINA = "gina.rota@posta.example"


@pytest.fixture
async def met(desk: Desk, clock: SteppedClock) -> tuple[str, UUID]:
    """A contact of somebody who says to be Gina, in Anna's hands: its address, and Gina."""
    gina = await known(desk, desk.aurora, "Gina Rota")
    clock.advance(timedelta(minutes=1))
    contact, _ = await arrive(desk.database, desk.aurora, customer="Sconosciuta Persona")
    async with desk.database.begin(desk.aurora.writing) as db:
        await claim(db, contact, by=await alias(db, desk.anna, desk.aurora))
    return url(desk.aurora, contact), gina


async def identity(desk: Desk, value: str = GINA, brand: DeskBrand | None = None) -> str:
    async with desk.database.begin(Scope.reading({(brand or desk.aurora).id})) as db:
        query = select(CustomerIdentity.id).where(CustomerIdentity.value == value)
        return str((await db.scalars(query)).one())


async def code(desk: Desk) -> tuple[str, str]:
    """The newest one: its id and its digits, as the customer reads them."""
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        row = (await db.scalars(select(CustomerCode).order_by(CustomerCode.id.desc()))).first()
    assert row is not None
    return str(row.id), code_keys(desk.settings).code_of(row.brand_id, row.id)


async def send(desk: Desk, here: str, gina: UUID) -> Response:
    form = {"other": str(gina), "known_at": await identity(desk)}
    return await desk.post(f"{here}/who/codes", desk.anna, form)


async def test_people_are_looked_for_and_shown_masked(desk: Desk, met: tuple[str, UUID]) -> None:
    here, gina = met
    page = (await desk.get(here, desk.anna)).text
    assert 'data-open="who"' in page
    assert 'data-open="who"' not in (await desk.get(here, desk.bruno)).text
    assert 'id="who-q"' in (await desk.get(f"{here}/who", desk.anna, htmx=True)).text
    found = (await desk.get(f"{here}/who?q=gina", desk.anna, htmx=True)).text
    assert f"other={gina}" in found
    chosen = (await desk.get(f"{here}/who?other={gina}", desk.anna, htmx=True)).text
    assert "g•••@p•••.example" in chosen
    for text in (found, chosen):
        assert GINA not in text
    none = (await desk.get(f"{here}/who?q=nessuno", desk.anna, htmx=True)).text
    assert "Nessun cliente di Aurora corrisponde." in none
    assert (await desk.get(f"{here}/who", desk.anna)).headers["location"] == here


async def test_a_code_leaves_by_the_outbox_and_is_on_no_screen(desk: Desk, met: tuple[str, UUID]) -> None:
    here, gina = met
    answer = await send(desk, here, gina)
    row, digits = await code(desk)
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        [left] = (await db.scalars(select(Outbox).where(Outbox.topic == "email.code"))).all()
    assert str(left.ref_id) == row
    assert answer.status_code == 200
    shown = [answer] + [
        await desk.get(f"{here}{rest}", desk.anna, htmx=True) for rest in ("", "/who", "/who/codes")
    ]
    for each in shown:
        assert digits not in each.text
        assert digits not in str(each.headers)
    assert row in shown[2].text
    assert "La mail sta partendo." in shown[3].text


async def test_a_wrong_code_is_counted_and_the_right_one_brings_the_known_customer(
    desk: Desk, met: tuple[str, UUID]
) -> None:
    here, gina = met
    await send(desk, here, gina)
    row, digits = await code(desk)
    other = f"{(int(digits) + 1) % 10**6:06}"
    wrong = await desk.post(f"{here}/who/entry", desk.anna, {"code": row, "digits": other})
    assert (wrong.status_code, wrong.headers["hx-retarget"]) == (422, "#who-body")
    assert "Restano 4 tentativi" in wrong.text
    again = await desk.post(f"{here}/who/entry", desk.anna, {"code": row, "digits": other})
    assert "Restano 3 tentativi" in again.text
    right = await desk.post(f"{here}/who/entry", desk.anna, {"code": row, "digits": digits})
    assert right.status_code == 200
    assert "Gina Rota" in right.text
    assert "Provato con un codice, Anna" in right.text
    late = await desk.post(f"{here}/who/entry", desk.anna, {"code": row, "digits": digits})
    assert (late.status_code, "già stato usato" in late.text) == (422, True)


@pytest.mark.deep
@pytest.mark.parametrize("digits", ["", "abc", "12345", "1" * 41])
async def test_what_is_no_code_is_told_so(desk: Desk, met: tuple[str, UUID], digits: str) -> None:
    here, gina = met
    await send(desk, here, gina)
    row, _ = await code(desk)
    answer = await desk.post(f"{here}/who/entry", desk.anna, {"code": row, "digits": digits})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


async def test_too_many_codes_are_refused_with_what_can_be_done_instead(
    desk: Desk, met: tuple[str, UUID]
) -> None:
    """SEC-44: nobody is flooded with mails through us."""
    here, gina = met
    for _ in range(3):
        assert (await send(desk, here, gina)).status_code == 200
    refused = await send(desk, here, gina)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    assert "Sono stati inviati abbastanza codici" in refused.text
    assert 'id="who-link-form"' in refused.text


async def test_evidence_links_and_the_merge_beside_it_is_undone(desk: Desk, met: tuple[str, UUID]) -> None:
    here, gina = met
    form = {"other": str(gina), "evidence": "other"}
    refused = await desk.post(f"{here}/who/links", desk.anna, form)
    assert (refused.status_code, "Scrivi che cosa ti ha convinto." in refused.text) == (422, True)
    assert "checked" in refused.text
    done = await desk.post(f"{here}/who/links", desk.anna, {**form, "words": "Sa il <b>nome</b> del gatto"})
    assert done.status_code == 200
    assert "Sulla nostra parola: Sa il &lt;b&gt;nome&lt;/b&gt; del gatto, Anna" in done.text
    beside = (await desk.get(of(desk.aurora, gina, "/duplicates"), desk.anna, htmx=True)).text
    undo = re.search(r'action="([^"]+/merges/[^"]+/undo)"', beside)
    assert undo is not None
    assert (await desk.post(undo[1], desk.bruno)).status_code == 200
    assert "Sconosciuta Persona" in (await desk.get(here, desk.anna)).text
    again = await desk.post(f"{here}/who/links", desk.anna, {"other": str(gina), "evidence": "order"})
    assert again.status_code == 200
    taken = await desk.post(f"{here}/who/links", desk.anna, {"other": str(gina), "evidence": "order"})
    assert (taken.status_code, "già di questo cliente" in taken.text) == (409, True)


async def test_who_does_not_hold_the_contact_does_none_of_it(desk: Desk, met: tuple[str, UUID]) -> None:
    here, gina = met
    await send(desk, here, gina)
    row, digits = await code(desk)
    for rest, form in (
        ("codes", {"other": str(gina), "known_at": await identity(desk)}),
        ("entry", {"code": row, "digits": digits}),
        ("links", {"other": str(gina), "evidence": "order"}),
    ):
        assert (await desk.post(f"{here}/who/{rest}", desk.bruno, form)).status_code == 409
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        assert (await db.scalars(select(CustomerLink.id))).all() == []


async def test_a_customer_of_another_brand_is_one_that_never_existed(
    desk: Desk, met: tuple[str, UUID]
) -> None:
    """SEC-01, SEC-02, SEC-11: body and status are the same, though Anna serves both brands."""
    here, gina = met
    theirs = await known(desk, desk.bosco, "Gina Rota")
    there = await identity(desk, brand=desk.bosco)
    for rest, forms in (
        ("codes", [{"other": str(each), "known_at": at} for each, at in ((theirs, there), (uuid4(), there))]),
        ("links", [{"other": str(each), "evidence": "order"} for each in (theirs, uuid4())]),
        ("entry", [{"code": str(each), "digits": "123456"} for each in (theirs, uuid4())]),
    ):
        real, unreal = [await desk.post(f"{here}/who/{rest}", desk.anna, form) for form in forms]
        assert (real.status_code, real.text) == (unreal.status_code, unreal.text)
        assert real.status_code == 404
    real, unreal = [
        await desk.get(f"{here}/who?other={each}", desk.anna, htmx=True) for each in (theirs, uuid4())
    ]
    assert (real.status_code, real.text) == (404, unreal.text)
    foreign = await desk.post(f"{here}/who/codes", desk.anna, {"other": str(gina), "known_at": there})
    unknown = await desk.post(f"{here}/who/codes", desk.anna, {"other": str(gina), "known_at": str(uuid4())})
    assert (foreign.status_code, foreign.text) == (422, unknown.text)


@pytest.mark.deep
@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "{{7*7}}", "\u202egnp.exe"])
async def test_what_a_customer_calls_themselves_stays_text_in_the_dialog(
    desk: Desk, met: tuple[str, UUID], name: str
) -> None:
    """SEC-40."""
    here, _ = met
    await arrive(desk.database, desk.aurora, customer=f"Zeta {name}")
    found = (await desk.get(f"{here}/who?q=zeta", desk.anna, htmx=True)).text
    assert "Zeta" in found
    assert "<img" not in found
    assert ">Zeta 49<" not in found
