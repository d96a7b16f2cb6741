"""Lines of several programs on one terminal, each behind the name of its program."""

from __future__ import annotations

from contextlib import suppress

from rich.console import Console
from rich.text import Text

from portavoce.core.processes.program import Say

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "bright_red")
WIDTH = 9


def speaker(console: Console) -> Say:
    """A `Say` for this console; every name keeps its colour. A closed terminal is no reason to stop."""
    colours: dict[str, str] = {}

    def say(name: str, line: str) -> None:
        colour = colours.setdefault(name, COLOURS[len(colours) % len(COLOURS)])
        # rich answers a broken pipe with SystemExit, after falling silent.
        with suppress(OSError, SystemExit):
            head = Text(f"{name:<{WIDTH}}", style=colour)
            console.print(head.append("│ ", style="dim").append_text(Text.from_ansi(line)), soft_wrap=True)

    return say
