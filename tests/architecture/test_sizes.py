"""Files and functions a reader can hold in the head; medians are reported, not limited."""

import ast
from collections.abc import Callable
from statistics import median

from tests.architecture import house

FILE_LINES, FUNCTION_LINES, PAGE_LINES, FRAGMENT_LINES = 300, 50, 150, 60


def length(function: house.Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def long_functions(module: ast.Module) -> list[str]:
    return [each.name for each in house.functions(module) if length(each) > FUNCTION_LINES]


def test_no_file_of_ours_is_over_300_lines(record_property: Callable[[str, object], None]) -> None:
    lines = {house.name(path): len(path.read_text().splitlines()) for path in house.python()}
    record_property("median lines of a file", median(lines.values()))
    assert not {path: count for path, count in lines.items() if count > FILE_LINES}


def test_no_function_is_over_50_lines(record_property: Callable[[str, object], None]) -> None:
    trees = {house.name(path): house.tree(path) for path in house.python()}
    lengths = [length(each) for module in trees.values() for each in house.functions(module)]
    record_property("median lines of a function", median(lengths))
    assert not {path: found for path, module in trees.items() if (found := long_functions(module))}


def test_a_function_of_51_lines_would_be_seen() -> None:
    assert long_functions(ast.parse("def f():\n" + "    x = 1\n" * 50)) == ["f"]
    assert long_functions(ast.parse("def f():\n" + "    x = 1\n" * 49)) == []


def test_no_page_is_over_150_lines_and_no_fragment_over_60() -> None:
    pages = [path for path in house.files() if path.is_relative_to(house.TEMPLATES)]
    limits = {path: FRAGMENT_LINES if path.name.startswith("_") else PAGE_LINES for path in pages}
    lines = {path: len(path.read_text().splitlines()) for path in pages}
    assert not {house.name(path): lines[path] for path in pages if lines[path] > limits[path]}
