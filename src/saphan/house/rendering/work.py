"""A rendering as one works on it: sentence by sentence, with what the comparison says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saphan.engines.language.codes import family
from saphan.ground.text import Text, Words, fingerprint
from saphan.house import engine
from saphan.house.rendering import comparing, kinds, segments
from saphan.house.rendering.comparing import Finding
from saphan.house.rendering.models import Rendering
from saphan.house.room import Translatable
from saphan.house.wording import queries as wording

FIGURE = re.compile(r"\d+(?:[.,:/\u00a0\u202f]\d+)*")
Kept = dict[str, list[dict[str, Any]]]
"""What `Rendering.sentences` holds: field -> [{"s": source, "t": translation, "o": origin}]. A
translation of None was joined with the sentence before."""


@dataclass(frozen=True)
class Piece:
    """A run of characters of a sentence. `kind`: term, figure, or nothing special."""

    text: str
    kind: str = ""
    target: str = ""
    url: str = ""


@dataclass
class Sentence:
    """One sentence of the original and what stands for it. `joined`: said together with the one
    before; `origin`: machine, person, or nothing yet."""

    source: str
    target: str = ""
    joined: bool = False
    origin: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.joined or bool(self.target.strip())


@dataclass
class Passage:
    """One field of the record."""

    name: str
    label: str
    limit: int | None
    sentences: list[Sentence]
    gaps: list[str]
    lang: str
    too_long: bool = False

    @property
    def text(self) -> str:
        """The translation of the whole field."""
        return segments.joined(["" if one.joined else one.target for one in self.sentences],
                               self.gaps, self.lang)

    @property
    def source(self) -> str:
        parts = [part for pair in zip(self.sentences, [*self.gaps, ""], strict=False)
                 for part in (pair[0].source, pair[1])]
        return "".join(parts)

    @property
    def complete(self) -> bool:
        return all(one.done for one in self.sentences)

    @property
    def blocked(self) -> bool:
        return self.too_long or any(finding.blocks for one in self.sentences
                                    for finding in one.findings)

    @property
    def origin(self) -> str:
        """`machine` as long as one sentence stands as a machine wrote it."""
        return "machine" if any(one.origin == "machine" and not one.joined
                                for one in self.sentences) else "person"


@dataclass
class Work:
    """All of it."""

    rendering: Rendering
    kind: Translatable
    record: Any
    source_lang: str
    passages: list[Passage]
    given: dict[str, str]
    """What the author wrote in the language herself, by label of the field."""
    digest: str

    @property
    def lang(self) -> str:
        return self.rendering.lang

    @property
    def sentences(self) -> list[Sentence]:
        return [one for passage in self.passages for one in passage.sentences]

    @property
    def done(self) -> int:
        return sum(one.done for one in self.sentences)

    @property
    def complete(self) -> bool:
        return all(passage.complete for passage in self.passages)

    @property
    def blocking(self) -> int:
        """Places that keep it from being approved."""
        return sum(finding.blocks for one in self.sentences for finding in one.findings) + sum(
            passage.too_long for passage in self.passages)

    @property
    def changed(self) -> bool:
        """Whether the original changed since the words that are kept were written."""
        return bool(self.rendering.digest) and self.rendering.digest != self.digest

    @property
    def number(self) -> str:
        return kinds.number_of(self.kind, self.record)

    @property
    def title(self) -> Text:
        return kinds.title_of(self.kind, self.record)

    @property
    def url(self) -> str:
        return kinds.address_of(self.record)

    def kept(self) -> Kept:
        """What the row holds of it."""
        return {passage.name: [{"s": one.source, "t": None if one.joined else one.target,
                                "o": one.origin} for one in passage.sentences]
                for passage in self.passages}

    def words(self, *, by: str, approved_by: str = "", approved_at: str = "",
              only: Sequence[str] | None = None) -> dict[str, Words]:
        """What the record is given, by field."""
        return {passage.name: Words(passage.text, passage.origin, by, approved_by, approved_at,
                                    fingerprint(passage.source))
                for passage in self.passages
                if passage.text and (only is None or passage.name in only)}

    def check(self) -> Work:
        """Compare both sides of every sentence that has a translation."""
        names = kinds.names_in(self.kind, self.record)
        for passage in self.passages:
            passage.too_long = bool(passage.limit and len(passage.text) > passage.limit)
            for place, source, target in _groups(passage):
                if target.strip():
                    passage.sentences[place].findings = comparing.look(
                        source, target, source_lang=self.source_lang, target_lang=self.lang,
                        names=names)
        return self


def _groups(passage: Passage) -> Iterator[tuple[int, str, str]]:
    """Sentences with those that were joined to them: place, source, translation."""
    place, source = 0, ""
    for position, one in enumerate(passage.sentences):
        if one.joined and position:
            source += passage.gaps[position - 1] + one.source
            continue
        if position:
            yield place, source, passage.sentences[place].target
        place, source = position, one.source
    if passage.sentences:
        yield place, source, passage.sentences[place].target


def open_work(rendering: Rendering, record: Any) -> Work:
    """The work as it stands, with the words that are kept laid beside the present original."""
    kind = kinds.kind_of(record)
    needed = kinds.needed(kind, record, rendering.lang)
    passages = []
    for name, source in needed.items():
        sentences, gaps = segments.cut(source)
        kept = rendering.sentences.get(name) or _from_record(
            getattr(record, name), sentences, rendering.lang)
        passages.append(Passage(name, kinds.label_of(kind, name), kinds.limit_of(kind, name),
                                _laid(sentences, kept), gaps, rendering.lang))
    given = {kinds.label_of(kind, name): text
             for name, text in kinds.given(kind, record, rendering.lang).items()}
    return Work(rendering, kind, record, kinds.source_of(kind, record), passages, given,
                kinds.digest(needed))


def _from_record(text: Text, sentences: Sequence[str], lang: str) -> list[dict[str, Any]]:
    """Words that the record has in the language, but the desk knows nothing of."""
    if lang not in text:
        return []
    words = text[lang]
    pieces, _gaps = segments.cut(words.text)
    if len(pieces) != len(sentences):
        pieces = [words.text] + [""] * (len(sentences) - 1)
    return [{"s": source, "t": piece or None, "o": words.origin if words.origin == "machine"
             else "person"} for source, piece in zip(sentences, pieces, strict=True)]


def _laid(sentences: Sequence[str], kept: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """Kept translations beside the sentences they were made from; a new sentence has none."""
    if [one["s"] for one in kept] == list(sentences):
        return [_sentence(one) for one in kept]
    known: dict[str, list[Mapping[str, Any]]] = {}
    for one in kept:
        known.setdefault(one["s"], []).append(one)
    laid: list[Sentence] = []
    for position, source in enumerate(sentences):
        same = known.get(source)
        beside = _sentence(same.pop(0)) if same else Sentence(source)
        # What was said with the sentence before is said with that one only while it stands there.
        if beside.joined and (not position or not laid[-1].done):
            beside = Sentence(source)
        laid.append(beside)
    return laid


def _sentence(one: Mapping[str, Any]) -> Sentence:
    return Sentence(one["s"], one["t"] or "", one["t"] is None, one["o"])


def pieces(sentence: str, *, source_lang: str, lang: str) -> list[Piece]:
    """A sentence of the original with its terms (and the house's words for them) and figures."""
    terms = engine.terms()
    marks: list[tuple[int, int, Piece]] = []
    for hit in terms.find(sentence, source_lang):
        known = terms.concepts[hit.concept].labels.get(lang, ())
        target = known[0] if known and family(lang) != family(source_lang) else ""
        marks.append((hit.start, hit.end, Piece(sentence[hit.start:hit.end], "term", target,
                                                wording.address(hit.concept))))
    taken = [(start, end) for start, end, _piece in marks]
    marks += [(found.start(), found.end(), Piece(found.group(), "figure"))
              for found in FIGURE.finditer(sentence)
              if not any(start < found.end() and found.start() < end for start, end in taken)]
    found: list[Piece] = []
    at = 0
    for start, end, piece in sorted(marks, key=lambda mark: mark[:2]):
        if start < at:
            continue
        if sentence[at:start]:
            found.append(Piece(sentence[at:start]))
        found.append(piece)
        at = end
    return [*found, Piece(sentence[at:])] if sentence[at:] else found
