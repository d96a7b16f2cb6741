"""Calls this house does without; each exception stands here with its reason."""

import ast
import re

from tests.architecture import house

FORBIDDEN = re.compile(
    r"datetime\.now\(|\.utcnow\(|\.today\(|(?:import|from) pickle|pickle\.|\|\s*safe\b|import_module\(|\beval\("
)
ALLOWED = {
    ("src/portavoce/kit/clock.py", "datetime.now("): "the one place that reads the machine's clock",
}
MADE_SAFE = {
    "src/portavoce/web/clocks.py": "one of each row: numbers and codes of ours are not escaped, which takes four times as long"
}


def forbidden(text: str) -> set[str]:
    return set(FORBIDDEN.findall(text))


def made_safe(module: ast.Module) -> list[str]:
    """Markup made of anything but text written in the program, which is the only text known to be safe."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    marks = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] == "Markup"]
    return [
        ast.unparse(call) for call in marks if not all(isinstance(each, ast.Constant) for each in call.args)
    ]


def test_nothing_reads_the_clock_unpickles_or_marks_text_as_safe_unlisted() -> None:
    folders = tuple(house.ROOT / each for each in ("src", "migrations", "frontend/templates"))
    sources = [path for path in house.files() if any(map(path.is_relative_to, folders))]
    used = {(house.name(path), call) for path in sources for call in forbidden(path.read_text())}
    assert used == set(ALLOWED), "unlisted, or listed and no longer used"


def test_what_is_forbidden_would_be_seen() -> None:
    calls = ["datetime.now(", ".utcnow(", ".today(", "import pickle", "pickle.", "| safe", "|safe"]
    assert forbidden("\n".join(calls)) == set(calls)


def test_only_text_of_the_program_becomes_markup_unlisted() -> None:
    naming = [path for path in house.python() if "Markup" in path.read_text()]
    made = {house.name(path) for path in naming if made_safe(house.tree(path))}
    assert made == set(MADE_SAFE), "unlisted, or listed and no longer used"


def test_markup_of_a_value_would_be_seen() -> None:
    source = "Markup('<b>{}</b>').format(name); markupsafe.Markup(name); Markup(f'<b>{name}</b>')"
    assert made_safe(ast.parse(source)) == ["markupsafe.Markup(name)", "Markup(f'<b>{name}</b>')"]
