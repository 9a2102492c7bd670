"""Sources, looks at them and alarms: for software."""

from ninja import Router

router = Router()
