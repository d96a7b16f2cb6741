from __future__ import annotations

import io
import os
import subprocess
import sys

from rich.console import Console

from portavoce.core.processes.console import speaker


def test_lines_stand_behind_their_program_and_markup_is_text() -> None:
    out = io.StringIO()
    say = speaker(Console(file=out, width=20))
    say("web", "GET [bold]/b/aurora[/bold] 200 a line longer than the terminal")
    say("engine", "up")
    assert out.getvalue() == (
        "web      │ GET [bold]/b/aurora[/bold] 200 a line longer than the terminal\nengine   │ up\n"
    )


SPEAK = """
import sys
from rich.console import Console
from portavoce.core.processes.console import speaker
say = speaker(Console())
sys.stdin.read()
say("web", "nobody reads this")
say("web", "nor this")
sys.exit(7)
"""


def test_a_closed_terminal_stops_nothing() -> None:
    env = {**os.environ, "PYTHONPATH": "src"}
    argv = [sys.executable, "-c", SPEAK]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as speaking:
        assert speaking.stdin is not None
        assert speaking.stdout is not None
        speaking.stdout.close()
        speaking.stdin.close()
    assert speaking.returncode == 7
