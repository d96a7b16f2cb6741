"""The application without a database behind it, to look at its routes. `python -m tests.web.routes_page` writes
`docs/routes.md`.
"""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

from litestar import Litestar

from portavoce.app import create_app
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.paths import CHECKOUT
from portavoce.kit.clock import SystemClock
from portavoce.web.routes import table
from tests.web.browsing import QUICK

PAGE = CHECKOUT / "docs" / "routes.md"


@cache
def unconnected_app() -> Litestar:
    """One for all who only look at it."""
    return another_app()


def another_app() -> Litestar:
    """To add routes to."""
    with tempfile.TemporaryDirectory() as home:
        return create_app(Settings(home=Path(home)), Database({}, SystemClock()), passwords=QUICK)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(table(unconnected_app()))
    sys.stdout.write(f"{PAGE}\n")
