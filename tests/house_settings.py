"""The house's settings for tests: a home of its own in a temporary folder, gone afterwards.

The prepared model is kept between runs in `var/models` (or SAPHAN_MODELS), because writing it takes
seconds. SAPHAN_DATABASE may name a PostgreSQL server to run the tests on.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("SAPHAN_MODELS", "SAPHAN_DATABASE")

for _name in [name for name in os.environ if name.startswith("SAPHAN_") and name not in KEPT]:
    del os.environ[_name]
_home = tempfile.mkdtemp(prefix="saphan-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["SAPHAN_HOME"] = _home
(Path(_home) / "static").mkdir()  # or WhiteNoise warns that nothing was collected
os.environ.setdefault("SAPHAN_MODELS", str(ROOT / "var" / "models"))
os.environ["SAPHAN_WORKER"] = "no"
# What numba compiled for the timetable is kept between runs: compiling takes half a minute.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "numba"))

from saphan.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # No manifest, so that pages render without `collectstatic`.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
