"""The house's words for translators, without GNU gettext: extract, compile, fill, status.

`extract` reads every `_()` in Python and every `{% translate %}` and `{% blocktranslate %}` in
templates into one source catalogue (`locale/django.pot`) and brings the twelve languages in step:
translations stay, what nobody says any more goes, new words are empty. Files come out sorted,
without line numbers or dates, so that a diff shows words and nothing else.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2]
LOCALE = PACKAGE / "locale"
SOURCE = "en"
# gettext's formulas. Babel lacks some and gives Indonesian, Malay and Burmese two forms for one.
ONE_FORM, TWO_FORMS = (1, "0"), (2, "(n != 1)")
PLURALS = {"zh_Hans": ONE_FORM, "zh_Hant": ONE_FORM, "en": TWO_FORMS, "th": ONE_FORM,
           "vi": ONE_FORM, "lo": ONE_FORM, "km": ONE_FORM, "my": ONE_FORM, "id": ONE_FORM,
           "ms": ONE_FORM, "fil": (2, "(n > 1)"), "pt": TWO_FORMS}
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3)}
COMMENT_TAGS = ("Translators:",)
LEFT_OUT = {"tests", "migrations", "locale", "static", "centres"}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%%|%[sdrfi]|\{\w*\}")
HEADER = "# The words of Saphan's interface. Written by `saphan catalogues extract`.\n"


def po_path(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / "django.po"


# -- extract ---------------------------------------------------------------------------------


def sources() -> Iterator[Path]:
    """The files that speak to people, sorted by path."""
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if LEFT_OUT.intersection(parts[:-1]) or not path.is_file():
            continue
        is_template = "templates" in parts and path.suffix in (".html", ".txt", ".xml")
        if path.suffix == ".py" or is_template:
            yield path


def _python_of(path: Path) -> bytes:
    """The file as Python in which gettext calls stand; templates become a row of calls."""
    content = path.read_text("utf-8")
    if path.suffix == ".py":
        return content.encode()
    from django.utils.translation.template import templatize

    # Indentation of a template means nothing, and Python's tokenizer must not stumble over it.
    lines = templatize(content, origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def template_catalogue() -> Any:
    """Everything the house says, as a Babel catalogue without translations."""
    from babel.messages import Catalog
    from babel.messages.extract import extract_python

    catalogue = Catalog(project="Saphan", fuzzy=False, charset="utf-8")
    for path in sources():
        place = path.relative_to(PACKAGE.parent).as_posix()
        calls: Any = extract_python(io.BytesIO(_python_of(path)), KEYWORDS, list(COMMENT_TAGS), {})
        for _line, function, messages, comments in calls:
            found = _message(function, messages)
            if found:
                context, words = found
                catalogue.add(words, context=context, locations=[(place, 0)],
                              auto_comments=[_comment(line) for line in comments])
    return catalogue


def _message(function: str, messages: Any) -> tuple[str | None, Any] | None:
    """Context and msgid (or the pair of singular and plural) of one call, if they are literals."""
    given = [messages] if isinstance(messages, str) else list(messages or [])
    context = given.pop(0) if "pgettext" in function and given else None
    wanted = 2 if function.startswith("n") else 1
    words = given[:wanted]
    if len(words) < wanted or not all(words) or ("pgettext" in function and not context):
        return None
    return context, words[0] if wanted == 1 else tuple(words)


def _comment(line: str) -> str:
    return line.removeprefix("Translators:").strip()


def extract() -> dict[str, int]:
    """Write the source catalogue and bring every language in step. Returns how many are missing."""
    template = template_catalogue()
    _write(LOCALE / "django.pot", template)
    missing = {}
    for code in PLURALS:
        catalogue = read(code)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        for message in catalogue:
            if message.pluralizable and message.id:
                message.string = _shaped(message, _strings(message), PLURALS[code][0])
        _write(po_path(code), catalogue, code)
        missing[code] = len(check(code, template).missing)
    return missing


def read(code: str) -> Any:
    """The catalogue of one language; an empty one where there is no file."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    path, catalogue = po_path(code), Catalog()
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=code, abort_invalid=True)
    else:
        catalogue = Catalog(locale=code, project="Saphan", fuzzy=False, charset="utf-8")
    catalogue._num_plurals, catalogue._plural_expr = PLURALS[code]  # type: ignore[assignment]
    return catalogue


