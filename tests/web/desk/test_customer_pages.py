"""The form of a profile: what stands in it, and what an answer of it means."""

from __future__ import annotations

from uuid import UUID

from portavoce.customers.defining import change_attribute
from tests.web.desk.conftest import Desk
from tests.web.desk.test_customers import SECRET, asks, form, gina, of, profile


async def test_an_empty_hidden_field_keeps_what_is_there_and_its_box_removes_it(desk: Desk) -> None:
    customer, _ = await gina(desk)
    field = await asks(desk, "iban", masked=True)
    for version, typed in ((1, {field: SECRET}), (2, {field: "", "about": "x"})):
        await desk.post(of(desk.aurora, customer), desk.anna, form(version, **typed))
    assert (await profile(desk, customer)).answers[0].value == SECRET
    await desk.post(of(desk.aurora, customer), desk.anna, form(3, **{f"clear_{field}": "on"}))
    assert (await profile(desk, customer)).answers[0].value == ""


async def test_an_option_the_brand_took_away_may_stay_and_is_not_chosen_anew(desk: Desk) -> None:
    customer, _ = await gina(desk)
    field = await asks(desk, "level", "choice", choices=("Oro", "Argento"))
    await desk.post(of(desk.aurora, customer), desk.anna, form(**{field: "Oro"}))
    attribute = UUID(field.removeprefix("a_"))
    async with desk.database.begin(desk.aurora.writing) as db:
        await change_attribute(
            db,
            attribute,
            label="Livello",
            choices=("Argento", "Bronzo"),
            masked=False,
            position=1,
            by="admin",
        )
    page = (await desk.get(of(desk.aurora, customer, "/edit"), desk.anna, htmx=True)).text
    assert '<option value="Oro" selected>' in page
    kept = await desk.post(of(desk.aurora, customer), desk.anna, form(2, about="x", **{field: "Oro"}))
    assert kept.status_code == 200
    await desk.post(of(desk.aurora, customer), desk.anna, form(3, about="x", **{field: "Argento"}))
    anew = await desk.post(of(desk.aurora, customer), desk.anna, form(4, about="x", **{field: "Oro"}))
    assert anew.status_code == 422


async def test_what_was_not_touched_is_not_told_as_new(desk: Desk) -> None:
    customer, _ = await gina(desk)
    await desk.post(of(desk.aurora, customer), desk.anna, form(about="di Anna", needs="more_time"))
    late = await desk.post(of(desk.aurora, customer), desk.bruno, form(about="di Bruno", needs="more_time"))
    assert late.text.count("Adesso c’è") == 1
