"""One process of the product, as `portavoce engine`, `worker` or `serve` runs it, with a sweeper in more of a hurry."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from portavoce.core import dispatching
from portavoce.core.config import load_settings
from portavoce.core.logs import configure_logs
from portavoce.engine import run_engine
from portavoce.web.server import serve_web
from portavoce.worker import make_worker


def main(name: str, stuck: float) -> None:
    dispatching.STUCK = timedelta(seconds=stuck)
    settings = load_settings()
    configure_logs(name, settings.log_level)
    if name == "serve":
        serve_web(settings)
    elif name == "engine":
        asyncio.run(run_engine(settings))
    elif name == "serve":
        serve_web(settings)
    else:
        make_worker(settings).run()
