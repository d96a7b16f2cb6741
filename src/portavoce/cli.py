"""`portavoce <command>`: everything at once, one process, or one errand."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from portavoce.core.bootstrap import bootstrap as prepare
from portavoce.core.config import load_settings
from portavoce.core.connections import owner_url, role_passwords
from portavoce.core.doctor import report
from portavoce.core.errors import Problem
from portavoce.core.logs import configure_logs
from portavoce.core.migrating import migrate as run_migrations
from portavoce.demo.traffic import run_traffic
from portavoce.engine import run_engine
from portavoce.errands import examine, make_admin, probe_everything, verify_everything
from portavoce.running import run_everything, with_services
from portavoce.web.server import serve_web
from portavoce.worker import make_worker

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
    run_everything(load_settings(), CONSOLE, demo=demo)


@app.command()
def serve() -> None:
    """The web process alone."""
    serve_web(load_settings())


@app.command()
def engine() -> None:
    """The process that must never stop: mail in, dispatcher, timers."""
    asyncio.run(run_engine(load_settings()))


@app.command()
def worker() -> None:
    """Deliveries out."""
    make_worker(load_settings()).run()


@app.command(hidden=True)
def traffic() -> None:
    """Customers of the demo: they write and answer by SMTP and know nothing of the database."""
    asyncio.run(run_traffic(load_settings()))


@app.command()
def bootstrap(
    superuser_url: Annotated[str, typer.Argument(help="postgresql://postgres@host/postgres")],
) -> None:
    """Prepare a PostgreSQL of your own: database, roles, revokes, passwords."""
    prepare(superuser_url, role_passwords(load_settings()))
    CONSOLE.print("Ready. Now set PORTAVOCE_DATABASE_URL and run `portavoce migrate`.")


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema, as its owner."""
    with with_services(load_settings()) as settings:
        run_migrations(owner_url(settings))


@app.command()
def admin(email: str, name: str) -> None:
    """Make the first administrator and print the link that lets them choose a password."""
    with with_services(load_settings()) as settings:
        try:
            link = asyncio.run(make_admin(settings, email, name))
        except Problem as problem:
            raise SystemExit(problem.message) from problem
    CONSOLE.print(link, soft_wrap=True)


@app.command()
def verify() -> None:
    """Recompute every ledger from its stored bytes; ends with 1 and names brand and fact where one does not hold."""
    with with_services(load_settings()) as settings:
        raise SystemExit(asyncio.run(verify_everything(settings, CONSOLE)))


@app.command()
def probe() -> None:
    """Try every brand's wall from outside, as each night; ends with 1 and says what was not refused."""
    with with_services(load_settings()) as settings:
        raise SystemExit(asyncio.run(probe_everything(settings, CONSOLE)))


@app.command()
def doctor() -> None:
    """Check this installation and say what to do."""
    raise SystemExit(report(examine(load_settings()), CONSOLE))


def main() -> None:
    app()
