"""Change one thing in a true claim and see whether it is still accepted: none may be.

    python bench/newsroom/mutations.py

Every figure that the parser reads in `figures_set` becomes a claim with the quote around it. The
unchanged claims must be accepted; each changed one must be refused.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from figures import Text, texts

from saphan.engines.figures import Found, find
from saphan.engines.figures.proposal import Claim, check
from saphan.engines.figures.wording import alike


def claim_of(text: Text, one: Found) -> Claim:
    """A true claim with everything that the parser knows of a figure."""
    return Claim(text.body[one.quote_start : one.quote_end], one.value, one.unit, one.high,
                 one.relation, one.subject, one.period, one.place_code)  # fmt: skip


def mutations(
    claim: Claim, one: Found, others: list[Found], chance: random.Random
) -> Iterator[tuple[str, Claim]]:
    """The claim with one thing wrong, by what is wrong."""
    digits = str(claim.value)
    place = chance.choice([n for n, c in enumerate(digits) if c.isdigit()])
    other = str((int(digits[place]) + chance.randint(1, 9)) % 10)
    yield "digit", replace(claim, value=Decimal(digits[:place] + other + digits[place + 1 :]))
    yield "scale", replace(claim, value=claim.value * chance.choice((10, 1000, 10000)))
    yield "sign", replace(claim, value=-claim.value)
    yield "unit", replace(claim, unit=chance.choice(
        [unit for unit in ("m2", "CNY", "firm", "project", "t") if unit != claim.unit]))
    if claim.unit in ("%", "pp"):
        yield "per cent or points", replace(claim, unit="pp" if claim.unit == "%" else "%")
    yield "relation", replace(claim, relation=chance.choice(
        [sign for sign in ("=", ">=", "<=", "~") if sign != claim.relation]))
    if re.match(r"\d{4}", claim.period):
        for years in (1, -1, 543, -543):
            year = int(claim.period[:4]) + years
            yield f"year {years:+}", replace(claim, period=f"{year}{claim.period[4:]}")
    if claim.place:
        yield "place", replace(claim, place="BR" if claim.place != "BR" else "TH")
    for neighbour in others:
        if neighbour.subject and one.subject and not alike(neighbour.subject, one.subject):
            low = min(one.quote_start, neighbour.quote_start)
            yield "neighbour's subject", replace(claim, subject=neighbour.subject)
            yield "neighbour's value", replace(claim, value=neighbour.value, unit=neighbour.unit,
                                               high=neighbour.high) if (
                neighbour.value, neighbour.unit) != (one.value, one.unit) else replace(
                claim, value=neighbour.value + 1)  # fmt: skip
            assert low >= 0
            break
    quote = claim.quote
    if len(quote) > 12:
        at = chance.randrange(3, len(quote) - 3)
        letter = next(c for c in "x7中กa" if c != quote[at])
        yield "quote altered", replace(claim, quote=quote[:at] + letter + quote[at + 1 :])


def main() -> int:
    """Print the table; 1 where a changed claim was accepted or a true one refused."""
    chance = random.Random(7)
    refused: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    true = accepted = 0
    for part in ("development", "held_out"):
        for text in texts(part):
            read = find(text.body, text.lang, text.published, text.title)
            for place, one in enumerate(read):
                claim = claim_of(text, one)
                true += 1
                good = check(claim, text.body, text.lang, text.published, text.title, read)
                accepted += bool(good)
                if not good:
                    print("refused", text.lang, claim, good.reasons)
                others = read[place + 1 :] + read[:place]
                for name, wrong in mutations(claim, one, others, chance):
                    if wrong == claim:
                        continue
                    tried[name] += 1
                    bad = check(wrong, text.body, text.lang, text.published, text.title, read)
                    refused[name] += not bad
                    if bad:
                        print("ACCEPTED", name, text.lang, wrong)
    print(f"true claims accepted: {accepted} of {true}")
    for name in tried:
        print(f"{name:22} refused {refused[name]} of {tried[name]}")
    print(f"{'all':22} refused {refused.total()} of {tried.total()}")
    return int(refused != tried or accepted != true)


if __name__ == "__main__":
    sys.exit(main())
