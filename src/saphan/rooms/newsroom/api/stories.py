"""Stories, and what officers decide about them: for software."""

from ninja import Router

router = Router()
