"""Everything a person reads goes through gettext, and Italian says all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portavoce.core.paths import frontend_dir
from portavoce.web.i18n import Words, choose, load_words
from tests.web.messages import Message, all_messages

SAME_IN_EVERY_LANGUAGE = {
    "Portavoce", "Italiano", "English", "CSV", "PDF", "XLSX", "kB", "MB", "Ctrl ↵", "Alt", "Esc",
    "·", "!", "/", "–", "…", ",", ":", ".", "(", ")", "→", "×", "@", "+",
}  # fmt: skip

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TEMPLATES = sorted((frontend_dir() / "templates").rglob("*.html"))


@pytest.fixture(scope="module")
def italian() -> Words:
    return load_words(frontend_dir() / "locale")["it"]


def translated(words: Words, message: Message) -> list[str]:
    if isinstance(message, str):
        return [words.lookup(message)]
    one, many = message
    return [words.lookup_plural(one, many, 1), words.lookup_plural(one, many, 2)]


def catalogue() -> dict[Message, tuple[str, ...]]:
    entries: dict[Message, tuple[str, ...]] = {}
    for path in sorted((frontend_dir() / "locale").glob("it*.po")):
        with path.open("rb") as source:
            for entry in read_po(source):
                name = entry.id if isinstance(entry.id, str) else tuple(entry.id)
                texts = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
                if name and not entry.fuzzy:
                    entries[name] = tuple(text or "" for text in texts)
    return entries


def test_every_message_has_an_italian_translation() -> None:
    known = {message for message, texts in catalogue().items() if all(texts)}
    missing = {message: place for message, place in all_messages().items() if message not in known}
    assert missing == {}, "\n".join(stub(message, place) for message, place in missing.items())


def test_translations_keep_every_placeholder(italian: Words) -> None:
    broken = [
        message
        for message in all_messages()
        for text in translated(italian, message)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(source_of(message)))
    ]
    assert broken == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_shows_text_outside_gettext(path: Path) -> None:
    assert bare_text(path.read_text()) == []


def test_the_text_check_sees_plain_words_and_attributes() -> None:
    assert bare_text('<p>Hello {{ name }}</p><a aria-label="Open it" href="/x">{{ _("Go") }}</a>') == [
        "Hello",
        "Open it",
    ]


@pytest.mark.parametrize(
    ("wishes", "header", "expected"),
    [
        (["en", "it"], "", "en"),
        ([None, "en"], "it", "en"),
        ([None, "xx"], "de-DE,de;q=0.9,en-GB;q=0.8,it;q=0.3", "en"),
        ([None, None], "it-IT,en;q=0.5", "it"),
        ([None, None], "en;q=0.2,it;q=0.9", "it"),
        ([None, None], "", "it"),
        ([None, None], ";;;q=,*", "it"),
    ],
)
def test_the_person_wins_over_the_cookie_and_the_cookie_over_the_browser(
    wishes: list[str | None], header: str, expected: str
) -> None:
    assert choose(wishes, header) == expected


def test_several_files_of_one_language_are_read_as_one(tmp_path: Path) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (tmp_path / "it.po").write_text(head + 'msgid "One"\nmsgstr "Uno"\n')
    (tmp_path / "it-desk.po").write_text(head + 'msgid "Two"\nmsgstr "Due"\n\nmsgid "One"\nmsgstr "Altro"\n')
    words = load_words(tmp_path)["it"]
    assert [words.gettext("One"), words.gettext("Two"), words.gettext("Three"), words.gettext("")] == [
        "Uno",
        "Due",
        "Three",
        "",
    ]


def source_of(message: Message) -> str:
    return message if isinstance(message, str) else message[1]


def stub(message: Message, place: str) -> str:
    if isinstance(message, str):
        return f'#: {place}\nmsgid "{message}"\nmsgstr ""\n'
    return f'#: {place}\nmsgid "{message[0]}"\nmsgid_plural "{message[1]}"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def bare_text(source: str) -> list[str]:
    """Words between tags, and in the attributes people read, that no expression produces."""
    plain = re.sub(r"\{#.*?#\}|<!--.*?-->|<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    plain = re.sub(r"\{% block (?:body|app)_\w+ %\}.*?\{% endblock %\}", " ", plain)
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", plain, flags=re.DOTALL)
    attributes = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', plain)
    plain = re.sub(r"""[\w:-]+=(?:"[^"]*"|'[^']*')""", " ", plain)
    texts = re.sub(r"<[^>]*>", "\x00", plain).split("\x00")
    pieces = [piece.strip(" \n·") for text in [*texts, *attributes] for piece in text.split("\x00")]
    return [
        piece
        for piece in pieces
        if re.search(r"[^\W\d_]", re.sub(r"\bF\d+\b", "", piece)) and piece not in SAME_IN_EVERY_LANGUAGE
    ]
