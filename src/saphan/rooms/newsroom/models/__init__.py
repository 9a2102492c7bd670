"""What stands in the newsroom: sources, articles, stories, figures, topics and briefs."""

from saphan.rooms.newsroom.models.article import Article, Version
from saphan.rooms.newsroom.models.brief import Brief, Edition, Posting, Subscriber
from saphan.rooms.newsroom.models.figure import Figure
from saphan.rooms.newsroom.models.source import Alarm, Look, Page, Source
from saphan.rooms.newsroom.models.story import Decision, Story
from saphan.rooms.newsroom.models.topic import Match, Topic

__all__ = ["Alarm", "Article", "Brief", "Decision", "Edition", "Figure", "Look", "Match", "Page",
           "Posting", "Source", "Story", "Subscriber", "Topic", "Version"]
