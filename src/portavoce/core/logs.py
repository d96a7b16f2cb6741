"""One line per event: key=value on a terminal, JSON elsewhere. Never a body, never a secret, never two lines for one."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_OR_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SEVERAL_LINES = frozenset({"exception", "stack"})


def configure_logs(*, as_json: bool | None = None) -> None:
    """Route structlog and the standard library's loggers to standard error, in one shape."""
    as_json = not sys.stderr.isatty() if as_json is None else as_json
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        harmless,
    ]
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(processors=[*shared, last], logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def harmless(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """What came from outside neither begins a line of its own nor speaks to the terminal."""
    for key, value in event.items():
        if isinstance(value, str):
            pattern = _CONTROL if key in SEVERAL_LINES else _CONTROL_OR_LINE
            event[key] = pattern.sub(lambda found: found[0].encode("unicode_escape").decode(), value)
    return event
