"""The guard at the desk: what another brand has in it does not leave, and nobody learns who else is a client."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import msgspec
from httpx import Response
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.signals import ADDED, ALLOWED, USED, add_by_hand, signals
from portavoce.conversations.models import Message
from portavoce.core.scope import Scope
from portavoce.ledger.models import LedgerEvent
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, Worker, arrive
from tests.web.desk.taking import take


async def send(
    desk: Desk, text: str, *, worker: Worker | None = None, brand: DeskBrand | None = None, htmx: bool = True,
    interaction: UUID | None = None, key: UUID | None = None, **fields: Any,
) -> Response:  # fmt: skip
    """A new contact in hand, unless one is given, and the answer to it."""
    who, whose = worker or desk.anna, brand or desk.aurora
    interaction = interaction or await take(desk, whose, who)
    form = {**desk.writing(whose, interaction, text), "form_key": str(key or uuid4()), **fields}
    return await desk.post(url(whose, interaction, "/messages"), who, form, htmx=htmx)


async def left(desk: Desk, brand: DeskBrand) -> list[str]:
    async with desk.database.begin(Scope.reading({brand.id})) as db:
        return list(await db.scalars(select(Message.body).where(Message.direction == "out")))


async def told(desk: Desk, brand: DeskBrand) -> list[tuple[str, dict[str, object]]]:
    """What the guard wrote into the brand's ledger."""
    query = select(LedgerEvent.kind, LedgerEvent.body).where(LedgerEvent.kind.startswith("guard."))
    async with desk.database.begin(Scope.reading({brand.id})) as db:
        rows = await db.execute(query.order_by(LedgerEvent.n))
        return [(row.kind, msgspec.json.decode(row.body)["data"]) for row in rows]


async def mark(desk: Desk, brand: DeskBrand, kind: str, value: str, origin: str = ADDED) -> None:
    async with desk.database.begin(brand.writing) as db:
        await add_by_hand(db, origin, kind, value)


async def test_the_domain_of_another_brand_of_mine_is_held_back_and_named(desk: Desk) -> None:
    answer = await send(desk, f"Buongiorno, scriva a {desk.bosco.address}. Grazie")
    assert answer.status_code == 422
    assert 'role="alertdialog"' in answer.text
    assert "Bosco" in answer.text
    assert f"<mark>{desk.bosco.address}</mark>" in answer.text
    assert f"Buongiorno, scriva a {desk.bosco.address}. Grazie</textarea>" in answer.text
    assert await left(desk, desk.aurora) == []


async def test_without_scripts_the_page_holds_text_and_reasons(desk: Desk) -> None:
    answer = await send(desk, f"Scriva a {desk.bosco.address}", htmx=False)
    assert answer.status_code == 422
    assert "<dialog" in answer.text
    assert 'name="reason"' in answer.text


async def test_a_plain_name_warns_while_writing_and_blocks_nothing(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    text = "Il tecnico di Bosco passa sabato."
    seen = await desk.post(url(desk.aurora, interaction, "/draft-check"), desk.anna, {"text": text})
    assert "<mark>Bosco</mark>" in seen.text
    assert "lint--warn" in seen.text
    assert (await send(desk, text, interaction=interaction)).status_code == 200
    assert await told(desk, desk.aurora) == []


async def test_a_signature_of_another_brand_is_held_back(desk: Desk) -> None:
    assert (await send(desk, "Ecco fatto.\n\nBosco, servizio clienti")).status_code == 422
    assert (await send(desk, "Ecco fatto.\n\nAurora, servizio clienti")).status_code == 200


async def test_a_phone_is_known_in_any_notation(desk: Desk) -> None:
    await mark(desk, desk.bosco, "phone", "+39 800 123 456")
    assert (await send(desk, "Il codice è 800-12.34.56")).status_code == 422


async def test_who_does_not_serve_a_brand_gets_for_it_what_they_get_for_a_stranger(desk: Desk) -> None:
    """Bruno serves Aurora only: byte for byte the same answer, the same facts, whoever a domain belongs to."""
    answers, stranger = [], f"care@{'x' * len(desk.bosco.slug)}.example"
    interaction = await take(desk, desk.aurora, desk.bruno)
    for address in (desk.bosco.address, stranger):
        answer = await send(desk, f"Scriva a {address}", worker=desk.bruno, interaction=interaction)
        said = answer.text.replace(address, "…").replace(address.partition("@")[2], "…")
        answers.append((answer.status_code, re.sub(r'name="form_key" value="[^"]+"', "", said)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert "Bosco" not in answers[0][1]
    first, second = await told(desk, desk.aurora)
    assert {**first[1], "form": ""} == {**second[1], "form": ""}


async def test_a_name_of_a_brand_one_does_not_serve_is_not_even_marked(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.bruno)
    seen = await desk.post(
        url(desk.aurora, interaction, "/draft-check"), desk.bruno, {"text": "Il tecnico di Bosco"}
    )
    assert seen.text == ""


async def test_with_a_reason_it_leaves_and_that_is_written_down(desk: Desk) -> None:
    interaction, key = await take(desk, desk.aurora, desk.anna), uuid4()
    text = f"Ha scritto a {desk.bosco.address}: lo vedo."
    held = await send(desk, text, interaction=interaction, key=key)
    assert f'name="form_key" value="{key}"' in held.text
    excused = dict.fromkeys(re.findall(r'name="excused" value="([^"]+)"', held.text))
    sent = await send(
        desk, text, interaction=interaction, key=key, reason="quotation", excused=next(iter(excused))
    )
    assert sent.status_code == 200, sent.text
    assert await left(desk, desk.aurora) == [text]
    stopped, overridden = await told(desk, desk.aurora)
    assert (stopped[0], overridden[0]) == ("guard.stopped", "guard.overridden")
    assert overridden[1] == {"kinds": ["address"], "form": str(key), "reason": "quotation"}
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.action == "guard.overridden"))).one()
    assert entry.actor == str(desk.anna.aliases[desk.aurora.id])
    assert "bosco" not in entry.detail
    assert str(desk.bosco.id) not in entry.detail


