"""Read the file formats that translations come in: each reader gives keys and texts.

A key names the same message in every language. Nothing here knows a language.
"""

from __future__ import annotations

import html
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Pairs = Iterator[tuple[str, str]]


def gettext_catalogue(path: Path) -> Pairs:
    """A compiled catalogue (.mo): message to its translation; of plurals the last form."""
    data = path.read_bytes()
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack_from(f"{order}8x3I", data)
    for number in range(count):
        size, at = struct.unpack_from(f"{order}2I", data, originals + 8 * number)
        key = data[at : at + size].decode("utf-8", "replace").split("\0")[0]
        size, at = struct.unpack_from(f"{order}2I", data, translations + 8 * number)
        text = data[at : at + size].decode("utf-8", "replace").split("\0")[-1]
        if key:
            yield key, text


def android_strings(path: Path) -> Iterator[tuple[str, str, str]]:
    """The strings of an Android package: language tag as Android writes it, key, text."""
    with zipfile.ZipFile(path) as package:
        data = package.read("resources.arsc")
    strings: list[str] = []
    at = struct.unpack_from("<H", data, 2)[0]
    while at < len(data):
        kind, head, size = struct.unpack_from("<HHI", data, at)
        if kind == 0x0001 and not strings:
            strings = _pool(data, at)
        elif kind == 0x0200:
            yield from _android_package(data, at, head, size, strings)
        at += size


def _android_package(
    data: bytes, start: int, head: int, size: int, strings: list[str]
) -> Iterator[tuple[str, str, str]]:
    at = start + head
    while at < start + size:
        kind, inner, length = struct.unpack_from("<HHI", data, at)
        if kind == 0x0201:
            tag = _android_language(data[at + 20 : at + 20 + 12])
            for key, text in _android_values(data, at, inner, strings):
                yield tag, key, text
        at += length


def _android_language(config: bytes) -> str:
    language, region = config[8:10], config[10:12]
    if language[0] & 0x80:  # three letters packed into two bytes
        packed = language[0] << 8 | language[1]
        letters = (packed & 31, packed >> 5 & 31, packed >> 10 & 31)
        code = "".join(chr(97 + letter) for letter in letters)
    else:
        code = language.rstrip(b"\0").decode("ascii", "replace")
    area = "" if region[0] & 0x80 else region.rstrip(b"\0").decode("ascii", "replace")
    return f"{code}-{area}" if area else code


def _android_values(data: bytes, at: int, head: int, strings: list[str]) -> Pairs:
    kind = data[at + 8]
    count, first = struct.unpack_from("<II", data, at + 12)
    for number in range(count):
        (offset,) = struct.unpack_from("<I", data, at + head + 4 * number)
        if offset == 0xFFFFFFFF:
            continue
        entry = at + first + offset
        size, flags = struct.unpack_from("<HH", data, entry)
        if flags & 1:  # arrays and plurals
            continue
        value_kind, value = struct.unpack_from("<3xBI", data, entry + size)
        if value_kind == 3 and value < len(strings):
            yield f"{kind}.{number}", strings[value]


def _pool(data: bytes, at: int) -> list[str]:
    _, head, _, count, _, flags, first, _ = struct.unpack_from("<HHIIIIII", data, at)
    offsets = struct.unpack_from(f"<{count}I", data, at + head)
    texts = []
    for offset in offsets:
        place = at + first + offset
        if flags & 0x100:
            place += 2 if data[place] & 0x80 else 1
            size = data[place]
            place += 1
            if size & 0x80:
                size = (size & 0x7F) << 8 | data[place]
                place += 1
            texts.append(data[place : place + size].decode("utf-8", "replace"))
        else:
            (size,) = struct.unpack_from("<H", data, place)
            place += 2
            texts.append(data[place : place + 2 * size].decode("utf-16-le", "replace"))
    return texts


def chromium_pack(path: Path) -> Pairs:
    """A locale pack of Chromium, version 5."""
    data = path.read_bytes()
    version, encoding, count = struct.unpack_from("<IB3xH", data)
    if version != 5:
        raise ValueError(f"{path}: version {version} of the pack is not known")
    codec = {1: "utf-8", 2: "utf-16-le"}.get(encoding, "utf-8")
    for number in range(count):
        key, start = struct.unpack_from("<HI", data, 12 + 6 * number)
        _, end = struct.unpack_from("<HI", data, 18 + 6 * number)
        yield str(key), data[start:end].decode(codec, "replace")


