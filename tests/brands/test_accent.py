"""Any colour a client brings becomes ten readable ones; it is never refused for being yellow, black or white."""

import random

import pytest

from portavoce.brands.accent import (
    DARK,
    LIGHT,
    TOO_CLOSE,
    NotAColour,
    Theme,
    Tokens,
    accent,
    contrast,
    css,
    distance,
)

AURORA, BOSCO = "#B5471B", "#0E7C57"


def random_accents() -> list[str]:
    chance = random.Random(7)
    return [f"#{chance.randrange(1 << 24):06x}" for _ in range(400)]


def shortfalls(tokens: Tokens, theme: Theme) -> list[tuple[str, str, float]]:
    pairs = [
        (tokens.solid, tokens.on, 4.5),
        (tokens.text, theme.surface, 4.5),
        (tokens.text, theme.worst, 4.5),
        (tokens.text, tokens.tint, 4.5),
        (tokens.line, theme.surface, 3.0),
        (tokens.line, tokens.tint, 3.0),
        (tokens.solid, theme.surface, 3.0),
    ]
    return [(one, other, need) for one, other, need in pairs if contrast(one, other) < need]


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_four_hundred_random_accents_are_readable_everywhere(name: str, theme: Theme) -> None:
    failures = {
        colour: missing
        for colour in random_accents()
        if (missing := shortfalls(getattr(accent(colour), name), theme))
    }
    assert failures == {}


@pytest.mark.parametrize("colour", ["#FFD400", "#111111", "#FFFFFF", "#000000", "#00ff00"])
def test_extreme_clients_get_readable_tokens_too(colour: str) -> None:
    tokens = accent(colour)
    assert shortfalls(tokens.light, LIGHT) == shortfalls(tokens.dark, DARK) == []


def test_the_prototype_brand_keeps_the_colours_of_its_pictures() -> None:
    light = accent(AURORA).light
    assert (light.solid, light.text, light.tint) == ("#b5471b", "#b5471b", "#f8eeea")


@pytest.mark.parametrize("text", ["red", "#12345", "#12345g", "#1234567", "", "#b5471b;}"])
def test_anything_but_a_hex_colour_is_refused(text: str) -> None:
    with pytest.raises(NotAColour):
        accent(text)


def test_a_shade_of_the_same_colour_is_too_close_and_another_hue_is_not() -> None:
    assert distance(AURORA, "#B84B20") < TOO_CLOSE < distance(AURORA, BOSCO)
    assert distance(AURORA, AURORA) == 0


def test_the_rule_names_every_token_for_both_themes() -> None:
    tokens = accent(AURORA)
    rule = css("aurora", tokens)
    assert rule.startswith('[data-brand="aurora"]{--brand-solid:light-dark(#b5471b,')
    assert rule.count("light-dark(") == 5
