"""Lines of CSV that a spreadsheet opens at a double click and that cannot run anything there."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable

from portavoce.kit.formulas import harmless
from portavoce.web.i18n import Words

MARK = codecs.BOM_UTF8
"""At the beginning of the file: spreadsheets take it for UTF-8 then."""
# Spreadsheets set to Italian split cells at semicolons only, since the comma is their decimal mark.
SEPARATORS = {"it": ";", "en": ","}


def lines(rows: Iterable[Iterable[str]], words: Words) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATORS[words.locale]).writerows(map(harmless, row) for row in rows)
    return text.getvalue().encode()
