from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from litestar import Request, post

from portavoce.core.paths import frontend_dir
from portavoce.web import forms
from portavoce.web.i18n import N_, Words, load_words
from portavoce.web.templating import Templates
from tests.web.app import client

Tone = Literal["tu", "lei"]


class BrandForm(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=2, max_length=12)]
    seats: Annotated[int, msgspec.Meta(ge=1, le=40)] = 5
    since: date | None = None
    tone: Tone = "tu"
    owner: UUID | None = None
    shared: bool = False
    tags: list[str] = []
    slug: Annotated[
        str, msgspec.Meta(pattern="^[a-z]+$", extra={"message": N_("Check how this is written.")})
    ] = "x"
    password: Annotated[str, msgspec.Meta(extra={"strip": False})] = ""
    about: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""


class Span(msgspec.Struct):
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("The end lies before the start.")


class Exact(msgspec.Struct):
    items: list[int]
    note: Annotated[str, msgspec.Meta(min_length=3)] = "abc"
    least: Annotated[float, msgspec.Meta(ge=0.5)] = 1.0
    ratio: float = 1.0
    code: Annotated[str, msgspec.Meta(pattern="^[a-z]+$")] = "x"
    at: time | None = None
    wait: timedelta | None = None


@pytest.fixture(scope="module")
def english() -> Words:
    return load_words(frontend_dir() / "locale")["en"]


def read(words: Words, kind: type[Any] = BrandForm, **posted: str | list[str]) -> Any:
    entries = {name: value if isinstance(value, list) else [value] for name, value in posted.items()}
    return forms.check(entries, kind, words)


def test_blanks_mean_missing_and_a_ticked_box_means_true(english: Words) -> None:
    form, errors, _ = read(english, name=" Aurora ", seats=" 3 ", since="", shared="on", tags="a")
    assert errors == {}
    assert (form.name, form.seats, form.since, form.shared, form.tags) == ("Aurora", 3, None, True, ["a"])


def test_an_unticked_box_is_false_and_nothing_else_is_asked(english: Words) -> None:
    form, errors, _ = read(english, name="Bosco")
    assert errors == {}
    assert (form.shared, form.tags, form.seats) == (False, [], 5)


def test_all_mistakes_are_told_at_once_and_the_raw_values_come_back(english: Words) -> None:
    form, errors, raw = read(
        english, name="A", seats="99", since="32/13/2026", tone="voi", owner="me", slug="NO", extra="ignored"
    )
    assert form is None
    assert errors == {
        "name": "Write from 2 to 12 characters.",
        "seats": "Write a number from 1 to 40.",
        "since": "Write a date as year, month and day, for example 2026-11-30.",
        "tone": "Choose one of the options shown.",
        "owner": "Choose one of the options shown.",
        "slug": "Check how this is written.",
    }
    assert raw["seats"] == "99"


def test_a_required_field_left_blank_says_so(english: Words) -> None:
    assert read(english, name="   ")[1] == {"name": "Fill in this field."}


def test_a_nul_byte_is_refused_before_any_database_sees_it(english: Words) -> None:
    _, errors, _ = read(english, name="Au\0ra")
    assert errors == {"name": "Remove the invisible character from this text and try again."}


def test_a_text_without_a_limit_of_its_own_is_still_limited(english: Words) -> None:
    _, errors, _ = read(english, name="Aurora", password="x" * 20_001)
    assert errors == {"password": "Shorten this text to 20000 characters."}


def test_passwords_keep_their_spaces_and_texts_their_lines(english: Words) -> None:
    form, _, _ = read(english, name="Aurora", about="uno\r\ndue\rtre", password=" se\tcret ")
    assert (form.about, form.password) == ("uno\ndue\ntre", " se\tcret ")


@pytest.mark.parametrize("name", ["Au\r\nBcc: x@y.example", "Au\nra", "Au\rra"])
def test_a_name_is_one_line(english: Words, name: str) -> None:
    assert read(english, name=name)[1] == {"name": "Write this on one line."}


@pytest.mark.parametrize("hidden", ["\x1b[31m", "\x08", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"])
def test_what_nobody_sees_is_refused(english: Words, hidden: str) -> None:
    told = {"name": "Remove the invisible character from this text and try again."}
    assert read(english, name=f"Au{hidden}ra")[1] == told


def test_a_field_that_is_one_value_does_not_take_several(english: Words) -> None:
    told = {"name": "Check this value and write it again."}
    assert read(english, name=["Aurora", "Bosco"])[1] == told
    assert read(english, name=["Aurora", ""])[1] == told
    form, errors, _ = read(english, name="Aurora", shared=["", "on"], tags=["a", "b"])
    assert errors == {}
    assert (form.shared, form.tags) == (True, ["a", "b"])


def test_a_rule_over_two_fields_belongs_to_the_form(english: Words) -> None:
    assert read(english, Span, first="3", last="2")[1] == {"": "The end lies before the start."}
    assert read(english, Span, first="x", last="2")[1] == {"first": "Write a whole number."}


def test_a_required_list_may_be_empty_but_not_wrong(english: Words) -> None:
    assert read(english, Exact)[0].items == []
    assert read(english, Exact, items=["1", "x"])[1] == {"items": "Choose one of the options shown."}


@post("/form")
async def answer(request: Request[Any, Any, Any]) -> dict[str, Any]:
    form, errors, raw = await forms.read(request, BrandForm)
    return {"seats": form.seats if form else None, "errors": errors, "raw": raw}


def test_errors_are_in_the_readers_language(templates: Templates) -> None:
    with client([answer], templates) as browser:
        said = browser.post("/form", data={"seats": "0"}, headers={"Accept-Language": "it"}).json()
    assert said["errors"] == {"name": "Compila questo campo.", "seats": "Scrivi un numero da 1 a 40."}
    assert said["raw"]["seats"] == "0"


def test_one_value_fills_a_list_and_files_are_not_taken(templates: Templates) -> None:
    with client([answer], templates) as browser:
        assert browser.post("/form", data={"name": "Aurora", "tags": "a"}).json()["errors"] == {}
        assert browser.post("/form", files={"name": b"x"}).status_code == 415
        assert browser.post("/form", json={"name": "Aurora"}).status_code == 415


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("note", "ab", "Write at least 3 characters."),
        ("least", "0.1", "Write a number of at least 0.5."),
        ("ratio", "x", "Write a number."),
        ("code", "UP", "Check how this is written."),
        ("at", "8", "Write a time of day, for example 08:30."),
        ("wait", "soon", "Check this value and write it again."),
    ],
)
def test_every_kind_of_field_says_what_to_write(english: Words, field: str, value: str, advice: str) -> None:
    assert read(english, Exact, **{field: value})[1] == {field: advice}
