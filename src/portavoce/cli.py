"""`portavoce <command>`: everything at once, one process, or one errand.

Each command imports what it runs: a process that needs a third of the product starts in a third of the time.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from portavoce.core.config import Settings, load_settings
from portavoce.core.errors import Problem
from portavoce.core.logs import configure_logs

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
CONSOLE = Console()


@app.callback()
def prepare_logs(context: typer.Context) -> None:
    """Customer care by one provider for many brands."""
    configure_logs(context.invoked_subcommand or "portavoce", load_settings().log_level)


@app.command()
def run(
    demo: Annotated[bool, typer.Option(help="Load the demo provider and keep mail coming.")] = True,
) -> None:
    """Start PostgreSQL, Redis, web, engine and worker, and keep them running until Ctrl-C."""
    from portavoce.running import run_everything

    run_everything(_fit_to_start(), CONSOLE, demo=demo)


@app.command()
def restart() -> None:
    """Replace engine, worker and web of a running `portavoce run` one after another; nobody is turned away."""
    from portavoce.core.processes.replacing import NotRunning, ask_replacement

    try:
        outcome = ask_replacement(load_settings().home)
    except NotRunning as error:
        raise SystemExit(str(error)) from error
    CONSOLE.print(outcome.words, soft_wrap=True)
    raise SystemExit(0 if outcome.ok else 1)


@app.command()
def serve() -> None:
    """The web process alone."""
    from portavoce.web.server import serve_web

    serve_web(_fit_to_start())


@app.command()
def engine() -> None:
    """The process that must never stop: mail in, dispatcher, timers."""
    from portavoce.engine import run_engine

    asyncio.run(run_engine(_fit_to_start()))


@app.command()
def worker() -> None:
    """Deliveries out."""
    from portavoce.worker import make_worker

    make_worker(_fit_to_start()).run()


@app.command(hidden=True)
def traffic() -> None:
    """Customers of the demo: they write and answer by SMTP and know nothing of the database."""
    from portavoce.demo.traffic import run_traffic

    asyncio.run(run_traffic(load_settings()))


@app.command()
def bootstrap(
    superuser_url: Annotated[str, typer.Argument(help="postgresql://postgres@host/postgres")],
) -> None:
    """Prepare a PostgreSQL of your own: database, roles, revokes, passwords."""
    from portavoce.core.bootstrap import bootstrap as prepare
    from portavoce.core.connections import role_passwords

    prepare(superuser_url, role_passwords(load_settings()))
    CONSOLE.print("Ready. Now set PORTAVOCE_DATABASE_URL and run `portavoce migrate`.")


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema, as its owner."""
    from portavoce.running import bring_up_to_date, with_services

    with with_services(load_settings()) as settings:
        bring_up_to_date(settings)


@app.command()
def relearn() -> None:
    """Make the marks of every brand again by which an answer written as another brand is held back."""
    from portavoce.running import bring_up_to_date, with_services

    with with_services(load_settings()) as settings:
        CONSOLE.print(f"{bring_up_to_date(settings, again=True)} brands read.")


@app.command()
def admin(email: str, name: str) -> None:
    """Make the first administrator and print the link that lets them choose a password."""
    from portavoce.errands import make_admin
    from portavoce.running import with_services

    with with_services(load_settings()) as settings:
        try:
            link = asyncio.run(make_admin(settings, email, name))
        except Problem as problem:
            raise SystemExit(problem.message) from problem
    CONSOLE.print(link, soft_wrap=True)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet, in one that does.")],
) -> None:
    """Copy database, files and keys into a new folder, while the system works. It holds keys: guard it."""
    from portavoce.errands import back_up

    raise SystemExit(back_up(load_settings(), target, CONSOLE))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A folder that portavoce backup made.")],
) -> None:
    """Bring a backup back into an empty installation; what was on its way is left to people, never sent again."""
    from portavoce.errands import bring_back

    raise SystemExit(bring_back(load_settings(), source, CONSOLE))


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A month as downloaded from the portal; no database is asked then.")
    ] = None,
) -> None:
    """Recompute every ledger from its stored bytes, or one month from its file; ends with 1 and says what differs."""
    if file is not None:
        from portavoce.reporting.recomputing import recompute_file

        raise SystemExit(recompute_file(file, CONSOLE.print))
    from portavoce.errands import verify_everything
    from portavoce.running import with_services

    with with_services(load_settings()) as settings:
        raise SystemExit(asyncio.run(verify_everything(settings, CONSOLE)))


@app.command()
def recount() -> None:
    """Make the reports of every brand anew from its ledger, when `verify` says that they do not agree."""
    from portavoce.errands import recount_everything
    from portavoce.running import with_services

    with with_services(load_settings()) as settings:
        asyncio.run(recount_everything(settings, CONSOLE))


@app.command()
def probe() -> None:
    """Try every brand's wall from outside, as each night; ends with 1 and says what was not refused."""
    from portavoce.errands import probe_everything
    from portavoce.running import with_services

    with with_services(load_settings()) as settings:
        raise SystemExit(asyncio.run(probe_everything(settings, CONSOLE)))


@app.command()
def doctor() -> None:
    """Check this installation and say what to do."""
    from portavoce.core.doctor import report
    from portavoce.errands import examine

    raise SystemExit(report(examine(load_settings()), CONSOLE))


def _fit_to_start() -> Settings:
    from portavoce.backups.keeping import refuse_half_restored

    settings = load_settings()
    refuse_half_restored(settings)
    return settings


def main() -> None:
    app()
