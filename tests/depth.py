"""How deep this run digs: `make test` takes short selections, `make test-deep` the rest."""

from __future__ import annotations

import os

DEEP = os.environ.get("PORTAVOCE_TEST_PROFILE") == "deep"


def scaled(short: int, deep: int) -> int:
    """How many rounds, mails or people this run takes."""
    return deep if DEEP else short
