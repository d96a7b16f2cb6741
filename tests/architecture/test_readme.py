"""The README keeps up with what the project needs and can be told."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from portavoce.core.config import Settings
from tests.architecture import house

ROW = re.compile(r"^\| `([\w.-]+)` \|", re.MULTILINE)
COME_WITH_ANOTHER = {
    "markupsafe": "jinja2's own type of safe text",
    "redis": "the client arq brings in the version it needs",
}


def section(title: str) -> set[str]:
    """The first cells of the tables under a heading."""
    text = (house.ROOT / "README.md").read_text()
    return set(ROW.findall(text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]))


def required(*, optional: bool) -> set[str]:
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text())["project"]
    groups = project["optional-dependencies"].values() if optional else ()
    listed = [*project["dependencies"], *(each for group in groups for each in group)]
    return {re.split(r"[\[<>=~! ;]", each, maxsplit=1)[0] for each in listed}


def test_each_dependency_has_its_line_and_no_other() -> None:
    assert section("Dependencies") == required(optional=True)


def test_each_setting_has_its_line_and_no_other() -> None:
    assert section("Configuration") == {f"PORTAVOCE_{each.upper()}" for each in Settings.__struct_fields__}


def test_what_the_package_imports_is_a_dependency_of_its_own() -> None:
    known = packages_distributions()
    roots = {each.split(".")[0] for path in house.python() for each in house.imported(house.tree(path))}
    foreign = roots - sys.stdlib_module_names - {"portavoce"}
    owners = {name.lower().replace("_", "-") for root in foreign for name in known.get(root, [root])}
    assert owners <= required(optional=False) | set(COME_WITH_ANOTHER)
