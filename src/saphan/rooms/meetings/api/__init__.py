"""The meetings room for software: what its parts offer, under one address."""

from ninja import Router

from saphan.rooms.meetings.api import days, events, plans, visits, wishes

router = Router()
for part in (visits, days, plans, wishes, events):
    router.add_router("", part.router)
