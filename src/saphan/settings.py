"""The house's settings: everything has a default that works on one small machine.

Settings come from the environment (`SAPHAN_…`); `saphan check` says what is misconfigured. The
folder `SAPHAN_HOME` (default: `var` in the working directory) holds all that the house keeps:
database, index, model, media, outbox, secret key.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import locale

PACKAGE = Path(__file__).parent
HOME = Path(os.environ.get("SAPHAN_HOME", "var")).resolve()


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "yes" if default else "no").lower() in ("1", "yes", "true", "on")


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def _secret_key() -> str:
    if key := os.environ.get("SAPHAN_SECRET_KEY"):
        return key
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return path.read_text()


def _database() -> dict[str, Any]:
    """`SAPHAN_DATABASE` as postgresql://user:password@host:port/name, else SQLite in HOME."""
    if url := os.environ.get("SAPHAN_DATABASE"):
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise SystemExit("SAPHAN_DATABASE must look like postgresql://user:password@host/name")
        return {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"),
                "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
                "HOST": parts.hostname or "", "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 60}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "saphan.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20,
                        # FULL: a commit that was answered survives the machine's power cut.
                        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
            # A file, not memory: tests with a live server and threads share it.
            "TEST": {"NAME": HOME / "test.sqlite3"}}


SECRET_KEY = _secret_key()
DEBUG = _flag("SAPHAN_DEBUG")
ALLOWED_HOSTS = _list("SAPHAN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _list("SAPHAN_ORIGINS")
BASE_URL = os.environ.get("SAPHAN_URL", "http://localhost:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")
CENTRE = os.environ.get("SAPHAN_CENTRE", "nanning")
CENTRES = PACKAGE / "centres"
MODELS = Path(os.environ.get("SAPHAN_MODELS", HOME / "models"))
INDEX = HOME / "index.sqlite3"
INDEX_URL = os.environ.get("SAPHAN_INDEX", "")
# Folders of exhibits that the operator adds, separated by colons (docs/your-exhibit.md).
EXHIBITS = [Path(path) for path in os.environ.get("SAPHAN_EXHIBITS", "").split(os.pathsep) if path]
# Memory that warm exhibits may hold together, in megabytes; the longest unused go first.
HALL_MB = float(os.environ.get("SAPHAN_HALL_MB", "1500"))
# Province (ISO 3166-2, without the economy) whose electricity the energy labels count with.
PROVINCE = os.environ.get("SAPHAN_PROVINCE", "")
# Origins of exhibits that run outside the hall: https://models.example.org
OUTSIDE = _list("SAPHAN_OUTSIDE")
# Origins in the house's own network that news may be read from; all others must be public.
NEWS_INSIDE = _list("SAPHAN_NEWS_INSIDE")
EMBEDDINGS_URL = os.environ.get("SAPHAN_EMBEDDINGS_URL", "")
EMBEDDINGS_MODEL = os.environ.get("SAPHAN_EMBEDDINGS_MODEL", "")
EMBEDDINGS_DIMENSION = int(os.environ.get("SAPHAN_EMBEDDINGS_DIMENSION", "1024"))
EMBEDDINGS_KEY = os.environ.get("SAPHAN_EMBEDDINGS_KEY", "")
# Who drafts translations, if not people alone: KIND is openai or libretranslate (docs/words.md).
TRANSLATION_URL = os.environ.get("SAPHAN_TRANSLATION_URL", "")
TRANSLATION_KIND = os.environ.get("SAPHAN_TRANSLATION_KIND", "openai")
TRANSLATION_KEY = os.environ.get("SAPHAN_TRANSLATION_KEY", "")
TRANSLATION_MODEL = os.environ.get("SAPHAN_TRANSLATION_MODEL", "")
# Characters of originals that may be sent on one day.
TRANSLATION_CHARACTERS = int(os.environ.get("SAPHAN_TRANSLATION_CHARACTERS", "200000"))
WORKER_IN_PROCESS = _flag("SAPHAN_WORKER", True)


def _room_apps() -> list[str]:
    from saphan.house.registry import packages

    return packages()


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "saphan.design.apps.DesignConfig",
    "saphan.ground.apps.GroundConfig",
    "saphan.people.apps.PeopleConfig",
    "saphan.doors.apps.DoorsConfig",
    *_room_apps(),
    "saphan.house.wording.apps.WordingConfig",
    "saphan.house.rendering.apps.RenderingConfig",
    "saphan.house.watching.apps.WatchingConfig",
    # Last: it opens the rooms, which must be loaded by then.
    "saphan.house.apps.HouseConfig",
]

