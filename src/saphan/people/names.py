"""When two names mean one organisation: names are folded before they are compared.

Two folds, because two mistakes cost differently. Mixing the records of two organisations is worse
than keeping one twice, so `fold` is strict: it ignores only what never tells two organisations
apart (case, width, punctuation, invisible signs, Simplified or Traditional characters, legal
forms, where in a Vietnamese syllable the tone mark stands). Diacritics and tone marks of every
script stay: Tân Á and Tấn Á are two companies. `loose` drops the marks of Latin letters too, and
`đ` becomes `d`: it is for people who type without them, and decides only where nothing else has
the same loose name (see `queries.organisation_named`).
"""

from __future__ import annotations

import re
import unicodedata

from saphan.engines.language.normalise import ascii_digits, clean, fold_han

# Tone marks that writers place on either vowel of a Vietnamese syllable (hòa, hoà): in the fold
# they stand at the end of the word. Circumflex, breve, horn and cedilla make other letters: stay.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
# Thai and Lao: sara am with its tone typed before or after the ring; two short signs for one long.
_ORDER = [(re.compile("\u0e4d([\u0e48-\u0e4b])(?=\u0e32)"), "\\1\u0e4d"),
          (re.compile("\u0ecd([\u0ec8-\u0ecb])(?=\u0eb2)"), "\\1\u0ecd"),
          (re.compile("\u0e40\u0e40"), "\u0e41"), (re.compile("\u0ec0\u0ec0"), "\u0ec1")]
_LOOSE_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i"})

# Scripts written without spaces between words: there a space or a bracket means nothing.
_UNSPACED = ("\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff"
             "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff")
_IDLE_SPACE = re.compile(f"(?<=[{_UNSPACED}]) | (?=[{_UNSPACED}])")

# Legal forms say nothing about who it is. Written as they look after folding; longest first.
_BEFORE = [
    "บริษัทมหาชนจำกัด", "บริษัท", "บจก", "บมจ", "ห้างหุ้นส่วนจำกัด", "หจก", "ห้างหุ้นส่วนสามัญ",
    "ບໍລິສັດ", "ວິສາຫະກິດສ່ວນບຸກຄົນ", "ក្រុមហ៊ុន", "សហគ្រាស", "ကုမ္ပဏီ"]
_AFTER = [
    "จำกัดมหาชน", "จำกัด", "มหาชน", "ຈຳກັດຜູ້ດຽວ", "ຈຳກັດມະຫາຊົນ", "ຈຳກັດ", "ຜູ້ດຽວ", "ມະຫາຊົນ",
    "ឯកបុគ្គលទទួលខុសត្រូវមានកម្រិត", "លីមីតធីត", "ឯក", "មក", "ကုမ္ပဏီလီမိတက်", "ကုမ္ပဏီလိမိတက်",
    "ကုမ္ပဏီ", "လီမိတက်", "လိမိတက်", "股份有限责任公司", "股份有限公司", "有限责任公司", "有限公司", "公司"]
# Whole words, wherever they stand. Several words: in this order.
_WORDS = """
công ty trách nhiệm hữu hạn một thành viên|công ty trách nhiệm hữu hạn hai thành viên trở lên|
công ty trách nhiệm hữu hạn|công ty tnhh một thành viên|công ty tnhh mtv|công ty tnhh|
công ty cổ phần|công ty cp|cty tnhh|cty cp|ctcp|doanh nghiệp tư nhân|dntn|tnhh mtv|tnhh|
một thành viên|mtv|
public company limited|public limited company|private company limited|company limited|
private limited|pvt ltd|pte ltd|pty ltd|co ltd|sendirian berhad|sdn bhd|
joint stock company|limited liability company|limited partnership|sociedade anónima|
sociedade unipessoal|limitada|unipessoal|perseroan terbatas|
limited|ltd|ltda|lda|incorporated|inc|corp|corporation|llc|llp|pte|pty|plc|pcl|sdn|bhd|berhad|
tbk|persero|gmbh|jsc|cty|opc
"""
_FIRST_WORDS = "the|pt|cv|ud|công ty"
_LAST_WORDS = "co|company|sa|s a|ag|bv|nv|sas|sarl|kg|cp"


def fold(name: str) -> str:
    """The strict fold: equal for two spellings of one name, empty for a name without letters."""
    text = unicodedata.normalize("NFKC", clean(name)).casefold()
    text = fold_han(ascii_digits(text)).replace("&", " and ")
    text = _in_order(unicodedata.normalize("NFC", text))
    text = "".join(_kept(char) for char in text)
    words = " ".join(_tone_last(word) for word in text.split())
    return _without_legal_forms(_IDLE_SPACE.sub("", words))


def loose(name: str) -> str:
    """`fold` without the marks of Latin letters; other scripts keep theirs."""
    return _without_legal_forms(_unmarked(fold(name)))


def _in_order(text: str) -> str:
    for wrong, right in _ORDER:
        text = wrong.sub(right, text)
    return text


def _kept(char: str) -> str:
    if char in "\u200b\u200c\u200d'’":
        return ""
    return char if unicodedata.category(char)[0] in "LNM" else " "


def _tone_last(word: str) -> str:
    if not any("\u00c0" <= char <= "\u036f" or "\u1e00" <= char <= "\u1eff" for char in word):
        return word
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(char for char in parts if char in _TONES))
    rest = "".join(char for char in parts if char not in _TONES)
    return unicodedata.normalize("NFC", rest) + tones


def _unmarked(text: str) -> str:
    plain = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain).translate(_LOOSE_LETTERS)


def _folded_form(form: str) -> str:
    text = _in_order(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", form).casefold()))
    return " ".join(_tone_last(word) for word in text.split())


def _alternatives(forms: str) -> str:
    """The forms as they look after folding, and as people type them without marks."""
    folded = [_folded_form(form) for form in forms.replace("\n", "").split("|")]
    return "|".join(re.escape(form) for folded_form in folded
                    for form in dict.fromkeys((folded_form, _unmarked(folded_form))))


# \b would split before a combining tone mark, so words end at a space.
_FORMS = re.compile(f"(?:(?:^|(?<= ))(?:{_alternatives(_WORDS)})(?=$| ))|"
                    f"(?:^(?:{_alternatives(_FIRST_WORDS)})(?= ))|"
                    f"(?:(?<= )(?:{_alternatives(_LAST_WORDS)})$)")
_PREFIXES = tuple(_folded_form(form) for form in _BEFORE)
_SUFFIXES = tuple(_folded_form(form) for form in _AFTER)


def _without_legal_forms(text: str) -> str:
    """Strip forms until none is left; a name that is nothing but a form stays as it is."""
    left = text
    while True:
        shorter = " ".join(_FORMS.sub(" ", left).split())
        shorter = next((shorter.removesuffix(form).strip() for form in _SUFFIXES
                        if shorter.endswith(form) and shorter != form), shorter)
        shorter = next((shorter.removeprefix(form).strip() for form in _PREFIXES
                        if shorter.startswith(form) and shorter != form), shorter)
        if not shorter:
            return left
        if shorter == left:
            return left
        left = shorter
