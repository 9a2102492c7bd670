"""The term base in translation: pairs for providers, and whether a translation uses its words."""

from __future__ import annotations

from typing import Final

from saphan.engines.language.codes import family
from saphan.engines.language.terms import TermBase
from saphan.engines.translation.mismatch import ADVISE, Mismatch

_SHOWN: Final = 3
"""Labels offered for one concept."""


def glossary_for(terms: TermBase, text: str, source: str, target: str) -> list[tuple[str, str]]:
    """Pairs of a term as it stands in the text and the house's word for it, in order of place.

    Only concepts with a label in exactly the target language; each pair once.
    """
    pairs: dict[tuple[str, str], None] = {}
    for hit in terms.find(text, source):
        labels = terms.concepts[hit.concept].labels.get(target)
        if labels:
            pairs[(text[hit.start : hit.end], labels[0])] = None
    return list(pairs)


def terms_missed(
    terms: TermBase, source: str, translation: str, source_lang: str, target_lang: str
) -> list[Mismatch]:
    """Concepts of the source that the translation does not name by any label, once each.

    A broader or narrower concept counts as named ("fruit" for "durian" is style, not a mistake of
    terms), and so does an English label left standing in any language.
    """
    if family(source_lang) == family(target_lang):
        return []
    named = {hit.concept for hit in terms.find(translation, target_lang, nested=True)}
    named |= {above for concept in named for above in terms.ancestors(concept)}
    missed: dict[str, Mismatch] = {}
    for hit in terms.find(source, source_lang):
        labels = terms.concepts[hit.concept].labels.get(target_lang)
        near = {hit.concept, *terms.ancestors(hit.concept)}
        if labels and hit.concept not in missed and not near & named:
            missed[hit.concept] = Mismatch(
                "term", ADVISE, source[hit.start : hit.end], "",
                (hit.start, hit.end), None, labels[:_SHOWN],
            )  # fmt: skip
    return list(missed.values())
