"""Keys and passwords in 0600 files under `home/secrets`, made on first use. Never in the database, never logged."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from portavoce.core.embedded.lock import held


def secret(folder: Path, name: str, *, size: int = 32) -> bytes:
    """The named key of `size` random bytes; created once, atomically, readable by the owner only."""
    return bytes.fromhex(_once(folder / name, lambda: secrets.token_hex(size)))


def passwords(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    """One password per role; new names are added to the file, known ones never change."""
    path = folder / "roles.json"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(folder / "roles.lock"):
        known = msgspec.json.decode(_once(path, lambda: "{}"), type=dict[str, str])
        missing = [name for name in names if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(24) for name in missing}
            _replace(path, msgspec.json.encode(known).decode())
        return {name: known[name] for name in names}


def _once(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _draft(path)
        _write(draft, make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _replace(path: Path, content: str) -> None:
    draft = _draft(path)
    _write(draft, content)
    draft.replace(path)


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _write(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
