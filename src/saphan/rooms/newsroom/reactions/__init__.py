"""What the newsroom does on its own: reads sources, places articles, tells people."""

from saphan.rooms.newsroom.reactions import articles, briefs, figures, sources, stories, topics

__all__ = ["articles", "briefs", "figures", "sources", "stories", "topics"]
