"""Static files under a path that carries the hash of the whole folder, so that browsers may keep them for ever.

The hash is in the path and not in the query because ES modules and the sprite name each other by relative
path: one changed file changes every address, and a module can never meet an older sibling.
"""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Protocol

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

FOREVER = "public, max-age=31536000, immutable"


class StaticUrl(Protocol):
    def __call__(self, name: str) -> str: ...


def version_of(folder: Path) -> str:
    """Twelve hex digits over the names and bytes of every file in the folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def make_static_url(folder: Path) -> StaticUrl:
    """`static_url("css/desk.css")`; naming a file that does not exist raises FileNotFoundError."""
    known = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    version = version_of(folder)

    def static_url(name: str) -> str:
        if name not in known:
            raise FileNotFoundError(f"no static file {name}: run python -m portavoce.web.assets")
        return f"/static/{version}/{name}"

    return static_url


def static_handler(folder: Path) -> HTTPRouteHandler:
    """Answers `/static/<version>/<name>` from memory; only names that existed at start are served."""
    files = {
        path.relative_to(folder).as_posix(): (path.read_bytes(), _media_type(path))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }

    @get("/static/{version:str}/{name:path}", name="static", include_in_schema=False)
    async def serve(version: FromPath[str], name: FromPath[Path]) -> Response[bytes]:
        found = files.get(name.as_posix().lstrip("/"))
        if found is None:
            raise NotFoundException
        content, media_type = found
        return Response(content, media_type=media_type, headers={"Cache-Control": FOREVER})

    return serve


def _media_type(path: Path) -> str:
    known = {
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
    }
    return known.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
