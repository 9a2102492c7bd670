"""Times of slots in templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from saphan.design import formats
from saphan.rooms.meetings.models import Event, Slot

register = template.Library()


@register.simple_tag
def slot_time(slot: Slot, event: Event) -> SafeString:
    """09:00–09:30 on the event's clock, with the day before it if the event has several."""
    zone = event.time_zone
    told = f"{formats.clock(slot.begins, zone=zone)}–{formats.clock(slot.ends, zone=zone)}"
    if event.first_day != event.last_day:
        day = formats.day(slot.begins, style="short", zone=zone)
        told = f"{day} {told}"
    return format_html('<time datetime="{}">{}</time>', slot.begins.isoformat(), told)


@register.simple_tag
def slot_begins(slot: Slot, event: Event) -> str:
    """09:00 on the event's clock."""
    return formats.clock(slot.begins, zone=event.time_zone)
