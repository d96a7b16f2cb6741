"""What a brand's look may consist of; it ends in style sheets, addresses and clocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portavoce.brands.errors import BadBrand
from portavoce.brands.models import SHAPES

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LANGUAGE = re.compile(r"[a-z]{2}")
LONGEST_NAME = 80


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _has_length(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: least <= len(text.strip()) <= most


class Rule(NamedTuple):
    """What a field must satisfy, and what to tell who wrote something else."""

    fits: Callable[[str], object]
    advice: str


RULES: Mapping[str, Rule] = {
    "slug": Rule(SLUG.fullmatch, "Use small letters, digits and hyphens, for example nordcaffe."),
    "name": Rule(_has_length(1, LONGEST_NAME), "Give the brand a name of 80 characters at most."),
    "accent": Rule(COLOUR.fullmatch, "Write a colour as #rrggbb, for example #B5471B."),
    "shape": Rule(SHAPES.__contains__, "Choose one of the five shapes."),
    "monogram": Rule(_has_length(1, 2), "Write one or two letters."),
    "language": Rule(LANGUAGE.fullmatch, "Choose one of the languages shown."),
    "zone": Rule(is_zone, "Write the name of a time zone, for example Europe/Rome."),
}


def check_look(look: Mapping[str, str]) -> None:
    """BadBrand with a sentence for each field that cannot stay as it is."""
    wrong = {field: advice for field, (fits, advice) in RULES.items() if not fits(look[field])}
    if wrong:
        raise BadBrand(" ".join(dict.fromkeys(wrong.values())), **wrong)
