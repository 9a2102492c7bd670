"""Events, registration, check-in."""

from __future__ import annotations

from django.urls import path

from saphan.rooms.meetings.views import (
    door,
    editing,
    events,
    programme,
    registering,
    registrations,
    setup,
)

EVENT = "<accession:number>/"

urlpatterns = [
    path("", events.home, name="home"),
    path("new/", editing.new, name="new"),
    path(EVENT, events.event, name="event"),
    path(f"{EVENT}edit/", editing.edit, name="edit"),
    path(f"{EVENT}move/<slug:transition>/", events.move, name="move"),
    path(f"{EVENT}duplicate/", events.duplicate, name="duplicate"),
    path(f"{EVENT}remove/", events.remove, name="remove"),
    path(f"{EVENT}programme/", programme.page, name="programme"),
    path(f"{EVENT}programme.ics", programme.calendar, name="programme_calendar"),
    path(f"{EVENT}programme/<int:pk>/attend/", programme.attend, name="attend"),
    path(f"{EVENT}setup/", setup.checklist, name="setup"),
    path(f"{EVENT}setup/slots/", setup.slots, name="setup_slots"),
    path(f"{EVENT}setup/slots/add/", setup.add_slot, name="setup_slot_add"),
    path(f"{EVENT}setup/slots/<int:pk>/remove/", setup.remove_slot, name="setup_slot_remove"),
    path(f"{EVENT}setup/walks/", setup.walks, name="setup_walks"),
    path(f"{EVENT}setup/<slug:part>/", setup.parts, name="setup_parts"),
    path(f"{EVENT}setup/<slug:part>/<int:pk>/", setup.parts, name="setup_part"),
    path(f"{EVENT}setup/<slug:part>/<int:pk>/remove/", setup.remove_part,
         name="setup_part_remove"),
    path(f"{EVENT}register/", registering.register, name="register"),
    path(f"{EVENT}register/<int:position>/", registering.edit, name="register_edit"),
    path(f"{EVENT}party/<int:position>/", registering.party, name="party"),
    path(f"{EVENT}party/<int:position>/note/", registering.note, name="party_note"),
    path(f"{EVENT}party/<int:position>/<slug:transition>/", registering.move, name="party_move"),
    path(f"{EVENT}registrations/", registrations.desk, name="registrations"),
    path(f"{EVENT}registrations/do/", registrations.together, name="registrations_do"),
    path(f"{EVENT}registrations/import/", registrations.take_in, name="registrations_import"),
    path(f"{EVENT}badges/", door.badges, name="badges"),
    path(f"{EVENT}check-in/", door.check_in, name="check_in"),
    path(f"{EVENT}check-in/do/", door.do_check_in, name="check_in_do"),
    path(f"{EVENT}check-in/walk-in/", door.walk_in, name="walk_in"),
]
