"""The incubator for software: what its parts offer, under one address."""

from ninja import Router

from saphan.rooms.incubator.api.answers import router as answers
from saphan.rooms.incubator.api.calls import router as calls

router = Router()
router.add_router("", answers)
router.add_router("", calls)
