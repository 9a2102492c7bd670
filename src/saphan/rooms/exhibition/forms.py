"""The form of an exhibit, made from its signature. Whether values fit is checked in one place for
the page, the API, MCP and OIP: `saphan.engines.runner.inputs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from saphan.design import formats
from saphan.engines.runner import inputs
from saphan.engines.runner.inputs import BadInputs, Input, Problem
from saphan.rooms.exhibition.answers import Speaker

PROBLEMS = {
    "required": _("Please fill this in."),
    "unknown": _("The exhibit has no such input."),
    "not_text": _("This must be text."),
    "too_long": _("This is too long: %(limit)s characters at most."),
    "not_a_choice": _("Choose one of these: %(limit)s."),
    "not_yes_no": _("Answer yes or no."),
    "not_a_number": _("This must be a number."),
    "too_small": _("This must be at least %(limit)s."),
    "too_large": _("This must be at most %(limit)s."),
    "not_whole": _("This must be a whole number."),
    "not_base64": _("This file must come as base64."),
    "not_a_file": _("This must be a file."),
    "too_big": _("This file is too large: %(limit)s at most."),
}
TABLE_FILE = "__file"
ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")


def problem_words(problem: Problem) -> str:
    """What is wrong with a value, in the reader's language."""
    limit = problem.limit
    if problem.code == "too_big":
        limit = f"{limit // 2**20} MB"
    elif isinstance(limit, (int, float)):
        limit = formats.number(limit)
    return str(PROBLEMS[problem.code]) % {"limit": limit}


class ExhibitForm(forms.Form):
    """Fields for the inputs, with the exhibit's words. `problems` come from `inputs.check`."""

    def __init__(self, signature: Sequence[Input], speaker: Speaker,
                 given: Mapping[str, Any] | None = None,
                 problems: Sequence[Problem] = ()) -> None:
        super().__init__(data={} if problems else None, initial={
            name: value for name, value in (given or {}).items()
            if not isinstance(value, bytes)})
        self.signature = list(signature)
        for each in self.signature:
            self.fields[each.name] = _field(each, speaker)
        if problems:
            self.data = MultiValueDict({name: [value] for name, value in self.initial.items()
                                        if value is not None})
            self.full_clean()
            self._errors = ErrorDict()  # one sentence for each mistake: ours
            for problem in problems:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, problem_words(problem))

    def rows(self) -> list[tuple[Any, Input]]:
        """Bound fields with what the contract says of them."""
        return [(self[each.name], each) for each in self.signature]


def _field(each: Input, speaker: Speaker) -> forms.Field:
    options: dict[str, Any] = {
        "required": False, "label": speaker.word("inputs", each.name).text
        + (f" ({each.unit})" if each.unit else ""),
        "help_text": speaker.word("helps", each.name).text
        if speaker.has("helps", each.name) else "", "initial": each.default}
    needed = {"required": True} if each.required and each.kind != "yes_no" else {}
    if each.kind == "choice":
        options["choices"] = [(value, speaker.word("choices", value).text)
                              for value in each.choices]
        if not each.required and each.default is None:
            options["choices"].insert(0, ("", "–"))
        return forms.ChoiceField(**options)
    if each.kind == "yes_no":
        return forms.BooleanField(**options)
    if each.is_file:
        return forms.FileField(**options, widget=forms.FileInput(attrs={
            "accept": each.accept, "data-kind": each.kind,
            **({"capture": "environment"} if each.kind == "image" else {})}))
    if each.kind in inputs.NUMBERS:
        limits = {"min": each.at_least, "max": each.at_most,
                  "step": each.step or ("1" if each.kind == "integer" else "any")}
        return forms.CharField(**options, widget=forms.NumberInput(attrs={
            **{key: value for key, value in limits.items() if value is not None}, **needed}))
    attrs = {"maxlength": each.most, "dir": "auto", **needed, **(
        {"lang": each.lang} if each.lang else {})}
    if each.kind == "line":
        return forms.CharField(**options, widget=forms.TextInput(attrs=attrs))
    return forms.CharField(**options, widget=forms.Textarea(attrs={
        **attrs, "rows": each.rows or 4, "data-kind": each.kind}))


def read_post(signature: Sequence[Input], post: Mapping[str, Any],
              files: Mapping[str, Any]) -> dict[str, Any]:
    """What came from the page, as `inputs.check` wants it. A file for a table becomes its text;
    a file that is larger than allowed is not read whole."""
    given: dict[str, Any] = {}
    for each in signature:
        upload = files.get(each.name) or files.get(each.name + TABLE_FILE)
        if each.is_file and upload is not None:
            given[each.name] = upload.read((each.most or 0) + 1)
        elif each.kind == "table" and upload is not None and upload.size:
            given[each.name] = decoded(upload.read((each.most or 0) * 4 + 1))
        elif each.kind == "yes_no":
            given[each.name] = each.name in post
        elif each.name in post and not each.is_file:
            given[each.name] = post[each.name]
        elif each.is_file and str(post.get(each.name, "")).startswith("data:"):
            given[each.name] = post[each.name]  # what was drawn or recorded in the page
    return given


def decoded(data: bytes) -> str:
    """Text of a file whose encoding nobody says: as spreadsheets here write it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


__all__ = ["PROBLEMS", "BadInputs", "ExhibitForm", "decoded", "problem_words", "read_post"]
