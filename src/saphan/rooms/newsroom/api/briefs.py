"""Briefs, their editions and who gets them: for software."""

from ninja import Router

router = Router()
