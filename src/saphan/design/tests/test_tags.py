"""The pieces for templates: what a room's author relies on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from saphan.design import bundle
from saphan.design.plate import Plate
from saphan.design.templatetags import design


@dataclass(frozen=True)
class Origin:
    origin_label: str
    approved_by: str = ""


@dataclass(frozen=True)
class Said:
    """Words as the ground's Text would hand them out."""

    text: str
    lang: str
    asked: str
    source: str = "th"
    words: Origin = Origin("Written by a person")

    @property
    def is_source(self) -> bool:
        return self.lang == self.source


MACHINE = Origin("Machine translation")
APPROVED = Origin("Machine translation", approved_by="p_1")
OWN = Said("คัดแยกทุเรียน", "th", "th")
FOREIGN = Said("คัดแยกทุเรียน", "th", "km")
TRANSLATED = Said("Durian sorting", "en", "en", words=MACHINE)


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_the_style_sheet_is_made_of_its_parts() -> None:
    assert bundle.RESULT.read_text(encoding="utf-8") == bundle.bundle(), \
        "run: python -m saphan.design.bundle"


def test_words_in_another_language_say_so() -> None:
    drawn = render("{% words reading %}", reading=FOREIGN)
    assert '<span lang="th">คัดแยกทุเรียน</span>' in drawn
    assert "Shown in: Thai" in drawn


def test_translated_words_say_who_translated_them() -> None:
    assert design.origin_notes(TRANSLATED) == ["Machine translation", "Original in: Thai"]


def test_words_in_the_writers_own_language_need_no_note() -> None:
    drawn = render("{% words reading %}", reading=OWN)
    assert drawn.strip() == '<span lang="th">คัดแยกทุเรียน</span>'


def test_somebody_who_stood_up_for_a_translation_is_shown() -> None:
    approved = replace(TRANSLATED, words=APPROVED)
    assert design.origin_notes(approved) == [
        "Machine translation", "Original in: Thai", "approved"]


def test_words_are_escaped() -> None:
    assert "<script>" not in render("{% words r %}", r=Said("<script>", "en", "en", source="en"))


def test_a_plate_shows_what_a_museum_label_shows() -> None:
    plate = Plate("MKT-2026-0042", TRANSLATED, "/en/market/42/", "Technology offer", "match",
                  "Market", maker="สวนฉลาด", maker_lang="th", economy="Thailand",
                  date=date(2026, 11, 3), state="published", state_label="Published", example=True)
    with translation.override("en"):
        drawn = render("{% plate plate level=2 %}", plate=plate)
    for wanted in ("<h2", "MKT-2026-0042", "Durian sorting", 'lang="th">สวนฉลาด', "Thailand",
                   "3 Nov 2026", 'data-tone="good"', "Published", "Machine translation", "Example",
                   'data-wing="match"'):
        assert wanted in drawn


def test_an_answers_plate_says_why() -> None:
    plate = Plate("MKT-1", TRANSLATED, "/1/", "Offer", "match", "Market")
    why = SimpleNamespace(score=0.5, grade=2, how="meaning", concepts=("durian",), requirements=(
        SimpleNamespace(label="Country or region", wanted="Thailand", found="", verdict="met"),
        SimpleNamespace(label="Stage", wanted="on the market", found="lab", verdict="not_met"),
        SimpleNamespace(label="Partner", wanted="company", found="", verdict="unknown")))
    drawn = render("{% plate plate why=why %}", plate=plate, why=why)
    for wanted in ("durian", ">met<", ">not met<", ">not known<", "here: lab", "Fits in part"):
        assert wanted in drawn


class NeedForm(forms.Form):
    title = forms.CharField(max_length=256, help_text="In your own words.")
    note = forms.CharField(max_length=500, required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField()


def test_a_field_ties_label_help_error_and_count_together() -> None:
    form = NeedForm({"title": ""})
    drawn = render("{% field form.title %}", form=form)
    assert 'aria-describedby="id_title_error id_title_help id_title_count"' in drawn
    assert 'aria-invalid="true"' in drawn
    for part in ("error", "help", "count"):
        assert f'id="id_title_{part}"' in drawn
    assert '<label for="id_title">' in drawn
    assert "At most 256 characters." in drawn


def test_characters_are_counted_only_of_words_that_somebody_writes() -> None:
    class PaperForm(forms.Form):
        address = forms.URLField(max_length=300, assume_scheme="https")
        whole = forms.CharField(max_length=200_000, widget=forms.Textarea)
        number = forms.CharField(max_length=300)

    form = PaperForm()
    for tag in ("{% field form.address %}", "{% field form.whole %}",
                "{% field form.number counts=False %}"):
        assert "data-limit" not in render(tag, form=form)
    assert "data-limit" in render("{% field form.number %}", form=form)


def test_only_what_may_be_left_out_is_marked() -> None:
    form = NeedForm()
    assert "optional" in render("{% field form.note %}", form=form)
    assert "optional" not in render("{% field form.title %}", form=form)


def test_a_filter_neither_marks_what_may_be_left_out_nor_counts_characters() -> None:
    drawn = render('{% include "design/filters.html" %}', form=NeedForm(),
                   request=SimpleNamespace(GET={}, path="/"))
    assert 'for="id_note"' in drawn
    assert "optional" not in drawn
    assert "characters" not in drawn and "data-limit" not in drawn


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    drawn = render("{% field form.kind %}", form=NeedForm({}))
    assert "<legend>Kind" in drawn
    assert 'aria-describedby="id_kind_error"' in drawn


def test_errors_at_the_top_lead_to_their_fields() -> None:
    drawn = render("{% form_errors form %}", form=NeedForm({"kind": "a"}))
    assert 'href="#id_title"' in drawn
    assert "2 things need your attention" in drawn


def test_a_date_carries_its_machine_form() -> None:
    with translation.override("th"):
        assert render("{% date d %}", d=date(2026, 11, 22)) == \
            '<time datetime="2026-11-22">22 พฤศจิกายน 2569</time>'
    assert render("{% date d %}", d=None) == ""


def test_digits_of_a_large_number_are_set_apart_from_its_unit() -> None:
    assert render("{% quantity 19000 'm2' %}") == '<span class="digits">19,000</span> m²'


@pytest.mark.parametrize("name", ["pager", "crumbs", "stepper", "progress", "empty", "notice",
                                  "messages", "filters"])
def test_every_piece_can_be_drawn_with_nothing(name: str) -> None:
    Template("{% include piece %}").render(Context({"piece": f"design/{name}.html"}))
