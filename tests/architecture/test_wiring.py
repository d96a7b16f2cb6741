"""Every event has its row in the one table that says what follows from it, even if nothing does."""

import ast

from tests.architecture import house

WIRING = house.PACKAGE / "wiring.py"


def events(module: ast.Module) -> set[str]:
    """The dataclasses of an events.py: what can be announced."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    return {
        each.name for each in classes if any("dataclass" in ast.unparse(mark) for mark in each.decorator_list)
    }


def unwired(announced: set[str], wiring: ast.Module) -> set[str]:
    used = {node.attr for node in ast.walk(wiring) if isinstance(node, ast.Attribute)}
    used |= {node.id for node in ast.walk(wiring) if isinstance(node, ast.Name)}
    return announced - used


def test_every_event_is_wired() -> None:
    sources = [path for path in house.python() if path.name == "events.py"]
    announced = {each for path in sources for each in events(house.tree(path))}
    # Before the table exists nothing is wired and nothing can be lost: there is nothing to announce to.
    wiring = house.tree(WIRING) if WIRING.exists() else ast.parse("\n".join(announced))
    assert not unwired(announced, wiring)


def test_an_event_that_is_only_imported_would_be_seen() -> None:
    source = "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Opened: ...\n@dataclass\nclass Closed: ...\n"
    announced = events(ast.parse(source))
    wiring = ast.parse("from m.events import Opened, Closed\nREACTIONS = {Opened: ()}")
    assert unwired(announced, wiring) == {"Closed"}