def firefox_pack(path: Path) -> Pairs:
    """The messages (.ftl and .properties) of a Firefox language pack."""
    with zipfile.ZipFile(path) as pack:
        for name in sorted(pack.namelist()):
            # The folder of the language comes second: /localization/th/browser/...
            place = "/".join(part for part in name.split("/")[2:])
            if name.endswith(".ftl"):
                pairs = fluent(pack.read(name).decode("utf-8", "replace"))
            elif name.endswith(".properties"):
                pairs = properties(pack.read(name).decode("utf-8", "replace"))
            else:
                continue
            for key, text in pairs:
                yield f"{place}:{key}", text


def fluent(text: str) -> Pairs:
    """Messages and attributes of Fluent; those with selectors are left aside."""
    key, attribute, value = "", "", ""
    for line in [*text.split("\n"), "end = "]:
        message = re.match(r"(-?[A-Za-z][\w-]*) *= *(.*)", line)
        part = re.match(r" +\.([A-Za-z][\w-]*) *= *(.*)", line)
        if message or part or not line.startswith(" "):
            if value.strip() and "->" not in value:
                yield f"{key}.{attribute}", value.strip()
            value = ""
        if message:
            key, attribute, value = message[1], "", message[2]
        elif part:
            attribute, value = part[1], part[2]
        elif line.startswith(" ") and key:
            value += " " + line.strip()


def properties(text: str) -> Pairs:
    """Lines `key = value`."""
    for line in text.split("\n"):
        key, found, value = line.partition("=")
        if found and not line.startswith(("#", "!")):
            yield key.strip(), re.sub(r"\\u([0-9a-fA-F]{4})", _character, value.strip())


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def help_pages(folder: Path) -> Pairs:
    """The paragraphs of LibreOffice's help below a folder, by page and number."""
    paragraph = re.compile(r'<(p|h\d)[^>]* id="((?:par|hd)_id\w+)"[^>]*>(.*?)</\1>', re.DOTALL)
    for path in sorted((folder / "text").rglob("*.html")):
        place = path.relative_to(folder)
        for match in paragraph.finditer(path.read_text("utf-8", "replace")):
            yield f"{place}:{match[2]}", plain(match[3])


def json_messages(path: Path) -> Pairs:
    """A JSON file of messages, nested or flat; keys joined by full stops."""
    yield from _leaves("", json.loads(path.read_text("utf-8")))


def _leaves(key: str, value: Any) -> Pairs:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, part in value.items():
            if not name.startswith("@"):
                yield from _leaves(f"{key}.{name}" if key else name, part)


def debconf_templates(path: Path) -> Iterator[tuple[str, str, str]]:
    """Questions of Debian's installer: locale ("" for English), key, text."""
    for block in path.read_text("utf-8", "replace").split("\n\n"):
        key = ""
        unfolded = re.sub(r"\n \.?\s*", " ", block)
        for line in unfolded.split("\n"):
            name, _, value = line.partition(": ")
            if name == "Template":
                key = value
            match = re.fullmatch(r"Description(?:-(\w+)\.UTF-8)?", name)
            if match:
                yield match[1] or "", key, value


def package_descriptions(path: Path) -> Pairs:
    """Long descriptions of Debian packages, by package and checksum of the English text."""
    for block in path.read_text("utf-8", "replace").split("\n\n"):
        fields = re.match(r"Package: (\S+)\nDescription-md5: (\w+)\nDescription-\S+: (.*)", block,
                          re.DOTALL)  # fmt: skip
        if fields:
            text = re.sub(r"\n \.", " ", fields[3]).replace("\n", " ")
            yield f"{fields[1]}:{fields[2]}", re.sub(r" +", " ", text)


def declaration(path: Path) -> Pairs:
    """The Universal Declaration of Human Rights: article and paragraph to text."""
    text = path.read_text("utf-8")
    for article in re.finditer(r'<article data-number="(\d+)">(.*?)</article>', text, re.DOTALL):
        paragraphs = re.findall(r"<p>(.*?)</p>|<li>(.*?)</li>", article[2], re.DOTALL)
        whole = " ".join(plain(first or second) for first, second in paragraphs)
        yield article[1], whole


def plain(text: str) -> str:
    """Markup taken away."""
    return html.unescape(re.sub(r"<[^>]+>", " ", text))