MIDDLEWARE = [
    "saphan.doors.web.middleware.Compress",
    "django.middleware.security.SecurityMiddleware",
    "saphan.doors.web.middleware.Static",
    "saphan.doors.web.middleware.SaneInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "saphan.doors.web.middleware.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "saphan.doors.web.middleware.Refusals",
]

ROOT_URLCONF = "saphan.urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [PACKAGE / "doors" / "web" / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "saphan.doors.web.context.house",
        ],
        "builtins": ["saphan.design.templatetags.design"],
    },
}]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# People and sign-in
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"} for name in
    ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Addresses are checked by a code sent to them. Without a mail server nobody would get it, so
# there they count as checked (see saphan.doors.web.account.Adapter).
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _flag("SAPHAN_PROXY") else 0
ACCOUNT_PREVENT_ENUMERATION = bool(os.environ.get("SAPHAN_SMTP_HOST"))
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "saphan.doors.web.account.Adapter"
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "saphan.doors.web.account.SecondStep"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "Saphan"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SIGNUP_OPEN = _flag("SAPHAN_SIGNUP", True)
# Limits on signing in are counted here, so that they hold over all processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache",
                      "LOCATION": "people_cache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

# Mail: without a server it goes to the outbox folder, where the desk can read it.
if os.environ.get("SAPHAN_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SAPHAN_SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("SAPHAN_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("SAPHAN_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("SAPHAN_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = _flag("SAPHAN_SMTP_TLS", True)
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "outbox"
DEFAULT_FROM_EMAIL = os.environ.get("SAPHAN_MAIL_FROM", "saphan@localhost")

# Languages: endonyms, because nobody should have to read another language to find her own.
LANGUAGES = [
    ("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English"), ("th", "ไทย"),
    ("vi", "Tiếng Việt"), ("lo", "ລາວ"), ("km", "ខ្មែរ"), ("my", "မြန်မာ"),
    ("id", "Bahasa Indonesia"), ("ms", "Bahasa Melayu"), ("fil", "Filipino"), ("pt", "Português"),
]
for _code, _name, _local in [("lo", "Lao", "ລາວ"), ("fil", "Filipino", "Filipino"),
                             ("km", "Khmer", "ខ្មែរ"), ("my", "Burmese", "မြန်မာ"),
                             ("ms", "Malay", "Bahasa Melayu")]:
    locale.LANG_INFO.setdefault(
        _code, {"bidi": False, "code": _code, "name": _name, "name_local": _local})
LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("SAPHAN_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# One cookie jar, shut tight. HSTS only where the house is reached by https.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "saphan.doors.web.errors.stale_form"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("SAPHAN_PROXY") else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# As much as `ground.limits.UPLOAD_BYTES`: what visitors show never lies in a temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {
    "default-src": ["'self'"], "script-src": ["'self'"], "style-src": ["'self'"],
    "img-src": ["'self'", "data:"], "media-src": ["'self'", "data:"],
    "font-src": ["'self'"], "object-src": ["'none'"],
    "base-uri": ["'none'"], "form-action": ["'self'"], "frame-ancestors": ["'none'"],
}}

LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hush": {"()": "saphan.ground.hushing.Hush"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line",
                             "filters": ["hush"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("SAPHAN_LOG", "WARNING")},
}