def _write(path: Path, catalogue: Any, code: str = "") -> None:
    """Write the file as a whole, with our own header: Babel's has dates that differ every time."""
    from babel.messages.pofile import write_po

    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=96, sort_output=True, omit_header=True, ignore_obsolete=True,
             include_lineno=False)
    fields = ["Project-Id-Version: Saphan", "MIME-Version: 1.0",
              "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    if code:
        count, formula = PLURALS[code]
        fields += [f"Language: {code}", f"Plural-Forms: nplurals={count}; plural={formula};"]
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in fields) + "\n"
    content = HEADER + header + buffer.getvalue().decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_text("utf-8") == content:
        return
    beside = path.with_name(path.name + ".new")
    beside.write_text(content, "utf-8")
    os.replace(beside, path)


# -- compile ---------------------------------------------------------------------------------


def stale() -> list[str]:
    """Languages whose compiled catalogue is missing or older than its words."""
    return [code for code in PLURALS
            if po_path(code).exists() and not _is_fresh(po_path(code))]


def _is_fresh(po: Path) -> bool:
    """Compiled since it was last written, or compiled by whoever packaged it, for good."""
    mo = po.with_suffix(".mo")
    return mo.exists() and (mo.stat().st_mtime_ns >= po.stat().st_mtime_ns
                            or not os.access(po.parent, os.W_OK))


def compile_stale() -> list[str]:
    """Compile what is stale. Fuzzy and empty entries are left out. Returns the languages."""
    from babel.messages.mofile import write_mo

    codes = stale()
    for code in codes:
        beside = po_path(code).with_suffix(".mo.new")
        with beside.open("wb") as file:
            write_mo(file, read(code), use_fuzzy=False)
        os.replace(beside, po_path(code).with_suffix(".mo"))
    return codes


# -- status and fill -------------------------------------------------------------------------


@dataclass
class Status:
    """How far one language is. Entries are msgids."""

    code: str
    total: int = 0
    missing: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    not_extracted: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not (self.missing or self.fuzzy or self.broken or self.not_extracted)

    def to_json(self) -> dict[str, Any]:
        return {"language": self.code, "total": self.total, "missing": self.missing,
                "fuzzy": self.fuzzy, "broken": [list(pair) for pair in self.broken],
                "not_extracted": self.not_extracted}


def check(code: str, template: Any) -> Status:
    """Compare a language with what the house says now."""
    status, catalogue = Status(code), read(code)
    for message in template:
        if not message.id:
            continue
        status.total += 1
        key = _singular(message)
        found = catalogue.get(key, message.context)
        if found is None:
            status.not_extracted.append(key)
        elif code == SOURCE:
            continue
        elif found.fuzzy:
            status.fuzzy.append(key)
        elif not _strings(found) or not all(_strings(found)):
            status.missing.append(key)
        else:
            if problem := broken(found):
                status.broken.append((key, problem))
    return status


def _singular(message: Any) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _strings(message: Any) -> list[str]:
    given = message.string
    return list(given) if isinstance(given, (tuple, list)) else [given]


def broken(message: Any) -> str:
    """What is wrong with the placeholders of a translation, or ''.

    One form of a plural may leave a placeholder out ("one record"); the last may not."""
    ids = list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]
    allowed = {name for words in ids for name in placeholders(words)}
    strings = _strings(message)
    for words in strings:
        if extra := set(placeholders(words)) - allowed:
            return f"has {', '.join(sorted(extra))}, which the source has not"
    lost = set(placeholders(ids[-1])) - set(placeholders(strings[-1]))
    if lost:
        return f"lacks {', '.join(sorted(lost))}"
    if message.python_format and not isinstance(message.id, (tuple, list)):
        stray = re.sub(PLACEHOLDER, "", strings[0])
        if "%" in stray and "%" not in re.sub(PLACEHOLDER, "", ids[0]):
            return "has a single %; write %%"
    for mark in ("\n", " "):
        if mark == "\n" and ids[0].startswith(mark) != strings[0].startswith(mark):
            return "must begin and end with a line break just as the source does"
    return ""


def placeholders(words: str) -> list[str]:
    return [mark for mark in PLACEHOLDER.findall(words) if mark != "%%"]


def fill(code: str, words: dict[str, Any], *, overwrite: bool = False) -> tuple[int, list[str]]:
    """Take translations as `to_translate` asks for them: {msgid: words}, `context|msgid` where
    there is a context, a list of words (or {"forms": list}) for plurals; empty ones are passed
    over. Returns how many were taken and what was refused, and why."""
    catalogue, refused, taken = read(code), [], 0
    known = {_key(message): message for message in catalogue if message.id}
    for key, given in words.items():
        message, said = known.get(key), given["forms"] if isinstance(given, dict) else given
        if not said or not any(said):
            continue
        if message is None:
            refused.append(f"{key}: nobody says this")
            continue
        if any(_strings(message)) and not message.fuzzy and not overwrite:
            continue
        before = message.string
        message.string = _shaped(message, said, PLURALS[code][0])
        if problem := broken(message) or ("" if all(_strings(message)) else "is empty"):
            refused.append(f"{key}: {problem}")
            message.string = before
            continue
        message.flags.discard("fuzzy")
        taken += 1
    if taken:
        _write(po_path(code), catalogue, code)
    return taken, refused


