"""The few statements that go around the ORM, by name: whoever adds one adds it here, for somebody to see."""

from __future__ import annotations

import importlib
from pathlib import Path

import portavoce
from portavoce.core.trusted import TRUSTED_SQL

SOURCES = Path(portavoce.__file__).parent
LISTED = {
    "core.who_am_i": "the start-up check asks about its own role",
    "core.takes_no_changes": "the desk says when nothing can be saved",
    "core.readable_tables": "the start-up check asks what its role may read",
    "identity.grants_of": "a person's brands, before a scope exists",
    "identity.rights_of": "the same of one person, and whether they administer the house",
    "brands.resolve": "an address's brand, before a scope exists",
    "brands.signals_among": "whether a text names another brand, told only of brands in scope",
    "search.enter_again": "many entries of the written brand as one value",
    "customers.change_many": "an import changes many customers of the written brand, as one value",
    "search.find": "one brand's words, through the definer function",
    "brands.all_ids": "the dispatcher goes from brand to brand",
    "ledger.lock_head": "numbers and chains the facts, last of all",
    "ledger.write": "stores the facts, draws the tickets, moves the head",
    "outbox.due": "the dispatcher's role sees heads of every brand",
    "house_outbox.due": "mail without a brand",
    "outbox.mark_handed": "the dispatcher's role may set marks only",
    "house_outbox.mark_handed": "mail without a brand",
    "reporting.behind": "which brands' reports lag behind their ledger; ids only",
    "reporting.add_to_sums": "adds to sums of the written brand where they stand, as one value",
    "metrics.open_rows": "the dispatcher's role counts heads of every brand, by state",
    "metrics.database_size": "names no table",
}
MAY_KNOW_THE_WORD = {"core/session.py", "core/trusted.py", "core/selfcheck.py", "core/trespass.py"}


def test_every_trusted_statement_is_listed() -> None:
    for path in SOURCES.rglob("*.py"):
        if "trusted_sql(" in path.read_text() and path.name != "trusted.py":
            importlib.import_module(".".join(("portavoce", *path.relative_to(SOURCES).with_suffix("").parts)))
    ours = {name for name in TRUSTED_SQL if not name.startswith("tests.")}
    assert ours == LISTED.keys()


def test_nobody_else_marks_a_statement_as_trusted() -> None:
    found = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if "portavoce_trusted" in path.read_text()
        or "TRUSTED:" in path.read_text()
        or " TRUSTED\n" in path.read_text()
    }
    assert found == MAY_KNOW_THE_WORD


def test_no_trusted_statement_is_built_from_values() -> None:
    assert not [
        name for name, statement in TRUSTED_SQL.items() if "%s" in statement.text or "{" in statement.text
    ]
