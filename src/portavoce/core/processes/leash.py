"""Run as a script: `leash.py <parent pid> <program> …`. Becomes the program, with SIGTERM due when the parent dies.

A wrapper instead of `preexec_fn`, which is unsafe in a process with threads. Where the kernel offers no such
signal the program just runs; what is left over is ended at the next start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    parent, program = int(argv[1]), argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    # The parent may have died before the line above.
    if os.getppid() == parent:
        os.execvp(program[0], program)  # noqa: S606 -- the supervisor chose the program


if __name__ == "__main__":
    main(sys.argv)
