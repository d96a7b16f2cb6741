"""What `portavoce run` says when it is up: where to look, who may sign in, how to write a mail, how to stop."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from portavoce.core.config import Settings
from portavoce.demo import cast


def welcome(settings: Settings, *, demo: bool) -> RenderableType:
    parts: list[RenderableType] = [_pages(settings)]
    if demo:
        parts += [Text(), _people()]
    parts += [Text(), Text("Ctrl-C stops everything; the data stays.")]
    panel = Panel(Group(*parts), title=f"Portavoce of {settings.provider_name}", expand=False, padding=(1, 2))
    return Group(panel, _by_hand(settings)) if demo else panel


def _pages(settings: Settings) -> Table:
    grid = _grid()
    base = settings.base_url
    for name, path in (("Desk", "/desk"), ("Portal", "/portal"), ("Admin", "/admin"), ("Sent mail", "/sent")):
        grid.add_row(name, f"{base}{path}")
    grid.add_row("Mail in", f"smtp://{settings.host}:{settings.smtp_port}")
    return grid


def _people() -> Table:
    """One line for each kind of person; everybody has the same password."""
    grid = _grid()
    grid.add_row("Sign in as", f"password of all: [bold]{cast.PASSWORD}[/bold]")
    grid.add_row("agent", f"{cast.GIULIA} (all four brands)")
    grid.add_row("supervisor", cast.SUPERVISORS[0].email)
    grid.add_row("admin", cast.ADMIN.email)
    for team in cast.TEAMS:
        grid.add_row(f"client {team.name}", ", ".join(party.email for party in team.people))
    return grid


def _by_hand(settings: Settings) -> Text:
    """Outside the panel, so that it can be copied."""
    to = cast.TEAMS[0].boxes[0].address
    return Text(
        "Customers write every half minute. To write a mail yourself:\n"
        "printf 'From: Gina <gina@posta.example>\\nSubject: Ciao\\n\\nPerde acqua.\\n' | \\\n"
        f"  curl -sS smtp://{settings.host}:{settings.smtp_port} -T - \\\n"
        f"  --mail-from gina@posta.example --mail-rcpt {to}\n"
    )


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid
