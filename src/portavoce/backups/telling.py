"""How far a backup or a restore has come, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from portavoce.backups.making import Told

WORDS = {"database": "Database", "files": "Files", "sums": "Checking sums", "migrations": "Migrating"}


@contextmanager
def progress(console: Console) -> Iterator[Told]:
    """One bar per step; where nobody looks, none."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    shown: dict[str, TaskID] = {}
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:

        def tell(what: str, done: int, of: int) -> None:
            if what not in shown:
                shown[what] = bars.add_task(WORDS[what], total=None)
            bars.update(shown[what], completed=done, total=of or None)

        yield tell
