"""The application as granian serves it, from what the environment names: DESK_HOME, DESK_REDIS, DESK_URLS (JSON)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from litestar import Litestar

from portavoce.app import create_app
from portavoce.core.config import Settings
from portavoce.kit.clock import SystemClock
from portavoce.wiring import open_database


def application() -> Litestar:
    settings = Settings(
        home=Path(os.environ["DESK_HOME"]),
        redis_url=os.environ["DESK_REDIS"],
        web_port=int(os.environ["DESK_PORT"]),
    )
    database = open_database(settings, clock=SystemClock(), urls=json.loads(os.environ["DESK_URLS"]))
    return create_app(settings, database)
