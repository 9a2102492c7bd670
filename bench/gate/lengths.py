"""How many letters a language takes to say what English says: from the house's own pages.

    PYTHONPATH=src python bench/gate/lengths.py

Letters of different words, summed over all messages of more than 40 characters that are translated.
The rule `thin` counts by these shares.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

from saphan.engines.language.segment import words

LOCALE = Path(__file__).parents[2] / "src/saphan/locale"


def main() -> None:
    for folder in sorted(LOCALE.iterdir()):
        english = own = 0
        for path in folder.glob("LC_MESSAGES/*.po"):
            with path.open("rb") as file:
                for message in read_po(file):
                    if isinstance(message.id, str) and isinstance(message.string, str) \
                            and len(message.id) > 40 and message.string:
                        english += sum(map(len, set(words(message.id))))
                        own += sum(map(len, set(words(message.string))))
        if english:
            print(f"{folder.name:8} {own / english:.2f}")


if __name__ == "__main__":
    main()
