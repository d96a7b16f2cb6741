"""One accent colour of a client becomes ten colours that are readable in both themes.

The accent itself is never painted. Its OKLCH hue is kept and its lightness searched until every pair that a
screen shows reaches its contrast; chroma is given up only where the screen cannot show it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import msgspec

TOO_CLOSE = 0.13

WHITE = "#ffffff"
TEXT_CONTRAST, LINE_CONTRAST, FILL_CONTRAST = 4.6, 3.05, 3.0
STEP = 0.01

Rgb = tuple[float, float, float]
Fits = Callable[[str], bool]


class Theme(msgspec.Struct, frozen=True):
    """Surfaces a brand colour may sit on, the share of accent in a tint, and which way contrast grows."""

    surface: str
    worst: str
    tint_share: float
    away: float


LIGHT = Theme(surface="#ffffff", worst="#eef0f3", tint_share=0.09, away=-STEP)
DARK = Theme(surface="#16191e", worst="#20252c", tint_share=0.20, away=STEP)


class Tokens(msgspec.Struct, frozen=True):
    """Five colours of one theme: filled areas and the text on them, text, soft background, boundary."""

    solid: str
    on: str
    text: str
    tint: str
    line: str


class Accent(msgspec.Struct, frozen=True):
    """The ten stored values."""

    light: Tokens
    dark: Tokens


class Oklch(msgspec.Struct, frozen=True):
    lightness: float
    chroma: float
    hue: float


class NotAColour(ValueError):
    """The text is not `#rrggbb`."""


def accent(colour: str) -> Accent:
    """The ten tokens of `#rrggbb`; computed when a brand is saved, never per request. Raises NotAColour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise NotAColour(colour)
    return Accent(light=_tokens(colour, LIGHT), dark=_tokens(colour, DARK))


def css(slug: str, tokens: Accent) -> str:
    """The rule that colours everything inside `[data-brand=slug]`."""
    names = Tokens.__struct_fields__
    pairs = ((name, getattr(tokens.light, name), getattr(tokens.dark, name)) for name in names)
    body = "".join(f"--brand-{name}:light-dark({light},{dark});" for name, light, dark in pairs)
    return f'[data-brand="{slug}"]{{{body}}}'


def distance(one: str, other: str) -> float:
    """How different two accents look (OKLab); below TOO_CLOSE two brands of one agent need different shapes."""
    return math.dist(_lab(one), _lab(other))


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(colour: str, theme: Theme) -> Tokens:
    tint = _mix(colour, theme.surface, theme.tint_share)
    grounds = (theme.surface, theme.worst, tint)
    solid = _solid(colour, theme)
    text = _search(_text_start(colour, theme), theme.away, _readable_on(grounds, TEXT_CONTRAST))
    line = _search(_oklch(colour), theme.away, _readable_on(grounds, LINE_CONTRAST))
    return Tokens(solid=solid, on=WHITE, text=text, tint=tint, line=line)


def _solid(colour: str, theme: Theme) -> str:
    """A fill that carries white text and stands out from the surface; both themes leave room for every hue."""
    seen = _oklch(colour)
    lightness = max(seen.lightness, 0.56) if theme is DARK else min(seen.lightness, 0.62)
    return _search(msgspec.structs.replace(seen, lightness=lightness), -STEP, _fill_of(theme))


def _fill_of(theme: Theme) -> Fits:
    def fits(fill: str) -> bool:
        return contrast(fill, WHITE) >= TEXT_CONTRAST and contrast(fill, theme.surface) >= FILL_CONTRAST

    return fits


def _readable_on(grounds: tuple[str, ...], ratio: float) -> Fits:
    return lambda colour: min(contrast(colour, ground) for ground in grounds) >= ratio


def _text_start(colour: str, theme: Theme) -> Oklch:
    seen = _oklch(colour)
    lightness = max(seen.lightness, 0.60) if theme is DARK else min(seen.lightness, 0.62)
    return msgspec.structs.replace(seen, lightness=lightness)


def _search(start: Oklch, step: float, fits: Fits) -> str:
    """The first colour that fits while lightness moves by `step`, all the way to black or white."""
    lightness, end = start.lightness, 1.0 if step > 0 else 0.0
    while not fits(colour := _hex_of(lightness, start.chroma, start.hue)):
        if lightness == end:
            raise NotAColour(colour)
        lightness = min(1.0, max(0.0, lightness + step))
    return colour


def _hex_of(lightness: float, chroma: float, hue: float) -> str:
    """Back to the screen; chroma shrinks until the colour exists there, the hue stays."""
    while chroma > 0:
        linear = _linear_of(lightness, chroma, hue)
        if all(-1e-4 <= part <= 1.0001 for part in linear):
            return _to_hex(linear)
        chroma -= 0.004
    return _to_hex(_linear_of(lightness, 0, hue))


def _to_hex(linear: Rgb) -> str:
    return _hex([_encode(min(1.0, max(0.0, part))) for part in linear])


def _linear_of(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _lab(colour: str) -> Rgb:
    red, green, blue = (_decode(part) for part in _rgb(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _oklch(colour: str) -> Oklch:
    lightness, a, b = _lab(colour)
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def _luminance(colour: str) -> float:
    red, green, blue = (_decode(part) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: str, ground: str, share: float) -> str:
    return _hex([a * share + b * (1 - share) for a, b in zip(_rgb(colour), _rgb(ground), strict=True)])


def _rgb(colour: str) -> Rgb:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def _hex(parts: list[float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _decode(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encode(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
