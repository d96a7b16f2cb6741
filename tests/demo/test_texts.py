"""Every phrase can be filled and every letter be written."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from portavoce.demo import cast, texts
from portavoce.demo.texts import Draft

SLUGS = [team.slug for team in cast.TEAMS]


def _matters() -> list[Draft]:
    found = []
    for slug in SLUGS:
        slots = {name: values[0] for name, values in texts.words(slug)["slots"].items()}
        for at, topic in enumerate(texts.words(slug)["topic"]):
            found.append(Draft(slug, at, topic.get("language", "it"), "Gina Rossini", slots))
    return found


@pytest.mark.parametrize("matter", _matters(), ids=lambda matter: f"{matter.slug}-{matter.topic}")
def test_no_letter_keeps_an_unfilled_slot(matter: Draft) -> None:
    for seed in range(6):
        random = Random(seed)
        letters = [
            *texts.opening(random, matter),
            texts.answer(random, matter, "Giulia"),
            texts.note(random, matter),
        ]
        letters += [texts.follow_up(random, matter, kind) for kind in ("thanks", "again", "chase")]
        letters.append(texts.follow_up(random, matter, "again_reply", "Giulia"))
        assert not [letter for letter in letters if "{" in letter or "}" in letter or not letter.strip()]


def test_outcomes_of_the_letters_are_outcomes_of_the_brand() -> None:
    known = {(team.slug, code) for team in cast.TEAMS for code, _label in team.outcomes}
    assert {(matter.slug, matter.outcome) for matter in _matters()} <= known


def test_the_same_seed_writes_the_same_letter() -> None:
    letters = [
        texts.opening(random, texts.draft(random, "lumi", "Ugo", "it")) for random in (Random(3), Random(3))
    ]
    assert letters[0] == letters[1]


def test_brands_keep_their_voice() -> None:
    """Whoever is called tu is greeted by first name."""
    greeted = {slug: texts.words(slug)["it"]["reply_hello"] for slug in SLUGS}
    for team, greeting in product(cast.TEAMS, ("{first}",)):
        assert (greeting in "".join(greeted[team.slug])) == (team.voice == "tu")


def test_no_letter_has_an_em_dash() -> None:
    assert not [path for path in texts.FOLDER.glob("*.toml") if "—" in path.read_text(encoding="utf-8")]


def test_languages_are_those_of_the_topics() -> None:
    assert texts.languages("alpilinea") == {"it", "en", "de"}
    assert texts.languages("velia") == {"it"}
