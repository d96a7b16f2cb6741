"""Run as a script: `leash.py <parent pid> <program> …`. Becomes the program, with SIGTERM due when the parent dies.

A wrapper instead of `preexec_fn`, which is unsafe in a process with threads. Where the kernel offers no such
signal the program just runs; what is left over is ended at the next start. Sockets that were handed down move to
where systemd's protocol has them, see `sockets`.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
HANDED = "PORTAVOCE_HANDED_DOWN"
FIRST, ASIDE = 3, 64


def main(argv: list[str]) -> None:
    parent, program = int(argv[1]), argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if handed := os.environ.pop(HANDED, ""):
        _arrange([int(number) for number in handed.split(",")])
    # The parent may have died before the line above.
    if os.getppid() == parent:
        os.execvp(program[0], program)  # noqa: S606 -- the supervisor chose the program


def _arrange(numbers: list[int]) -> None:
    """Aside first: one may lie where another belongs."""
    aside = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, ASIDE) for number in numbers]
    for number in numbers:
        os.close(number)
    for place, number in enumerate(aside, FIRST):
        os.dup2(number, place)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(numbers)))


if __name__ == "__main__":
    main(sys.argv)
