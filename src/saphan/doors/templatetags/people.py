"""Which pages about people the reader may open."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from saphan.house.rendering.rules import may_see_the_desk
from saphan.house.wording.rules import may_decide
from saphan.people import rules

register = template.Library()


@register.simple_tag
def staff_pages(person: Any) -> list[tuple[str, str]]:
    """URL names and labels, by the rules that guard the pages themselves."""
    pages = [
        ("people_persons", _("People and roles"), rules.may_administer),
        ("people_organisations", _("Organisations"), rules.may_edit_organisations),
        ("people_economies", _("Countries and regions"), rules.may_edit_economies),
        ("term_desk", _("The term desk"), may_decide),
        ("words_desk", _("The translation desk"), may_see_the_desk),
        ("people_outbox", _("Outbox"), rules.may_administer)]
    return [(name, label) for name, label, rule in pages if person is not None and rule(person)]
