"""Who may do what in the newsroom, and why not. Each refusal carries a translated reason.

`BY_TRANSITION` names a rule for every move of every model here. A name that several models share
(`withdraw`) is looked up in the module of the model.
"""

from __future__ import annotations

from saphan.ground.access import Rule
from saphan.rooms.newsroom.rules import articles, briefs, desk, figures, sources, stories, topics

BY_TRANSITION: dict[str, Rule] = {
    **sources.BY_TRANSITION, **articles.BY_TRANSITION, **figures.BY_TRANSITION,
    **stories.BY_TRANSITION, **topics.BY_TRANSITION, **briefs.BY_TRANSITION,
}

__all__ = ["BY_TRANSITION", "desk"]
