"""Who may import whom, beyond what import-linter can say; and import-linter itself."""

import ast
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.architecture import house

LATE_IMPORTS = {
    "weasyprint": "loads system libraries that only printing needs",
    "holidays": "takes a second to know every country, which only publishing a calendar needs",
}
WEB_ONLY = {"litestar", "jinja2"}
SURFACES = {"desk", "supervisor", "portal", "admin", "help", "api", "hooks"}
RANKS = {"errors": 0, "models": 2, "policy": 3, "events": 3, "queries": 4, "reactions": 6, "jobs": 6}
CALCULATION, CAPABILITY = 1, 5
OUTER = {"kit", "core", "web", "demo"}


def late_imports(module: ast.Module) -> set[str]:
    found = {each for function in house.functions(module) for each in house.imported(function)}
    return {each for each in found if each.split(".")[0] not in LATE_IMPORTS}


def upward(sources: Mapping[str, ast.Module]) -> list[str]:
    """Imports against the inner direction among the files of one folder, given by module name."""
    own = {name: {other for other in sources if _imports(module, other)} for name, module in sources.items()}
    ranks = {name: _rank(name, sources) for name in sources}
    return [
        f"{name} imports {other}"
        for name, others in own.items()
        for other in sorted(others)
        if ranks[other] > ranks[name] or (ranks[other] == ranks[name] not in (CALCULATION, CAPABILITY))
    ]


def _imports(module: ast.Module, other: str) -> bool:
    return any(each == other or each.startswith(f"{other}.") for each in house.imported(module))


def _rank(name: str, sources: Mapping[str, ast.Module]) -> int:
    """A file that knows neither database nor any neighbour but errors calculates: all may use it."""
    last = name.rpartition(".")[2]
    if last in RANKS:
        return RANKS[last]
    seen = set(house.imported(sources[name]))
    neighbours = {other for other in sources if _imports(sources[name], other)}
    apart = all(_rank(other, sources) <= CALCULATION for other in neighbours - {name})
    knows_database = any(each.startswith(("sqlalchemy", "portavoce.core.")) for each in seen)
    return CALCULATION if apart and not knows_database else CAPABILITY


def folders() -> dict[str, dict[str, ast.Module]]:
    found: dict[str, dict[str, ast.Module]] = {}
    for path in house.python():
        parts = path.relative_to(house.PACKAGE).parts
        if len(parts) > 1 and parts[0] not in OUTER and path.name != "__init__.py":
            found.setdefault(house.name(path.parent), {})[house.dotted(path)] = house.tree(path)
    return found


def strangers(folder: str, names: set[str]) -> list[str]:
    """Imports from one package directly under a folder to another of them."""
    crossings = []
    for path in house.python(f"src/portavoce/{folder}"):
        parts = path.relative_to(house.PACKAGE / folder).parts
        others = {f"portavoce.{folder}.{each}" for each in names - {parts[0]}}
        if parts[0] in names:
            crossings += [house.name(path) for other in others if _imports(house.tree(path), other)]
    return crossings


def test_the_import_contracts_hold() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=house.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_stand_at_the_top_of_the_file() -> None:
    found = {house.name(path): late for path in house.python() if (late := late_imports(house.tree(path)))}
    assert found.pop("src/portavoce/worker.py") == {
        "portavoce.probing.probe_when_due",
        "portavoce.web.portal.mailed.write_letter",
    }
    assert found.keys() == {"src/portavoce/cli.py"}


def test_an_import_inside_a_function_would_be_seen() -> None:
    source = "def f():\n    import json, weasyprint\n    from a import b\n"
    assert late_imports(ast.parse(source)) == {"json", "a.b"}


def test_only_the_web_knows_the_web_framework() -> None:
    web = (house.PACKAGE / "web", house.PACKAGE / "app.py")
    domains = [path for path in house.python() if not any(map(path.is_relative_to, web))]
    knowing = {path: {each.split(".")[0] for each in house.imported(house.tree(path))} for path in domains}
    assert not [house.name(path) for path, names in knowing.items() if names & WEB_ONLY]


def test_inside_a_module_imports_point_inwards() -> None:
    assert not {folder: found for folder, sources in folders().items() if (found := upward(sources))}


@pytest.mark.parametrize(
    ("importer", "imported", "broken"),
    [
        ("models", "closing", True),
        ("queries", "closing", True),
        ("events", "queries", True),
        ("events", "policy", True),
        ("reactions", "jobs", True),
        ("errors", "models", True),
        ("models", "errors", False),
        ("models", "hours", False),
        ("closing", "queries", False),
        ("closing", "reopening", False),
        ("jobs", "closing", False),
    ],
)
def test_an_import_outwards_would_be_seen(importer: str, imported: str, broken: bool) -> None:
    database = "import sqlalchemy\n"
    texts = {"closing": database, "reopening": database, "hours": "import math\n"}
    sources = {f"m.{each}": ast.parse(texts.get(each, "")) for each in (*RANKS, *texts)}
    sources[f"m.{importer}"] = ast.parse(f"{texts.get(importer, '')}from m.{imported} import x\n")
    assert bool(upward(sources)) is broken


def test_surfaces_do_not_know_each_other() -> None:
    assert not strangers("web", SURFACES)


def test_channels_do_not_know_each_other() -> None:
    channels = {
        path.parent.name for path in house.python("src/portavoce/channels") if path.name == "__init__.py"
    }
    assert not strangers("channels", channels - {"channels"})
