"""Extracting, compiling and checking the house's words, without GNU gettext."""

from __future__ import annotations

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest

from saphan.doors.cli import catalogues

PYTHON = '''
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
# Translators: what the desk says
hello = _("Good morning")
many = ngettext("%(n)d record", "%(n)d records", 3)
may = pgettext("month", "May")
name = "x"
never = _(name)
'''
TEMPLATE = '''{% load i18n %}
  <h1 title="{% translate "A title" %}">{% translate "Match" context "verb" %}</h1>
{# Translators: above the list #}
    {% blocktranslate count n=n trimmed %}
      {{ n }} offer
    {% plural %}
      {{ n }} offers
    {% endblocktranslate %}
  {% field label=_("It's late") %} 100 % text that nobody translates
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "saphan"
    (package / "templates").mkdir(parents=True)
    (package / "words.py").write_text(PYTHON)
    (package / "templates" / "page.html").write_text(TEMPLATE)
    (package / "tests").mkdir()
    (package / "tests" / "test_x.py").write_text('_("Only in a test")')
    monkeypatch.setattr(catalogues, "PACKAGE", package)
    monkeypatch.setattr(catalogues, "LOCALE", package / "locale")
    return package


def translator(code: str) -> gettext.GNUTranslations:
    with catalogues.po_path(code).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_words_of_python_and_templates_are_found_with_context_plural_and_comment(
        package: Path) -> None:
    found = {(message.context, message.id): message
             for message in catalogues.template_catalogue() if message.id}

    assert set(found) == {
        (None, "Good morning"), (None, ("%(n)d record", "%(n)d records")), ("month", "May"),
        (None, "A title"), ("verb", "Match"), (None, ("%(n)s offer", "%(n)s offers")),
        (None, "It's late")}
    assert found[None, "Good morning"].auto_comments == ["what the desk says"]


def test_extracting_twice_writes_the_same_bytes_and_keeps_translations(package: Path) -> None:
    catalogues.extract()
    catalogues.fill("th", {"Good morning": "สวัสดีตอนเช้า", "verb|Match": "จับคู่"})
    before = {path: path.read_bytes() for path in catalogues.LOCALE.rglob("*.po*")}
    catalogues.extract()

    assert {path: path.read_bytes() for path in before} == before
    assert b"POT-Creation-Date" not in b"".join(before.values())
    assert ".py:" not in catalogues.po_path("th").read_text()


def test_what_nobody_says_any_more_goes_and_what_is_new_is_missing(package: Path) -> None:
    catalogues.extract()
    catalogues.fill("th", {"Good morning": "สวัสดีตอนเช้า"})
    (package / "words.py").write_text('_("Good evening")')
    template = catalogues.template_catalogue()
    assert catalogues.check("th", template).not_extracted == ["Good evening"]

    catalogues.extract()
    words = catalogues.po_path("th").read_text("utf-8")
    assert "Good morning" not in words and "#~" not in words
    assert "Good evening" in catalogues.check("th", template).missing


def test_compiled_words_are_used_with_the_plural_of_each_language(package: Path) -> None:
    catalogues.extract()
    catalogues.fill("th", {"%(n)d record": ["%(n)d รายการ"], "month|May": "พฤษภาคม"})
    catalogues.fill("pt", {"%(n)d record": ["um registo", "%(n)d registos"]})
    assert set(catalogues.compile_stale()) == set(catalogues.PLURALS)
    assert catalogues.compile_stale() == []

    thai, portuguese = translator("th"), translator("pt")
    assert thai.ngettext("%(n)d record", "%(n)d records", 1) == "%(n)d รายการ"
    assert thai.pgettext("month", "May") == "พฤษภาคม"
    assert portuguese.ngettext("%(n)d record", "%(n)d records", 1) == "um registo"
    assert portuguese.ngettext("%(n)d record", "%(n)d records", 2) == "%(n)d registos"


@pytest.mark.parametrize("wrong", ["%(x)d รายการ", "รายการ", "%(n) รายการ"])
def test_a_translation_with_broken_placeholders_is_refused_and_reported(
        package: Path, wrong: str) -> None:
    catalogues.extract()
    taken, refused = catalogues.fill("th", {"%(n)d record": [wrong]})
    assert taken == 0 and len(refused) == 1

    path = catalogues.po_path("th")
    path.write_text(path.read_text("utf-8").replace(
        'msgid_plural "%(n)d records"\nmsgstr[0] ""',
        f'msgid_plural "%(n)d records"\nmsgstr[0] "{wrong}"'), "utf-8")
    [(key, _problem)] = catalogues.check("th", catalogues.template_catalogue()).broken
    assert key == "%(n)d record"


def test_the_list_of_what_is_missing_can_be_filled_in_and_sent_back(package: Path) -> None:
    catalogues.extract()
    asked = catalogues.to_translate("km")
    assert asked["%(n)d record"] == {"plural": "%(n)d records", "forms": [""]}
    assert catalogues.fill("km", asked) == (0, [])

    filled = {key: {**value, "forms": [f"ក {value['plural']}"]} if isinstance(value, dict)
              else f"ក {key}" for key, value in asked.items()}
    taken, refused = catalogues.fill("km", filled)
    assert (taken, refused) == (7, [])
    assert catalogues.check("km", catalogues.template_catalogue()).complete
    assert catalogues.fill("km", {"Never said": "x"})[1]


def names_of_gettext(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(function of Django, name under which a module calls it), imported or assigned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for each in node.names:
                if "gettext" in each.name:
                    yield each.name, each.asname or each.name
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            given = ast.unparse(node.value).removeprefix("translation.")
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if given in catalogues.KEYWORDS:
                yield from ((given, ast.unparse(target)) for target in targets)


def test_every_name_under_which_words_are_said_is_one_that_extraction_reads() -> None:
    """A string said through another name would be in no catalogue, and English everywhere."""
    unread = []
    for path in catalogues.sources():
        if path.suffix == ".py":
            for function, name in names_of_gettext(ast.parse(path.read_bytes())):
                plain = function.removesuffix("_lazy").removesuffix("_noop")
                if name not in catalogues.KEYWORDS or (name == "_") > (plain == "gettext") or (
                        name != "_" and plain != name.removesuffix("_lazy").removesuffix("_noop")):
                    unread.append(f"{path}: {function} as {name}")
    assert unread == []


def test_a_name_that_extraction_does_not_read_is_noticed() -> None:
    said = ast.parse("from django.utils.translation import pgettext_lazy as words_lazy\n"
                     "from django.utils import translation\nsay = translation.gettext\n")
    assert list(names_of_gettext(said)) == [("pgettext_lazy", "words_lazy"), ("gettext", "say")]
