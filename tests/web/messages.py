"""Every translatable string of templates and Python, for the tests of the translations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

from portavoce.core.paths import PACKAGE, frontend_dir

PROBLEMS = {"Problem": None, "NotFound": None, "Conflict": None, "Unprocessable": None, "TooMany": None}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "Rule": (2,), **PROBLEMS}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "trim_blocks": "true"}

Message = str | tuple[str, ...]


@cache
def all_messages() -> dict[Message, str]:
    """Each message with the file that says it first."""
    found: dict[Message, str] = {}
    for path, message in [*_of_templates(), *_of_python()]:
        found.setdefault(message, path.name)
    return found


def _of_templates() -> Iterator[tuple[Path, Message]]:
    for path in sorted((frontend_dir() / "templates").rglob("*.*")):
        with path.open("rb") as source:
            for _, function, text, _ in babel_extract(source, list(KEYWORDS), [], OPTIONS):
                yield path, _message(function, text)


def _of_python() -> Iterator[tuple[Path, Message]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as source:
            for _, text, _, _ in extract("python", source, KEYWORDS):
                yield path, text


def _message(function: str | None, text: str | tuple[str | None, ...] | None) -> Message:
    if isinstance(text, str):
        return text
    parts = tuple(part for part in text or () if part is not None)
    return parts[:2] if function == "ngettext" else parts[0]
