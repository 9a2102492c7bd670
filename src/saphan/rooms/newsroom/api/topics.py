"""Topics: standing questions: for software."""

from ninja import Router

router = Router()
