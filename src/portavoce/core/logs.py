"""One line per event: JSON, or words on a terminal. A closed list of fields: never a body, an address or a secret."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TextIO, cast

import structlog

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
FIRST = ("time", "level", "event", "process")
FIELDS = frozenset(
    {
        *FIRST, "request", "brand", "person", "logger", "error", "sqlstate", "constraint", "trace",
        "topic", "outbox", "loop", "view", "reason", "answer", "pokes", "channel", "check",
        "method", "route", "status", "ms", "tries", "outcome", "count", "removed", "port", "role",
        "kind", "what", "failures", "stored", "cause", "action", "customer_import",
    }
)  # fmt: skip
"""Everything a line may hold; a test reads every call in the code, and what is not listed is dropped."""
LEVELS = ("debug", "info", "warning", "error")
FRAMES = 12
_facts: ContextVar[dict[str, object] | None] = ContextVar("portavoce_log_facts", default=None)
_PLAIN = re.compile(r"[^\n:<'\"@{(\[]*")


class Unfailing:
    """A stream that loses what it cannot write: a full disk under the log must not end the work that is logged."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def configure_logs(process: str, level: str = "warning", *, as_json: bool | None = None) -> None:
    """Route structlog and the standard library's loggers to standard error, in one shape."""
    as_json = not sys.stderr.isatty() if as_json is None else as_json
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer(default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, timestamp_key="time", sort_keys=False)
    )
    structlog.configure(
        processors=[
            _circumstances,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _process(process),
            _trouble,
            _listed_fields,
            _harmless,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Unfailing(sys.stderr))),
    )
    logging.basicConfig(handlers=[Foreign()], level=logging.WARNING, force=True)


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """What every line within is about: `brand`, `request`, `person`. Tasks that begin within share it."""
    token = _facts.set({**(_facts.get() or {}), **facts})
    try:
        yield
    finally:
        _facts.reset(token)


def learn(**facts: object) -> None:
    """Add to the surrounding `about`, also for whoever awaits us: a brand is known only once it is granted."""
    known = _facts.get()
    if known is not None:
        known.update(facts)


class Foreign(logging.Handler):
    """Loggers of libraries. Their words may quote anything, so only the constant beginning is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        words = _PLAIN.match(str(record.msg))
        structlog.get_logger().log(
            max(record.levelno, logging.DEBUG),
            (words[0] if words else "")[:80].strip() or "a library said something",
            logger=record.name,
            exc_info=record.exc_info or None,
        )


def _circumstances(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**(_facts.get() or {}), **line}


def _process(name: str) -> structlog.types.Processor:
    def add(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {**line, "process": name}

    return add


def _trouble(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its types and places. Its message stays out: it may hold parameters, addresses, texts."""
    given = line.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        error = sys.exc_info()[1]
    return {**line, **described(error)} if error is not None else line


def described(error: BaseException) -> dict[str, object]:
    """Types from the outermost to its cause, the database's code and constraint, and the innermost places."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    frames = [frame for each in reversed(chain) for frame in traceback.extract_tb(each.__traceback__)]
    found: dict[str, object] = {
        "error": " < ".join(type(each).__name__ for each in chain),
        "trace": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames][
            -FRAMES:
        ],
    }
    states = [state for each in chain if isinstance(state := getattr(each, "sqlstate", None), str)]
    names = [
        name for each in chain if (name := getattr(getattr(each, "diag", None), "constraint_name", None))
    ]
    return {
        **found,
        **({"sqlstate": states[0]} if states else {}),
        **({"constraint": str(names[0])} if names else {}),
    }


def _listed_fields(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    first = {name: line[name] for name in FIRST if name in line}
    return {**first, **{name: value for name, value in line.items() if name in FIELDS}}


def _harmless(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What came from outside neither begins a line of its own nor speaks to the terminal."""
    return {name: _escaped(value) if isinstance(value, str) else value for name, value in line.items()}


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
