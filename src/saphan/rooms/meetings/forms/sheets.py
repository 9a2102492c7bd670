"""What to print."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SheetsForm(forms.Form):
    """What is printed and for whom."""

    KINDS = (("people", _("A sheet for each participant, in her or his language")),
             ("companies", _("A sheet for each company")),
             ("interpreters", _("A sheet for each interpreter")),
             ("tables", _("A card for each table: who sits there when")),
             ("everything", _("Everything, as one print job")))
    WHO = (("all", _("Everybody")), ("no_email", _("Those without an e-mail address")),
           ("changed", _("Those whose meetings changed since the last print")))

    kind = forms.ChoiceField(label=_("What to print"), choices=KINDS, initial="people",
                             widget=forms.RadioSelect)
    who = forms.ChoiceField(label=_("For whom"), choices=WHO, initial="all", required=False)
    party = forms.IntegerField(label=_("Only this registration (number)"), required=False,
                               min_value=1)
