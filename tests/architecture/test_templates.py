"""Templates and the code that names them know each other."""

import ast
import re
from collections.abc import Iterator

from tests.architecture import house

NAMED_IN_TEMPLATE = re.compile(r"\{%-?\s*(?:extends|include|import|from)\s+([^%]*)")
QUOTED = re.compile(r"[\"']([\w./-]+\.\w+)[\"']")
PAGE = re.compile(r"[\w-]+(?:/[\w-]+)*\.html|[\w-]+(?:/[\w-]+)+\.(?:txt|xml)")


def named_in_template(text: str) -> set[str]:
    return {each for clause in NAMED_IN_TEMPLATE.findall(text) for each in QUOTED.findall(clause)}


def named_in_code(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and PAGE.fullmatch(node.value):
            yield node.value


def built_in_code(module: ast.Module) -> Iterator[str]:
    """Patterns of the names that f-strings build."""
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr) and ast.unparse(node).rstrip("'\"").endswith((".html", ".txt")):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values
            )


def existing() -> dict[str, str]:
    pages = [path for path in house.files() if path.is_relative_to(house.TEMPLATES)]
    return {path.relative_to(house.TEMPLATES).as_posix(): path.read_text() for path in pages}


def test_every_template_that_is_named_exists() -> None:
    pages = existing()
    named = {each for text in pages.values() for each in named_in_template(text)}
    named |= {each for path in house.python() for each in named_in_code(house.tree(path))}
    assert named <= set(pages)


def test_every_template_is_named_somewhere() -> None:
    pages = existing()
    named = {each for text in pages.values() for each in named_in_template(text)}
    named |= {each for path in house.python() for each in named_in_code(house.tree(path))}
    built = [each for path in house.python() for each in built_in_code(house.tree(path))]
    assert not {page for page in set(pages) - named if not any(re.fullmatch(each, page) for each in built)}


def test_names_of_templates_are_found_where_they_are_written() -> None:
    text = '{% extends "base.html" %}{%- from \'components/tile.html\' import tile %}{% include ["a.html", "b.html"] %}'
    assert named_in_template(text) == {"base.html", "components/tile.html", "a.html", "b.html"}
    module = ast.parse('render("desk/queue.html", x="a b.html"); mail(f"mail/{kind}.txt")')
    assert list(named_in_code(module)) == ["desk/queue.html"]
    assert list(built_in_code(module)) == [r"mail/.+\.txt"]
