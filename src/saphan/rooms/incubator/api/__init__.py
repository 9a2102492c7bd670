"""The incubator for software: what its parts offer, under one address."""

from ninja import Router

from saphan.rooms.incubator.api.answers import router as answers
from saphan.rooms.incubator.api.calls import router as calls
from saphan.rooms.incubator.api.panel import router as panel
from saphan.rooms.incubator.api.projects import router as projects

router = Router()
router.add_router("", projects)
router.add_router("", panel)
router.add_router("", answers)
router.add_router("", calls)