async def test_a_reason_covers_what_was_shown_and_nothing_else(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await send(
        desk, f"Scriva a {desk.bosco.address}", interaction=interaction, reason="quotation", excused="domain x.it"
    )  # fmt: skip
    assert answer.status_code == 422
    odd = await send(
        desk, f"Scriva a {desk.bosco.address}", interaction=interaction, reason="because",
        excused=f"address {desk.bosco.address}",
    )  # fmt: skip
    assert odd.status_code == 422
    assert await left(desk, desk.aurora) == []


async def test_what_was_sent_once_with_a_reason_is_no_stranger_any_more(desk: Desk) -> None:
    text = "Segua il pacco su www.corrieri-uniti.it"
    reason: dict[str, Any] = {"reason": "needed", "excused": "domain corrieri-uniti.it"}
    assert (await send(desk, text)).status_code == 422
    assert (await send(desk, text, **reason)).status_code == 200
    assert (await send(desk, text, worker=desk.bruno)).status_code == 200
    assert (await send(desk, text, brand=desk.bosco)).status_code == 422
    personal: dict[str, Any] = {"reason": "needed", "excused": "address rosa@corriere-due.it"}
    assert (await send(desk, "Scriva a rosa@corriere-due.it", **personal)).status_code == 200
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        used = {row.shown for row in await signals(db) if row.origin == USED}
    assert used == {"corrieri-uniti.it", "corriere-due.it"}


async def test_a_mark_of_a_brand_of_mine_is_asked_about_each_time(desk: Desk) -> None:
    text = f"Scriva a {desk.bosco.address}"
    excuse: dict[str, Any] = {"reason": "quotation", "excused": f"address {desk.bosco.address}"}
    assert (await send(desk, text, **excuse)).status_code == 200
    assert (await send(desk, text)).status_code == 422


async def test_what_is_allowed_for_a_brand_is_no_mistake_there(desk: Desk) -> None:
    await mark(desk, desk.aurora, "domain", desk.bosco.address.partition("@")[2], ALLOWED)
    assert (await send(desk, f"Scriva a {desk.bosco.address}")).status_code == 200


async def test_the_customers_own_words_may_be_repeated(desk: Desk) -> None:
    body = "Ho chiamato lo 800 555 777 e scritto a info@altrove.it.\nPoi a care@bosco-srl.it, dove mi hanno detto: aspetti lunedì."
    await mark(desk, desk.bosco, "domain", "bosco-srl.it")
    interaction, _ = await arrive(desk.database, desk.aurora, body)
    await desk.post(url(desk.aurora, interaction, "/claim"), desk.anna)
    said = "> Poi a care@bosco-srl.it, dove mi hanno detto: aspetti lunedì.\nLo 800 555777 non è nostro, info@altrove.it nemmeno."
    assert (await send(desk, said, interaction=interaction)).status_code == 200
    unsaid = "> Scriva a care@bosco-srl.it, è meglio."
    assert (await send(desk, unsaid, interaction=interaction)).status_code == 422


async def test_a_note_may_name_anybody(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    form = desk.writing(desk.aurora, interaction, f"Confuso con {desk.bosco.address}")
    assert (await desk.post(url(desk.aurora, interaction, "/notes"), desk.anna, form)).status_code == 200


async def test_the_check_while_writing_writes_nothing_down(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    seen = await desk.post(
        url(desk.aurora, interaction, "/draft-check"), desk.anna, {"text": f"Scriva a {desk.bosco.address}"}
    )
    assert f"<mark>{desk.bosco.address}</mark>" in seen.text
    assert await told(desk, desk.aurora) == []


async def test_hostile_text_is_text_in_the_dialog(desk: Desk) -> None:
    """SEC-40 where the guard quotes what somebody wrote."""
    answer = await send(desk, f"<img src=x onerror=alert(1)> {desk.bosco.address} <script>alert(2)</script>")
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text


async def test_the_browser_is_asked_to_put_no_text_back(desk: Desk) -> None:
    """After going back it might be the text of another brand; not every browser looks at the form's address."""
    interaction = await take(desk, desk.aurora, desk.anna)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    forms = re.findall(r'<form class="composer[^>]+>', page)
    assert len(forms) == 2
    assert all('autocomplete="off"' in form for form in forms)
