"""Which column of a file is which field of a customer: what can be chosen, what a heading suggests, what is no choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from portavoce.customers.importing.errors import BadMapping

IGNORED = ""
IDENTIFIER, EMAIL, PHONE, REACHED = "id", "email", "phone", "reached"
"""`reached` holds several addresses and numbers with blanks between them, as the export writes them."""
COLUMNS = ("name", "language", "needs", "preferred_channel", "preferred_moment", "note")
FIELDS = (IDENTIFIER, "name", EMAIL, PHONE, REACHED, *COLUMNS[1:])
REPEATABLE = frozenset({IGNORED, EMAIL, PHONE})
"""A customer may have two numbers in two columns."""
FINDING = frozenset({IDENTIFIER, EMAIL, PHONE, REACHED})
"""By one of these a customer is known."""
EXPORTED = {
    "id": ("identifier", "identificativo"),
    "name": ("name", "nome"),
    "language": ("language", "lingua"),
    "reached": ("addresses and numbers", "indirizzi e numeri"),
    "needs": ("needs", "esigenze"),
    "preferred_channel": ("prefers", "preferisce"),
    "preferred_moment": ("best reached", "momento migliore"),
    "note": ("note", "nota"),
    "": ("known since", "cliente dal"),
}
"""Headings of our own export."""
USUAL = {
    "id": ("customer id", "id cliente"),
    "name": (
        "full name", "customer", "customer name", "nome e cognome", "nome completo", "nominativo", "cliente",
        "ragione sociale",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "mail address", "indirizzo email", "indirizzo e mail",
        "posta elettronica", "pec",
    ),
    "phone": (
        "phone", "phone number", "telephone", "mobile", "mobile phone", "cell", "tel", "telefono", "cellulare",
        "numero", "numero di telefono", "numero di cellulare", "recapito telefonico",
    ),
    "preferred_channel": ("preferred channel", "canale preferito", "canale"),
    "preferred_moment": ("preferred moment", "preferred time", "momento preferito", "orario preferito"),
    "note": ("notes", "comment", "comments", "remarks", "annotazioni", "commento", "osservazioni"),
}  # fmt: skip
"""What others call them."""


def field_of(attribute_id: UUID) -> str:
    """An attribute of the brand as a choice, named as in a form of the profile."""
    return f"a_{attribute_id.hex}"


def guess(headings: Sequence[str], attributes: Iterable[tuple[str, str, str]]) -> list[str]:
    """A field for each heading, none twice. `attributes`: field, label and key of each.

    The export's own headings count first, where they stand first; then the brand's attributes, whose labels may say
    anything; then what columns are usually called.
    """
    own: dict[str, list[str]] = {}
    for field, label, key in attributes:
        for name in {folded(label), folded(key)}:
            own.setdefault(name, []).append(field)
    found: list[str] = []
    for heading in map(folded, headings):
        wanted = [*EXPORT_NAMES.get(heading, ()), *own.get(heading, ()), *USUAL_NAMES.get(heading, ())]
        free = (each for each in wanted if each in REPEATABLE or each not in found)
        found.append(next(free, IGNORED))
    return found


def checked(mapping: Sequence[str], width: int, attributes: Iterable[str]) -> list[str]:
    """The mapping, or BadMapping with a sentence."""
    if len(mapping) != width or not set(mapping) <= {IGNORED, *FIELDS, *attributes}:
        raise BadMapping("Choose a field for each column again.")
    if any(mapping.count(each) > 1 for each in set(mapping) - REPEATABLE):
        raise BadMapping("A field was chosen for two columns. Leave one of them out.")
    if not FINDING & set(mapping):
        raise BadMapping("Choose a column that tells who it is: identifier, mail or telephone.")
    return list(mapping)


def folded(text: str) -> str:
    """Without case, accents and whatever is no letter or digit."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def _names(fields: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: (field,) for field, names in fields.items() for name in names}


EXPORT_NAMES = _names(EXPORTED)
USUAL_NAMES = _names(USUAL)
