"""The incubator's pages."""

from saphan.rooms.incubator.views.hall import home

__all__ = ["home"]
