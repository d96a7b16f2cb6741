"""Files under `brand/<id>/…`: synced before the row that names them commits, read only through that row."""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.models import StoredFile
from portavoce.core.unit import new_id, now, written_brand


class Storage:
    """A folder of content-addressed files, one subtree per brand."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, brand_id: UUID, content: bytes) -> str:
        """Write, sync and rename; returns the key. Blocking: call it in a thread. Same content, same key."""
        digest = sha256(content).hexdigest()
        key = f"brand/{brand_id}/{digest[:2]}/{digest}"
        path = self._root / key
        _make_folder(path.parent)
        draft = path.with_name(f".{digest}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return key

    def read(self, file: StoredFile) -> bytes:
        """The content behind a row that was found in scope. Blocking."""
        return (self._root / file.key).read_bytes()

    def brands(self) -> list[UUID]:
        """Brands that have files here. Blocking."""
        folder = self._root / "brand"
        return [UUID(each.name) for each in folder.iterdir()] if folder.is_dir() else []

    def older_than(self, brand_id: UUID, moment: datetime) -> list[str]:
        """Keys of a brand's files last written before `moment`, abandoned drafts too. Blocking."""
        files = (self._root / f"brand/{brand_id}").glob("*/*")
        return [
            str(each.relative_to(self._root)) for each in files if each.stat().st_mtime < moment.timestamp()
        ]

    def is_older_than(self, key: str, moment: datetime) -> bool:
        """Whether there is such a file, last written before `moment`. Blocking."""
        path = self._root / key
        return path.exists() and path.stat().st_mtime < moment.timestamp()

    def remove(self, key: str) -> None:
        (self._root / key).unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """A new folder is as durable as the entry in its parent, all the way up."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_row(db: AsyncSession, key: str, content: bytes, media_type: str) -> StoredFile:
    """The row of a saved file of the written brand; its key ends with the digest of its content."""
    row = StoredFile(
        brand_id=written_brand(db),
        id=new_id(db),
        key=key,
        sha256=key.rpartition("/")[2],
        size=len(content),
        media_type=media_type,
        created_at=now(db),
    )
    db.add(row)
    return row
