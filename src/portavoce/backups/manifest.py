"""What a backup says of itself: which release made it, when, and the sum of every part.

<backup>/manifest.json     this
<backup>/manifest.sha256   the sum of the line above
<backup>/database.dump     pg_dump's custom format, schema `pv`
<backup>/files.list        one line per file: sha256, size, key
<backup>/files/<key>       the files themselves
<backup>/secrets/<name>    the keys
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from portavoce.backups.errors import Unsound

FORMAT = 1
MANIFEST, SUM, DATABASE, LIST = "manifest.json", "manifest.sha256", "database.dump", "files.list"
FILES, KEYS = "files", "secrets"
Step = Callable[[int], None]


class Part(msgspec.Struct, frozen=True):
    sha256: str
    size: int


class Head(msgspec.Struct, frozen=True):
    """Number and hash of a brand's last fact."""

    n: int
    hash: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`unsound`: files that a row names and that were missing or damaged when the backup was made."""

    format: int = FORMAT
    version: str
    revisions: list[str]
    made_at: datetime
    seconds: float
    parts: dict[str, Part]
    files: int
    file_bytes: int
    heads: dict[str, Head]
    unsound: list[str]


class Listed(NamedTuple):
    """A file of the backup. Content-addressed: the last piece of `key` is its sum as well."""

    sha256: str
    size: int
    key: str

    @property
    def line(self) -> str:
        return f"{self.sha256} {self.size} {self.key}\n"


def part_of(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def write(folder: Path, manifest: Manifest) -> None:
    body = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"))
    (folder / MANIFEST).write_bytes(body)
    (folder / SUM).write_text(sha256(body).hexdigest())


def read(folder: Path) -> Manifest:
    """The manifest, once its own sum is right. Raises Unsound."""
    try:
        body, told = (folder / MANIFEST).read_bytes(), (folder / SUM).read_bytes()
    except OSError:
        raise Unsound(f"{folder} is no backup: it has no {MANIFEST} with its sum.") from None
    if sha256(body).hexdigest().encode() != told.strip():
        raise Unsound(f"{MANIFEST} is damaged.")
    manifest = msgspec.json.decode(body, type=Manifest)
    if manifest.format != FORMAT:
        raise Unsound(f"The backup is of format {manifest.format}; this release reads {FORMAT}.")
    return manifest


def verify(folder: Path, manifest: Manifest, step: Step = lambda _bytes: None) -> None:
    """Recompute every sum; `step` hears of bytes read. Raises Unsound with the name of the first wrong part."""
    for name, told in manifest.parts.items():
        _compare(folder / name, told, name)
        step(told.size)
    for each in listed(folder):
        _compare(folder / FILES / each.key, Part(each.sha256, each.size), each.key)
        step(each.size)


def listed(folder: Path) -> Iterator[Listed]:
    with (folder / LIST).open() as lines:
        for line in lines:
            digest, size, key = line.rstrip("\n").split(" ", 2)
            yield Listed(digest, int(size), key)


def _compare(path: Path, told: Part, name: str) -> None:
    if not path.is_file():
        raise Unsound(f"{name} is missing from the backup.")
    if part_of(path) != told:
        raise Unsound(f"{name} is damaged.")
