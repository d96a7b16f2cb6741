"""What a line would do, and what is wrong with it: decided without a database."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest

from portavoce.customers.importing.planning import (
    BAD_MAIL,
    BAD_PHONE,
    MERGED,
    NOBODY,
    NOT_THERE,
    OTHERS,
    TWICE,
    TWO,
    Asked,
    Entry,
    Held,
    Known,
    Plan,
    Planner,
    typed,
)

GINA, UGO, LEVEL = UUID(int=1), UUID(int=2), UUID(int=3)
COLUMNS = {
    "name": "Gina",
    "language": "it",
    "needs": "",
    "preferred_channel": "",
    "preferred_moment": "",
    "note": "",
}
ASKED = (Asked(LEVEL, f"a_{LEVEL.hex}", "choice", ("Oro", "Argento")),)


def held(customer_id: UUID, *, merged: bool = False, **columns: str) -> Held:
    return Held(customer_id, 4, merged, {**COLUMNS, **columns}, {LEVEL: "Bronzo"})


KNOWN = Known(
    {
        ("email", "gina@posta.example"): GINA,
        ("whatsapp", "+393385550142"): GINA,
        ("email", "ugo@posta.example"): UGO,
    },
    {GINA: held(GINA), UGO: held(UGO, name="Ugo")},
)


def plans(*lines: Mapping[str, str], known: Known = KNOWN) -> list[Plan]:
    planner = Planner(ASKED, "en")
    return [
        planner.plan(typed(number, list(cells.values()), list(cells), "IT"), known)
        for number, cells in enumerate(lines, 2)
    ]


def entry(*lines: Mapping[str, str], known: Known = KNOWN) -> Entry:
    return plans(*lines, known=known)[-1].entry


def test_somebody_new_is_added_with_the_brands_language_and_a_name_for_want_of_another() -> None:
    (plan,) = plans({"phone": "338 555 0199", "email": "Nuova@Posta.example"})
    assert (plan.entry.verdict, plan.entry.customer_id) == ("new", None)
    assert plan.columns == {"language": ("", "en"), "name": ("", "338 555 0199")}
    assert plan.reached == (
        ("phone", "+393385550199", "338 555 0199"), ("email", "nuova@posta.example", "Nuova@Posta.example"),
    )  # fmt: skip


def test_who_is_known_changes_in_what_the_line_says_otherwise_and_an_empty_cell_says_nothing() -> None:
    (plan,) = plans({"email": "gina@posta.example", "name": " ", "note": "=1+1", f"a_{LEVEL.hex}": "Oro"})
    assert plan.entry == Entry(2, "changed", GINA, 4, tuple(sorted([f"a_{LEVEL.hex}", "note"])))
    assert plan.columns == {"note": ("", "=1+1")}
    assert plan.values == {LEVEL: ("Bronzo", "Oro")}


def test_what_is_there_already_is_the_same_also_an_option_that_is_no_longer_offered() -> None:
    cells = {
        "id": str(GINA),
        "name": "Gina ",
        "reached": "gina@posta.example +393385550142",
        f"a_{LEVEL.hex}": "Bronzo",
    }
    assert entry(cells) == Entry(2, "same", GINA)


def test_a_number_that_is_known_on_another_channel_is_not_added_again() -> None:
    (plan,) = plans({"phone": "+39 338 5550142"})
    assert (plan.entry.verdict, plan.entry.customer_id, plan.reached) == ("same", GINA, ())


@pytest.mark.parametrize(
    ("cells", "verdict", "field", "sentence"),
    [
        ({"id": "", "name": "Gina"}, "wrong", "", NOBODY),
        ({"id": str(UUID(int=9))}, "conflict", "id", NOT_THERE),
        ({"id": "17"}, "wrong", "id", NOT_THERE),
        ({"email": "gina"}, "wrong", "email", BAD_MAIL),
        ({"phone": "12ab"}, "wrong", "phone", BAD_PHONE),
        ({"reached": "ugo@posta.example 12ab"}, "wrong", "reached", BAD_PHONE),
        ({"id": str(GINA), "email": "ugo@posta.example"}, "conflict", "email", OTHERS),
        ({"reached": "gina@posta.example ugo@posta.example"}, "conflict", "", TWO),
        ({"email": "gina@posta.example", "language": "x"}, "wrong", "language", "Write it, en, de, fr or es."),
        ({"email": "gina@posta.example", f"a_{LEVEL.hex}": "Ferro"}, "wrong", f"a_{LEVEL.hex}", "Write one of the options of this attribute."),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_says_which_field_and_what_to_do(
    cells: dict[str, str], verdict: str, field: str, sentence: str
) -> None:
    assert entry(cells) == Entry(2, verdict, mistakes=((field, sentence, 0),))


def test_every_mistake_of_a_line_is_told_at_once() -> None:
    told = entry({"email": "x", "language": "y", "preferred_moment": "z"}).mistakes
    assert [field for field, _, _ in told] == ["email", "language", "preferred_moment"]


def test_two_lines_about_one_customer_are_a_conflict_however_they_name_them() -> None:
    later = entry({"email": "gina@posta.example"}, {"phone": "3385550142"})
    assert later == Entry(3, "conflict", mistakes=(("", TWICE, 2),))
    assert entry({"email": "n@posta.example"}, {"email": "N@posta.example"}).mistakes == (("", TWICE, 2),)


def test_somebody_who_was_merged_is_not_changed() -> None:
    known = Known({}, {GINA: held(GINA, merged=True)})
    assert entry({"id": str(GINA)}, known=known).mistakes == (("id", MERGED, 0),)


def test_a_report_says_nothing_of_what_a_cell_or_a_profile_holds() -> None:
    told = [
        each.entry
        for each in plans({"email": "gina@posta.example", "note": "segreto"}, {"email": "segreto@"})
    ]
    assert "segreto" not in repr(told)
