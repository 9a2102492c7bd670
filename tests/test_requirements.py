"""What the house imports is declared and locked, and the locks hold nothing of one machine."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from conftest import PACKAGE, ROOT

# Used if it happens to be there; the error says what to install.
OPTIONAL = {"sentence_transformers", "psycopg", "ctranslate2", "pysat"}


def folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> set[str]:
    content = (ROOT / name).read_text("utf-8")
    return {folded(line.split("==")[0]) for line in content.splitlines() if "==" in line}


def imported() -> set[str]:
    """Top-level names of every import outside tests, also those by `import_module("…")`."""
    names = set()
    for path in PACKAGE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module or "")
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
                names |= {argument.value for argument in node.args
                          if isinstance(argument, ast.Constant)}
    return {name.partition(".")[0] for name in names}


def test_every_library_that_the_house_imports_is_locked() -> None:
    ours = {"saphan", *sys.stdlib_module_names}
    distributions = packages_distributions()
    missing = {name for name in imported() - ours - OPTIONAL
               if not {folded(found) for found in distributions.get(name, [])}
               & locked("requirements.txt")}
    assert missing == set()


def test_every_declared_requirement_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {folded(re.split(r"[\[~=<>! ;]", line)[0]) for line in requirements}

    assert names(project["dependencies"]) <= locked("requirements.txt")
    # `voice` (280 MB for one exhibit) is an operator's choice and in no lock.
    extras = [line for name, lines in project["optional-dependencies"].items()
              if name != "voice" for line in lines]
    assert names(extras) | locked("requirements.txt") <= locked("requirements-dev.txt")


def test_the_locks_pin_every_library_by_hash_and_name_no_place_to_get_it() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        content = (ROOT / name).read_text("utf-8")
        assert "://" not in content and "--index" not in content and "/work" not in content
        entries = re.split(r"\n(?=\S)", content)
        assert all("--hash=sha256:" in entry for entry in entries)
