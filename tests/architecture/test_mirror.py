"""Tests stand where their code stands: `a/b.py` is tested by `tests/a/test_b.py`."""

from pathlib import Path, PurePosixPath

from tests.architecture import house

LONGEST_UNTESTED = 40
UNTESTED = {
    "web/admin/words.py": "sentences of domains; test_translations finds each in Italian",
    "*/models.py": "tables are checked against the database by the catalog gate",
    "conversations/aftercare.py": "tables, as above",
    "conversations/composing.py": "one row of a thread; test_replying and test_complaining read what it writes",
    "conversations/joins.py": "joins only; test_desk_queries and test_thread_queries read through them",
    "*/events.py": "records without behaviour; the verbs' tests see them emitted",
    "identity/errors.py": "exceptions; raised and caught in the tests of the verbs",
    "web/exports.py": "a charge and a file; tests of the portal's and the API's files see both",
    "reporting/feeds.py": "look-ups; test_feeding and the web's test_feeds read through them",
    "conversations/errors.py": "exceptions; raised and caught in the tests of the verbs",
    "channels/email/errors.py": "exceptions; raised and caught in the tests of sending and parsing",
    "channels/email/mail.py": "records; test_parsing reads every field of them",
    "channels/email/receiving.py": "records and groups; test_listening sees each in real conversations",
    "channels/email/conversing.py": "one SMTP conversation; test_listening holds it with smtplib",
    "channels/email/intake.py": "between conversation and database; test_listening drives it",
    "channels/email/bounces.py": "a part of parsing; test_parsing and its corpus",
    "channels/email/charsets.py": "a part of parsing; test_parsing and its corpus",
    "channels/email/headers.py": "a part of parsing; test_parsing and its corpus",
    "channels/email/storing.py": "rows beside a message; test_filing and test_native read them",
    "channels/email/names.py": "a part of parsing; test_parsing and its corpus",
    "channels/email/parts.py": "a part of parsing; test_parsing and its corpus",
    "backups/dumping.py": "test_making and test_restoring run both programs",
    "backups/manifest.py": "test_restoring flips a bit in every part and test_making reads it",
    "backups/settling.py": "test_restoring looks at every kind of row it settles",
    "core/errors.py": "exceptions; the web's test_errors maps every status",
    "core/tables.py": "declarations; the catalog gate compares them with PostgreSQL",
    "core/unit.py": "four look-ups in a session; every verb's test goes through them",
    "core/embedded/cluster.py": "how to reach what test_postgres starts",
    "core/embedded/initdb.py": "a step of test_postgres",
    "core/embedded/running.py": "processes; test_postgres and test_redis start, find and end them",
    "core/embedded/removal.py": "called by make clean-data; a thin loop over test_place's folders",
    "core/processes/child.py": "one program of test_supervisor",
    "core/processes/leash.py": "test_supervisor and test_replacing run it before each of their programs",
    "core/processes/process.py": "one run of a program of test_supervisor and test_replacing",
    "core/processes/sockets.py": "test_replacing hands sockets down and hears who is ready",
    "core/processes/leftovers.py": "test_supervisor kills a supervisor and looks for them",
    "web/open/__init__.py": "a list of controllers; docs/routes.md is compared with the application",
    "web/desk/__init__.py": "a list of controllers; docs/routes.md is compared with the application",
    "web/admin/__init__.py": "a list of controllers; docs/routes.md is compared with the application",
    "web/assets.py": "the build step that every test of a page stands on",
    "web/i18n.py": "test_translations",
    "web/look.py": "two cookies; test_preferences and the templates' tests",
    "web/templating.py": "test_components and test_formats render through it",
}


def mirrors(path: Path) -> list[Path]:
    """`test_b.py`, `test_b_*.py`, or any test in a folder `b/`."""
    place = house.ROOT / "tests" / path.relative_to(house.PACKAGE).parent
    candidates = [*place.glob(f"test_{path.stem}.py"), *place.glob(f"test_{path.stem}_*.py")]
    return candidates + [each for each in (place / path.stem).glob("test_*.py") if path.name != "__init__.py"]


def untested() -> list[str]:
    long = [path for path in house.python() if len(path.read_text().splitlines()) > LONGEST_UNTESTED]
    return [house.name(path) for path in long if not mirrors(path)]


def test_every_file_of_more_than_a_screen_has_its_tests() -> None:
    assert not [each for each in untested() if not any(PurePosixPath(each).match(glob) for glob in UNTESTED)]


def test_no_exception_outlives_its_reason() -> None:
    known = [PurePosixPath(each) for each in untested()]
    assert not [glob for glob in UNTESTED if not any(each.match(glob) for each in known)]
