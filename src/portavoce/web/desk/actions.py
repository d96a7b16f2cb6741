"""What the palette can do besides finding: every verb the keyboard and the page have, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from portavoce.brands.faces import BrandFace
from portavoce.search.analysis import tokens
from portavoce.search.marking import Piece, passage
from portavoce.web.access import Actor
from portavoce.web.i18n import N_, Words
from portavoce.web.pages import places


class Option(msgspec.Struct, frozen=True):
    """One line of the palette. It goes to a page, presses what the page has, or does what a key does.

    `press` is a CSS selector of ours: an option whose element the page lacks is not offered. `insert` is where the words
    of `snippet` come from; `put` is what the text gets as it stands.
    """

    label: list[Piece]
    icon: str = ""
    brand: BrandFace | None = None
    end: str = ""
    go: str = ""
    press: str = ""
    key: str = ""
    insert: str = ""
    snippet: str = ""
    put: str = ""
    lang: str = ""
    kbd: bool = False


class OptionGroup(msgspec.Struct, frozen=True):
    name: str
    options: list[Option]


ON_CONTACT = (
    (N_("Write the answer"), "send", '[data-compose="reply"]', "Alt R"),
    (N_("Internal note"), "sticky-note", '[data-compose="note"]', "Alt N"),
    (N_("Take it"), "hand", '[data-hotkey="F2"]', "F2"),
    (N_("Hand over"), "arrow-right-left", '[data-hotkey="F7"]', "F7"),
    (N_("Finish and choose the outcome"), "check", '[data-hotkey="F8"]', "F8"),
    (N_("Put it aside"), "clock", '[data-open="aside"]', ""),
    (N_("Contact reason"), "circle-help", '[data-open="reason"]', ""),
    (N_("Case of this contact"), "folder-tree", '[data-open="case"]', ""),
    (N_("Promise"), "handshake", '[data-open="promise"]', ""),
    (N_("Complaint"), "flag", '[data-open="complaint"]', ""),
    (N_("Who is this?"), "fingerprint", "#side [data-open=who]", ""),
    (N_("Give back"), "undo-2", 'form[action$="/release"] button', ""),
    (N_("Put together"), "merge", "[data-open=merger]", ""),
    (N_("Split"), "split", "[data-open=split]", ""),
    (N_("Go on by another channel"), "corner-down-right", "[data-open=channel]", ""),
    (N_("Reopen"), "rotate-ccw", 'form[action$="/reopening"] button', ""),
)
MOVES = (
    (N_("Take next"), "hand", "F2", "F2"),
    (N_("Next item"), "arrow-down", "Alt ArrowDown", "Alt ↓"),
    (N_("Previous item"), "arrow-up", "Alt ArrowUp", "Alt ↑"),
)
STATES = (
    (N_("Available"), "ready"),
    (N_("After-contact work"), "acw"),
    (N_("Break"), "aux break"),
    (N_("Meal"), "aux meal"),
    (N_("Training"), "aux training"),
    (N_("Other pause"), "aux other"),
    (N_("End of shift"), "offline"),
)
PAGE = (
    (N_("Switch light or dark theme"), "sun-moon", "[data-theme-toggle]", ""),
    (N_("Switch between Italian and English"), "languages", "[data-language]", ""),
    (N_("Keyboard shortcuts"), "keyboard", "[data-open=shortcuts]", "Ctrl /"),
)


def fits(label: str, text: str) -> bool:
    """Whether every word of the text begins a word of the label."""
    said = [word for _, _, word in tokens(label)]
    return all(any(each.startswith(word) for each in said) for _, _, word in tokens(text))


def actions(actor: Actor, words: Words, text: str) -> Iterator[OptionGroup]:
    """Groups of what fits, in the order they are shown; empty ones are left out."""
    _ = words.gettext
    on_contact = [_pressed(_(name), icon, press, end) for name, icon, press, end in ON_CONTACT]
    moves = [Option(_plain(_(name)), icon=icon, key=key, end=end, kbd=True) for name, icon, key, end in MOVES]
    states = [_pressed(_(name), "activity", f'#presence [value="{value}"]', "") for name, value in STATES]
    page = [_pressed(_(name), icon, press, end) for name, icon, press, end in PAGE]
    go = [_gone(str(each["name"]), str(each["icon"]), str(each["href"])) for each in places(actor, words)]
    go.append(_gone(_("Preferences"), "settings", "/preferences"))
    yield from fitting(
        text,
        (_("This contact"), on_contact),
        (_("Your state"), states),
        (_("Go to"), [*moves, *go, *page]),
    )


def brand_filters(brands: Iterable[BrandFace], words: Words, text: str) -> Iterator[OptionGroup]:
    """Each granted brand, and all of them, as the filter of the queue."""
    of_one = [
        Option(_plain(face.name), brand=face, press=f'[data-filter-brand="{face.slug}"]') for face in brands
    ]
    every = _pressed(words.gettext("All brands"), "inbox", '[data-filter-brand=""]', "")
    yield from fitting(text, (words.gettext("Show only"), [*of_one, every]))


def fitting(text: str, *groups: tuple[str, list[Option]]) -> Iterator[OptionGroup]:
    for name, options in groups:
        kept = [_marked(each, text) for each in options if fits(_text(each), text)]
        if kept:
            yield OptionGroup(name, kept)


def _pressed(label: str, icon: str, press: str, end: str) -> Option:
    return Option(_plain(label), icon=icon, press=press, end=end, kbd=bool(end))


def _gone(label: str, icon: str, href: str) -> Option:
    return Option(_plain(label), icon=icon, go=href)


def _plain(label: str) -> list[Piece]:
    return [Piece(label, False)]


def _text(option: Option) -> str:
    return "".join(piece.text for piece in option.label)


def _marked(option: Option, text: str) -> Option:
    return msgspec.structs.replace(option, label=passage(_text(option), text)) if text else option
