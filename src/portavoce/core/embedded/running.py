"""Start, recognise and end server processes. Identity is the folder a process works in, not its pid."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from portavoce.core.embedded.account import Account

PROC = Path("/proc")
STEP = 0.03
LOG_BYTES_KEPT = 10_000_000


def spawn(argv: Sequence[str], *, account: Account, log: Path, folder: Path, text: str = "") -> int:
    """Start a server as our child, deaf to the terminal, with `text` as its input. Gives its pid."""
    _shorten(log)
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 -- argv is built from our own binaries
            argv,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            start_new_session=True,
            umask=0o077,
            **account.credentials,
        )
    assert child.stdin is not None
    with child.stdin, suppress(BrokenPipeError):
        child.stdin.write(text.encode())
    # It may outlive us and is reaped by pid in `alive`; Popen must neither wait nor complain.
    child.returncode = 0
    return child.pid


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie; reaps it when it was our child."""
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) not in ("Z", "X")


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return "?" if not PROC.joinpath("self").exists() else "X"


def running_in(folder: Path) -> list[int]:
    """Living processes whose working folder is `folder`, also when it was deleted under them.

    Both servers change into their data folder, so this finds them and their orphans after any crash.
    """
    wanted = {str(folder), f"{folder} (deleted)"}
    return [pid for pid in _pids() if _works_in(pid) in wanted and alive(pid)]


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()] if PROC.exists() else []


def _works_in(pid: int) -> str:
    try:
        return str((PROC / str(pid) / "cwd").readlink())
    except OSError:
        return ""


def can_look() -> bool:
    """Whether this system shows working folders; where not, pid files are all we have."""
    return PROC.joinpath("self", "cwd").exists()


def send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def end(
    pids: Iterable[int],
    *,
    ladder: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)),
) -> bool:
    """Climb the ladder of (signal, seconds to wait) until none lives; False when some still do."""
    left = list(pids)
    for number, patience in ladder:
        for pid in filter(alive, left):
            send(pid, number)
        if wait_until(lambda: not any(map(alive, left)), patience):
            return True
    return not any(map(alive, left))


def wait_until(done: Callable[[], bool], patience: float) -> bool:
    """Poll `done` for at most `patience` seconds."""
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP)
    return True


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
