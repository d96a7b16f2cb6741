"""What a search gathers from the brands."""

from __future__ import annotations

import pytest

from portavoce.core.scope import Scope
from portavoce.web.desk.search import faces_of
from portavoce.web.desk.searching import Group, asks_something, number_in, search
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive


async def groups(desk: Desk, text: str, **options: object) -> list[Group]:
    brands = Scope.reading({desk.aurora.id, desk.bosco.id})
    actor = type("Both", (), {"brands": lambda _self, _roles: brands.read})()
    faces = await faces_of(desk.database, actor)
    return await search(desk.database, faces.values(), text, **options)  # type: ignore[arg-type]  # -- passed on


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("#12", 12), ("n. 12", 12), ("12 pacchi", None), ("", None)]
)
def test_a_number_alone_names_a_contact(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_a_single_digit_asks_and_a_single_letter_does_not() -> None:
    assert asks_something("7")
    assert not asks_something("x")
    assert not asks_something("  ")


async def test_the_brand_of_the_best_hit_comes_first_and_a_number_before_all(desk: Desk) -> None:
    await arrive(desk.database, desk.aurora, "La caldaia", subject="Altro")
    numbered, _ = await arrive(desk.database, desk.bosco, "Rotta", subject="Caldaia", customer="Ugo Neri")
    assert [group.brand.name for group in await groups(desk, "caldaia")] == ["Bosco", "Aurora"]
    found = await groups(desk, "1")
    assert {group.brand.name for group in found} == {"Aurora", "Bosco"}
    of_bosco = next(group for group in found if group.brand.name == "Bosco")
    assert (of_bosco.rows[0].kind, of_bosco.rows[0].href) == ("number", url(desk.bosco, numbered))


async def test_kinds_and_how_many_are_the_callers_choice(desk: Desk) -> None:
    for n in range(3):
        await arrive(desk.database, desk.aurora, "Gina scrive", customer=f"Gina {n}")
    [group] = await groups(desk, "gina", kinds=("customer",), at_most=2)
    assert [row.kind for row in group.rows] == ["customer", "customer"]
    assert group.more
    assert "posta.example" in "".join(piece.text for piece in group.rows[0].pieces)
