"""Fields of a snippet: `{{name}}` of a short list, replaced once. No template engine ever sees a brand's text."""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("customer_name", "agent_alias", "brand_name", "ticket_number", "subject")
_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}", re.ASCII)
_BRACES = re.compile(r"\{\{.{0,40}|.{0,40}\}\}", re.DOTALL)


def unknown(text: str) -> str:
    """The first thing between double braces that is no field, or half a pair of braces; empty when all is well."""
    left = _FIELD.sub(lambda found: "" if found[1] in FIELDS else found[0], text)
    wrong = _FIELD.search(left) or _BRACES.search(left)
    return wrong[0].strip() if wrong else ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """Each field by its value. A value is never looked through: a customer may be called `{{agent_alias}}`."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)
