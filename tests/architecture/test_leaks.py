"""A clone works anywhere: nothing in it knows a package registry or the machine it was written on."""

import re

from tests.architecture import house

REGISTRY = re.compile(
    r"py"
    r"pi\.org|python"
    r"hosted\.org|registry\."
    r"npmjs|--(?:extra-)?index"
    r"-url\b|"
    r'registry\s*=\s*["\']?http|"resolved"'
    r'\s*:\s*"http'
)
MACHINE = re.compile(r"(?<![\w.}/-])/(?:root|home/\w+|Users/\w+|tmp/\w+|work/(?:main|shared))(?:/|\b)")
ALLOWED: dict[tuple[str, str], str] = {}


def leaks(text: str) -> set[str]:
    return set(REGISTRY.findall(text)) | set(MACHINE.findall(text))


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = {(house.name(path), leak) for path, text in house.texts() for leak in leaks(text)}
    assert found == set(ALLOWED), "unlisted, or listed and no longer there"


def test_a_registry_or_a_machine_path_would_be_seen() -> None:
    home = "/".join(["", "home", "gina", "x"])
    planted = [
        "https://py" + "pi.org/simple",
        "--index" + "-url",
        '"resolved"' + ': "https://x"',
        f'"{home}"',
    ]
    assert all(leaks(each) for each in planted)
    assert not leaks("frontend/home/gina/page.html https://posta.example/work/1")
