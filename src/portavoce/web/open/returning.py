"""Where to go after signing in: a page of ours or the start, never an address somebody slipped into a link."""

from __future__ import annotations

import re
from urllib.parse import unquote

_OURS = re.compile(r"/(?:desk|portal|admin|b|preferences|sent)(?:/[\w./-]*)?", re.ASCII)
START = "/"


def safe_next(wanted: str) -> str:
    """The wanted path if it is one of our pages, spelled plainly; START for anything else."""
    plain = _OURS.fullmatch(wanted) and ".." not in wanted and "//" not in wanted
    return wanted if plain and unquote(wanted) == wanted else START
