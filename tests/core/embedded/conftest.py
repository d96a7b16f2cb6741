from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portavoce.core.embedded.postgres import ensure_running, stop
from portavoce.core.embedded.removal import remove_data


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that any account may enter; pytest's own folders are private to us."""
    with tempfile.TemporaryDirectory(prefix="portavoce-") as parent:
        Path(parent).chmod(0o755)
        home = Path(parent) / "home"
        yield home
        remove_data(home)


@pytest.fixture(scope="session")
def cluster_files() -> Iterator[Path]:
    """What initdb makes, once: it is the slow part."""
    with tempfile.TemporaryDirectory(prefix="portavoce-") as parent:
        Path(parent).chmod(0o755)
        home = Path(parent) / "home"
        stop(ensure_running(home, durable=False))
        yield home
        remove_data(home)


@pytest.fixture
def home_with_data(home: Path, cluster_files: Path) -> Path:
    home.mkdir()
    subprocess.run(["cp", "-a", *cluster_files.glob("postgres*"), str(home)], check=True)
    return home


@pytest.fixture
def private_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portavoce-") as parent:
        home = Path(parent) / "home"
        yield home
        remove_data(home)
