"""The profile beside the conversation: read, changed by whoever is granted the brand, never over somebody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.conversations.models import Conversation, Interaction
from portavoce.core.scope import Scope
from portavoce.core.unit import Poke
from portavoce.customers.defining import add_attribute
from portavoce.customers.models import CustomerConsent
from portavoce.customers.queries import Profile, profile_of
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, arrive
from tests.web.desk.taking import take

SECRET = "IT60X0542811101"


async def gina(desk: Desk, brand: DeskBrand | None = None) -> tuple[UUID, UUID]:
    """Her id and one contact of hers."""
    brand = brand or desk.aurora
    interaction, _ = await arrive(desk.database, brand)
    async with desk.database.begin(Scope.reading({brand.id})) as db:
        query = select(Conversation.customer_id).join(
            Interaction,
            (Interaction.brand_id == Conversation.brand_id)
            & (Interaction.conversation_id == Conversation.id),
        )
        return (await db.scalars(query.where(Interaction.id == interaction))).one(), interaction


async def asks(
    desk: Desk, key: str, kind: str = "text", *, masked: bool = False, choices: tuple[str, ...] = ()
) -> str:
    """The name of its field in the form."""
    async with desk.database.begin(desk.aurora.writing) as db:
        made = await add_attribute(
            db, key=key, label=f"Label {key}", kind=kind, masked=masked, choices=choices, by="admin"
        )
    return f"a_{made.hex}"


async def profile(desk: Desk, customer: UUID) -> Profile:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        return await profile_of(db, customer)


def of(brand: DeskBrand, customer: UUID, rest: str = "") -> str:
    return f"/b/{brand.slug}/customers/{customer}{rest}"


def form(version: int = 1, /, **values: str) -> dict[str, str]:
    return {"version": str(version), "name": "Gina Rota", "language": "it", **values}


async def test_the_profile_stands_beside_the_conversation_with_needs_and_what_the_brand_asks(
    desk: Desk,
) -> None:
    customer, interaction = await gina(desk)
    field, _ = await asks(desk, "level"), await asks(desk, "empty")
    saved = await desk.post(
        of(desk.aurora, customer), desk.anna,
        form(needs="no_calls", about="Chiama la figlia", preferred_moment="evening", **{field: "Oro"}),
    )  # fmt: skip
    assert saved.status_code == 200
    page = (await desk.get(url(desk.aurora, interaction), desk.bruno)).text
    for shown in (
        "Scrivere, non telefonare",
        "Chiama la figlia",
        "La sera",
        "Label level",
        "Oro",
        "gina.rota@posta.example",
    ):
        assert shown in page
    assert "Label empty" not in page[page.index('id="profile"') : page.index('id="customer-more"')]


async def test_a_mistake_stands_beside_its_field_and_everything_typed_is_kept(desk: Desk) -> None:
    customer, _ = await gina(desk)
    field = await asks(desk, "born", "date")
    typed = form(name="", about="Una <b>nota</b>", needs="more_time", **{field: "ieri"})
    answer = await desk.post(of(desk.aurora, customer), desk.anna, typed)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#customer")
    assert 'id="f-name-err"' in answer.text
    assert re.search(r'value="more_time" checked', answer.text)
    assert "Una &lt;b&gt;nota&lt;/b&gt;" in answer.text
    again = await desk.post(of(desk.aurora, customer), desk.anna, {**typed, "name": "Gina"})
    assert again.status_code == 422
    assert f'id="f-{field}-err"' in again.text
    assert 'value="ieri"' in again.text
    assert (await profile(desk, customer)).version == 1


async def test_who_saves_later_is_told_what_is_new_and_keeps_their_text(desk: Desk) -> None:
    customer, _ = await gina(desk)
    secret = await asks(desk, "iban", masked=True)
    await desk.post(
        of(desk.aurora, customer), desk.anna, form(name="Gina R.", about="di Anna", **{secret: SECRET})
    )
    late = await desk.post(of(desk.aurora, customer), desk.bruno, form(about="di Bruno", **{secret: "altro"}))
    assert late.status_code == 409
    assert "di Bruno</textarea>" in late.text
    assert "Adesso c’è: di Anna" in late.text
    assert "Adesso c’è: Gina R." in late.text
    assert SECRET not in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    assert (await profile(desk, customer)).note == "di Anna"
    final = await desk.post(of(desk.aurora, customer), desk.bruno, form(int(version[1]), about="di entrambi"))
    assert final.status_code == 200
    assert (await profile(desk, customer)).note == "di entrambi"


async def test_a_hidden_value_is_in_no_page_and_comes_once_for_who_asks(desk: Desk) -> None:
    customer, interaction = await gina(desk)
    field = await asks(desk, "iban", masked=True)
    pages = [await desk.post(of(desk.aurora, customer), desk.anna, form(**{field: SECRET}))]
    for path in (
        url(desk.aurora, interaction),
        *(of(desk.aurora, customer, rest) for rest in ("", "/edit", "/changes")),
    ):
        pages += [await desk.get(path, desk.anna, htmx=htmx) for htmx in (True, False)]
    assert not [page.url for page in pages if SECRET in page.text or page.status_code >= 400]
    attribute = str(UUID(field.removeprefix("a_")))
    shown = await desk.post(of(desk.aurora, customer, "/reveals"), desk.bruno, {"attribute": attribute})
    assert SECRET in shown.text
    assert "no-store" in shown.headers["cache-control"]
    assert SECRET not in (await desk.get(url(desk.aurora, interaction), desk.bruno)).text
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        (entry,) = (
            await db.scalars(select(AuditEntry).where(AuditEntry.action == "customer.revealed"))
        ).all()
    assert entry.actor == str(desk.bruno.aliases[desk.aurora.id])


async def test_a_consent_needs_a_source_and_shows_it(desk: Desk) -> None:
    customer, _ = await gina(desk)
    said = {"purpose": "marketing", "channel": "email", "given": "yes", "proof": "modulo 12"}
    refused = await desk.post(of(desk.aurora, customer, "/consents"), desk.anna, said)
    assert refused.status_code == 422
    assert 'id="f-source-err"' in refused.text
    assert 'value="modulo 12"' in refused.text
    kept = await desk.post(
        of(desk.aurora, customer, "/consents"), desk.anna, {**said, "source": "telefonata"}
    )
    assert "telefonata" in kept.text
    for wrong in ({"given": ""}, {"given": "maybe"}, {"purpose": "all"}):
        answer = await desk.post(
            of(desk.aurora, customer, "/consents"), desk.anna, {**said, "source": "x", **wrong}
        )
        assert answer.status_code == 422
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        assert len((await db.scalars(select(CustomerConsent))).all()) == 1


async def test_a_number_is_added_and_anothers_is_refused_without_saying_whose(desk: Desk) -> None:
    customer, _ = await gina(desk)
    await arrive(desk.database, desk.aurora, customer="Ugo Neri")
    added = await desk.post(
        of(desk.aurora, customer, "/identities"), desk.anna, {"kind": "phone", "identity": "338 555 0142"}
    )
    assert "338 555 0142" in added.text
    for kind, value in (("email", "ugo.neri@posta.example"), ("phone", "12"), ("fax", "02 1234 5678")):
        refused = await desk.post(
            of(desk.aurora, customer, "/identities"), desk.anna, {"kind": kind, "identity": value}
        )
        assert refused.status_code == 422
        assert "Ugo" not in refused.text
        assert f'value="{value}"' in refused.text


async def test_the_history_says_who_changed_what(desk: Desk) -> None:
    customer, _ = await gina(desk)
    field = await asks(desk, "level")
    await desk.post(of(desk.aurora, customer), desk.anna, form(name="Gina R.", **{field: "<i>Oro</i>"}))
    told = (await desk.get(of(desk.aurora, customer, "/changes"), desk.bruno, htmx=True)).text
    assert "Gina Rota → Gina R." in told
    assert "Label level" in told
    assert "&lt;i&gt;Oro" in told
    assert "Anna" in told


async def test_without_scripts_there_is_a_page_and_a_way_back(desk: Desk) -> None:
    customer, interaction = await gina(desk)
    page = (await desk.get(of(desk.aurora, customer), desk.anna)).text
    assert f'href="{url(desk.aurora, interaction)}"' in page
    assert 'name="version"' in (await desk.get(of(desk.aurora, customer, "/edit"), desk.anna)).text
    saved = await desk.post(of(desk.aurora, customer), desk.anna, form(about="x"), htmx=False)
    assert (saved.status_code, saved.headers["location"]) == (303, of(desk.aurora, customer))
    late = await desk.post(of(desk.aurora, customer), desk.anna, form(about="y"), htmx=False)
    assert late.status_code == 409
    assert "<h1" in late.text
    assert ">y</textarea>" in late.text


async def test_a_customer_of_another_brand_is_not_there_under_any_address(desk: Desk) -> None:
    theirs, _ = await gina(desk, desk.bosco)
    attribute = str(uuid4())
    for brand, customer, worker in (
        (desk.aurora, theirs, desk.anna), (desk.bosco, theirs, desk.bruno), (desk.aurora, uuid4(), desk.anna),
    ):  # fmt: skip
        for rest in ("", "/edit", "/changes"):
            assert (await desk.get(of(brand, customer, rest), worker)).status_code == 404
        for rest, typed in (
            ("", form()),
            ("/consents", {"purpose": "surveys", "channel": "any", "given": "yes", "source": "x"}),
            ("/identities", {"kind": "phone", "identity": "338 555 0142"}),
            ("/reveals", {"attribute": attribute}),
        ):
            assert (await desk.post(of(brand, customer, rest), worker, typed)).status_code == 404
    assert (await desk.get(of(desk.bosco, theirs), desk.anna)).status_code == 200


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7*7 }}", "\u202egnirts", "=cmd|' /C calc'!A0"]
)
async def test_what_is_typed_is_never_markup(desk: Desk, text: str) -> None:
    customer, interaction = await gina(desk)
    field = await asks(desk, "level")
    await desk.post(of(desk.aurora, customer), desk.anna, form(about=text, **{field: text}))
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert ">49<" not in page


async def test_a_saved_profile_is_told_to_the_screens_that_show_its_contacts(desk: Desk) -> None:
    customer, interaction = await gina(desk)
    held = await take(desk, desk.aurora, desk.anna)
    told: list[Poke] = []

    async def publish(sent: Sequence[Poke]) -> None:
        told.extend(sent)

    desk.database.publish = publish
    await desk.post(of(desk.aurora, customer), desk.anna, form(name="Gina R."))
    pokes = {(each.view, each.id) for each in told}
    assert ("interaction", interaction) in pokes
    assert ("queue", customer) in pokes
    assert ("interaction", held) in pokes
