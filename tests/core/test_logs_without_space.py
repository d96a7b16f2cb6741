"""The log's disk is full: what is logged is lost, what it told of goes on."""

from __future__ import annotations

import io
import logging
import sys

import pytest
import structlog

from portavoce.core.logs import configure_logs


class Full(io.StringIO):
    full = True

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)

    def flush(self) -> None:
        if self.full:
            raise OSError(28, "No space left on device")


def test_a_log_that_cannot_be_written_raises_nothing_and_is_written_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = Full()
    monkeypatch.setattr(sys, "stderr", disk)
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    try:
        configure_logs("engine", as_json=True)
        for log in (structlog.get_logger(), logging.getLogger("portavoce.test")):
            log.error("lost")
        disk.full = False
        for log in (structlog.get_logger(), logging.getLogger("portavoce.test")):
            log.error("kept")
    finally:
        structlog.reset_defaults()
        root.handlers, root.level = before
    assert (disk.getvalue().count("kept"), "lost" in disk.getvalue()) == (2, False)
