"""How the house learns its records: embeds them anew for another model, and fits what takes their
language away on the records themselves.

Vectors of two models cannot be compared. After a change of model a record is found by its words and
concepts until it has been embedded again; what is left to do is what the index calls stale, so the
work goes on where it stopped, however often the house is restarted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _

from saphan.engines.language.embed import Vectors
from saphan.engines.matching import prepare
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.lir import LIR
from saphan.ground.access import Refused
from saphan.house.engine import Engine, engine, fit_file, look_again

log = logging.getLogger(__name__)
AT_ONCE = 32
SECONDS_KNOWN = 3.0
OF_A_LANGUAGE = 500
"""Records of one language that are fitted on, at most."""

Told = Callable[[int, int], None]
_known: tuple[float, int, int] = (0.0, 0, 0)


def embed_again(told: Told = lambda done, total: None, *, seconds: float | None = None) -> int:
    """Embed the records whose vectors are of another model; returns how many are left to do.

    With `seconds` it stops after about as long, so that the worker can look after other things.
    A fit on the house's own records is made anew in the end, for it belongs to the old model.
    """
    opened, started = engine(), time.monotonic()
    left = opened.index.stale()
    done = 0
    while done < len(left) and (seconds is None or time.monotonic() - started < seconds):
        told(done, len(left))
        documents = opened.index.get_many(left[done : done + AT_ONCE])
        opened.index.put(make_entries(documents.values(), opened.embedder, opened.terms))
        done = min(done + AT_ONCE, len(left))
        log.info("embedded again: %s of %s", done, len(left))
    told(done, len(left))
    if left and done == len(left) and not settings.INDEX_URL and fit_file().is_file():
        refit()
    return len(left) - done


def progress() -> tuple[int, int]:
    """Records that are embedded with the present model, and all; known for some seconds."""
    global _known
    now = time.monotonic()
    if not _known[0] or now - _known[0] > SECONDS_KNOWN:
        index = engine().index
        total = index.count()
        _known = (now, total - len(index.stale()), total)
    return _known[1], _known[2]


def notes() -> tuple[str, ...]:
    """What a reader of an answer should know while the house learns."""
    done, total = progress()
    if done == total:
        return ()
    return (_("The house is learning its records anew, %(done)s of %(total)s so far. "
              "The others are found by their words only.") % {"done": done, "total": total},)


def refit() -> LIR:
    """Fit language-identity removal on the shipped sentences and the house's own records.

    Every process of the house uses it from its next question on. Raises `Refused` for an index on
    a server: several machines share it, so all keep to the shipped fit.
    """
    if settings.INDEX_URL:
        raise Refused(_("The search index is on a server that several machines may share, so the "
                        "fit that comes with Saphan stays in use."))
    opened = engine()
    fitted = prepare.fit(opened.embedder, own=own_vectors(opened))
    fitted.save(fit_file())
    look_again()
    return fitted


def own_vectors(opened: Engine) -> dict[str, Vectors]:
    """The model's vectors of the records by their language, [n, dimension], a sample of many."""
    by_lang: dict[str, list[str]] = {}
    for name, document in opened.index.get_many(opened.index.ids()).items():
        by_lang.setdefault(document.lang, []).append(name)
    found = {}
    for lang, names in sorted(by_lang.items()):
        step = max(1, len(names) // OF_A_LANGUAGE)
        vectors = opened.index.vectors(sorted(names)[::step])
        if vectors:
            found[lang] = np.stack([vectors[name] for name in sorted(vectors)])
    return found


def forget_fit() -> bool:
    """Go back to the shipped fit; tells whether there was another."""
    there = fit_file().is_file()
    fit_file().unlink(missing_ok=True)
    look_again()
    return there

