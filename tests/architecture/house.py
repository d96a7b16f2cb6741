"""What the checks of the house read: its tracked files, their text and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "portavoce"
TEMPLATES = ROOT / "frontend" / "templates"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Everything tracked or about to be: what a clone would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file() and not path.is_symlink())


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text."""
    for path in files():
        try:
            yield path, path.read_text()
        except UnicodeDecodeError:
            continue


def python(*folders: str) -> list[Path]:
    """The Python files under folders of the repository; without any, those of the package."""
    wanted = [ROOT / folder for folder in folders] or [PACKAGE]
    return [path for path in files() if path.suffix == ".py" and any(map(path.is_relative_to, wanted))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(module: ast.Module) -> list[Function]:
    return [node for node in ast.walk(module) if isinstance(node, Function)]


@cache
def imported(module: ast.AST) -> tuple[str, ...]:
    """Full names of what is imported, `a.b.c` for `from a.b import c`."""
    return tuple(_imported(module))


def _imported(module: ast.AST) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    """A path as a reader of a failing test wants it."""
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    """`src/portavoce/sla/clock.py` as `portavoce.sla.clock`, a package as itself."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
