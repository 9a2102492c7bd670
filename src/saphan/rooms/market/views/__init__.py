"""The market's pages: shelves, one record, posting, the desk."""

from saphan.rooms.market.views.desk import desk, import_run, imports
from saphan.rooms.market.views.post import edit, media_add, media_remove, mine, new, post_need
from saphan.rooms.market.views.record import listing, media, move
from saphan.rooms.market.views.shelves import export, home, shelf

__all__ = ["desk", "edit", "export", "home", "import_run", "imports", "listing", "media",
           "media_add", "media_remove", "mine", "move", "new", "post_need", "shelf"]
