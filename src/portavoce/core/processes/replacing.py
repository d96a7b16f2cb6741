"""`portavoce restart`: ask the supervisor of a home to replace its processes one after another, and hear how it went."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import msgspec

from portavoce.core.embedded.lock import Busy, held_at_once

ASK = signal.SIGUSR1
"""Not SIGHUP: a closed terminal stops what runs in it."""
STEP = 0.1


class NotRunning(RuntimeError):
    """No supervisor holds this home."""


class Outcome(msgspec.Struct, frozen=True):
    """`words` for whoever asked; not `ok`: one did not come up, and its old run and all after it stayed."""

    ok: bool
    words: str


def note_outcome(home: Path, outcome: Outcome) -> None:
    draft = _note(home).with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(outcome))
    draft.replace(_note(home))


def ask_replacement(home: Path, *, patience: float = 900.0) -> Outcome:
    """Blocks until the supervisor is through. Raises NotRunning."""
    pid = _supervisor(home)
    _note(home).unlink(missing_ok=True)
    os.kill(pid, ASK)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if _note(home).exists():
            return msgspec.json.decode(_note(home).read_bytes(), type=Outcome)
        if _supervisor(home) != pid:
            break
        time.sleep(STEP)
    return Outcome(False, "The supervisor has not said how it ended: look at its output.")


def _supervisor(home: Path) -> int:
    try:
        with held_at_once(home / "supervisor.lock"):
            pass
    except (Busy, FileNotFoundError) as error:
        if isinstance(error, Busy) and error.holder:
            return int(error.holder.split()[0])
    raise NotRunning(f"Portavoce does not run on {home}: start it with portavoce run.")


def _note(home: Path) -> Path:
    return home / "restart.json"
