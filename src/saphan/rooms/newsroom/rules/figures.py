"""Figures and the desk that checks them: who may do what, and why not."""

from __future__ import annotations

from saphan.ground.access import Rule

BY_TRANSITION: dict[str, Rule] = {}
