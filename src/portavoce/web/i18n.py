"""Which language a person reads, and the words of that language. English is the source, Italian a PO file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from litestar.connection import ASGIConnection

LOCALES = ("it", "en")
DEFAULT = "it"
COOKIE = "lang"

AnyConnection = ASGIConnection[Any, Any, Any, Any]


def N_(message: str) -> str:  # noqa: N802 -- the name gettext tools look for
    """Marks a string of Python code for translation later, when the reader's language is known."""
    return message


class Words:
    """The messages of one language; unknown ones come back as they are, in English."""

    def __init__(self, locale: str, translations: NullTranslations) -> None:
        self.locale = locale
        self._translations = translations

    def gettext(self, message: str, **values: object) -> str:
        text = self.lookup(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        return self.lookup_plural(one, many, n) % {"num": n, **values}

    def lookup(self, message: str) -> str:
        """The translation with its placeholders still open, as Jinja wants it."""
        return str(self._translations.ugettext(message)) if message else ""

    def lookup_plural(self, one: str, many: str, n: int) -> str:
        return str(self._translations.ungettext(one, many, n))


def load_words(folder: Path) -> dict[str, Words]:
    """English plus every language with PO files in the folder: `it.po`, or several named `it-<part>.po`."""
    words = {"en": Words("en", NullTranslations())}
    for locale in LOCALES:
        files = sorted(folder.glob(f"{locale}.po")) + sorted(folder.glob(f"{locale}-*.po"))
        if files:
            words[locale] = Words(locale, _read(files, locale))
    return words


def locale_of(connection: AnyConnection) -> str:
    """The signed-in person's choice (`connection.state.locale`), else cookie, else browser, else Italian."""
    chosen = connection.state.get("locale")
    cookie = connection.cookies.get(COOKIE)
    return choose([chosen, cookie], connection.headers.get("accept-language", ""))


def choose(wishes: list[str | None], accept: str) -> str:
    for wish in [*wishes, *_accepted(accept)]:
        if wish in LOCALES:
            return wish
    return DEFAULT


def _accepted(header: str) -> list[str | None]:
    """Languages of an Accept-Language header, best first; regions are dropped."""
    offers = re.findall(r"([A-Za-z]{2,3})(?:-\w+)*\s*(?:;\s*q=([01](?:\.\d{1,3})?))?", header[:200])
    ranked = sorted(offers, key=lambda offer: -float(offer[1] or 1))
    return [language.lower() for language, _ in ranked]


def _read(files: list[Path], locale: str) -> Translations:
    """Several PO files as one catalogue, compiled in memory; a message in two files keeps its first translation."""
    merged = Translations()
    for path in reversed(files):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=locale)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


def words_for(connection: AnyConnection) -> Words:
    """The reader's words, from the application's state."""
    words: Mapping[str, Words] = connection.app.state.templates.words
    return words[locale_of(connection)]