def _shaped(message: Any, said: Any, forms: int) -> Any:
    if not isinstance(message.id, (tuple, list)):
        return said if isinstance(said, str) else said[0]
    given = [said] if isinstance(said, str) else list(said)
    return tuple((given + [given[-1]] * forms)[:forms])


def _key(message: Any) -> str:
    return f"{message.context}|{_singular(message)}" if message.context else _singular(message)


def to_translate(code: str) -> dict[str, Any]:
    """What is missing, ready to be filled in: {msgid: ""}, and for plurals
    {msgid: {"plural": msgid_plural, "forms": ["", …]}}."""
    return {_key(message): {"plural": message.id[1], "forms": [""] * PLURALS[code][0]}
            if isinstance(message.id, (tuple, list)) else ""
            for message in read(code)
            if message.id and (message.fuzzy or not all(_strings(message)))}


# -- the command -----------------------------------------------------------------------------


def add(commands: Any) -> None:
    """`saphan catalogues …`"""
    parser = commands.add_parser("catalogues", help="extract, compile and check translations")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("extract", help="read the house's words and bring every language in step"
                     ).set_defaults(run=_run_extract)
    verbs.add_parser("compile", help="compile what changed; no gettext needed"
                     ).set_defaults(run=_run_compile)
    status = verbs.add_parser("status", help="what is missing, fuzzy or broken; exit code 1 if any")
    status.add_argument("languages", nargs="*", metavar="LANG", help="only these (th, zh_Hans, …)")
    status.add_argument("--list", action="store_true", help="list every entry")
    status.add_argument("--json", action="store_true", help="for machines")
    status.set_defaults(run=_run_status)
    missing = verbs.add_parser("missing", help="print what one language lacks, as JSON to fill in")
    missing.add_argument("language", metavar="LANG")
    missing.set_defaults(run=_run_missing)
    filling = verbs.add_parser("fill", help="take translations from such a JSON file")
    filling.add_argument("language", metavar="LANG")
    filling.add_argument("file", type=Path)
    filling.add_argument("--overwrite", action="store_true", help="replace what is there")
    filling.set_defaults(run=_run_fill)


def _known(code: str) -> str:
    """`zh-Hans`, `zh_hans` and `zh_Hans` are one language. Raises ValueError."""
    for known in PLURALS:
        if known.lower() == code.replace("-", "_").lower():
            return known
    raise ValueError(f"{code!r} is not one of {', '.join(PLURALS)}")


def _run_extract(_options: Any) -> int:
    for code, count in extract().items():
        print(f"{code:8} {count} missing")
    return 0


def _run_compile(_options: Any) -> int:
    codes = compile_stale()
    print("compiled " + ", ".join(codes) if codes else "everything is compiled")
    return 0


def _run_status(options: Any) -> int:
    template = template_catalogue()
    codes = [_known(code) for code in options.languages] or list(PLURALS)
    found = [check(code, template) for code in codes]
    if options.json:
        print(json.dumps([status.to_json() for status in found], ensure_ascii=False, indent=1))
        return 0 if all(status.complete for status in found) else 1
    for status in found:
        print(f"{status.code:8} {status.total} entries, {len(status.missing)} missing, "
              f"{len(status.fuzzy)} fuzzy, {len(status.broken)} broken, "
              f"{len(status.not_extracted)} not extracted")
        for key, problem in status.broken:
            print(f"    broken: {key!r} {problem}")
        if options.list:
            for kind in ("missing", "fuzzy", "not_extracted"):
                for key in getattr(status, kind):
                    print(f"    {kind.replace('_', ' ')}: {key!r}")
    return 0 if all(status.complete for status in found) else 1


def _run_missing(options: Any) -> int:
    print(json.dumps(to_translate(_known(options.language)), ensure_ascii=False, indent=1))
    return 0


def _run_fill(options: Any) -> int:
    words = json.loads(options.file.read_text("utf-8"))
    taken, refused = fill(_known(options.language), words, overwrite=options.overwrite)
    print(f"took {taken}, refused {len(refused)}")
    for line in refused:
        print(f"    {line}")
    return 1 if refused else 0
