"""Figures and the desk that checks them: for software."""

from ninja import Router

router = Router()
