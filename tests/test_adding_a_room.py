"""The room of docs/adding-a-room.md, added as one folder to a copy of the house."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import saphan

ROOT = Path(saphan.__file__).parents[2]
GUIDE = ROOT / "docs" / "adding-a-room.md"

MODELS = """
from django.db import models


class Entry(models.Model):
    line = models.CharField(max_length=200)
"""
URLS = """
from django.urls import path

from saphan.rooms.guestbook import views

app_name = "guestbook"
urlpatterns = [path("", views.home, name="home")]
"""
VIEWS = """
from django.shortcuts import render

from saphan.rooms.guestbook.models import Entry


def home(request):
    return render(request, "guestbook/home.html", {"entries": Entry.objects.all()})
"""
WALK = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("makemigrations", "guestbook", verbosity=0)
call_command("migrate", verbosity=0)
settings.ALLOWED_HOSTS.append("testserver")
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage")
from django.test import Client
from saphan.rooms.guestbook.models import Entry
Entry.objects.create(line="We were here.")
visitor = Client()
page = visitor.get("/th/guestbook/")
assert page.status_code == 200 and "We were here." in page.content.decode()
plan = visitor.get("/en/").content.decode()
assert "Guest book" in plan and "/en/guestbook/" in plan
rooms = visitor.get("/api/v1/rooms").json()
assert [room["slug"] for room in rooms] == [
    "exhibition", "market", "meetings", "incubator", "observatory", "newsroom",
    "guestbook"], rooms
assert rooms[-1]["live"] == {"number": 1, "label": "entries"}
print("walked")
"""


def test_a_room_is_added_as_one_folder_without_touching_another_file(tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src" / "saphan", source / "saphan",
                    ignore=shutil.ignore_patterns("__pycache__", "tests"))
    guide = GUIDE.read_text(encoding="utf-8")
    folder = source / "saphan" / "rooms" / "guestbook"
    files = {"__init__.py": "", "migrations/__init__.py": "", "models.py": MODELS, "urls.py": URLS,
             "views.py": VIEWS, "room.py": re.findall(r"```python\n(.*?)```", guide, re.DOTALL)[0],
             "templates/guestbook/home.html":
                 re.findall(r"```html\n(.*?)```", guide, re.DOTALL)[0]}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", WALK], capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(source), "SAPHAN_HOME": str(tmp_path / "home"),
             "DJANGO_SETTINGS_MODULE": "saphan.settings"})

    assert done.stdout.strip().endswith("walked"), done.stderr[-3000:]
