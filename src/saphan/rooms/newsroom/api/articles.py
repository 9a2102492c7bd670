"""Articles, their versions and evidence: for software."""

from ninja import Router

router = Router()
