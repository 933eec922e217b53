"""Settings of the example site: SQLite, local files, mails kept in a demo mailbox."""

from __future__ import annotations

import os
from pathlib import Path

import django

BASE_DIR = Path(__file__).resolve().parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)


def _flag(name: str, *, default: str) -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


# ---- Core ------------------------------------------------------------------------

SECRET_KEY = os.environ.get("SECRET_KEY", "demo-only-secret-key-never-use-it-elsewhere")
DEBUG = _flag("DEBUG", default="1")
ALLOWED_HOSTS = os.environ.get(
    "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver"
).split(",")

# Shows the logins on every page and opens the mailbox to everybody.
SHOWCASE_DEMO = _flag("SHOWCASE_DEMO", default="1")

ROOT_URLCONF = "example_site.urls"
WSGI_APPLICATION = "example_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

INSTALLED_APPS = [
    "example_site.showcase",
    "wagtail_crowdbrand",
    "wagtail_crowdbrand.pages",
    "wagtail_modeladmin",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "ninja",  # the API's documentation page
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "example_site.showcase.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "wagtail_crowdbrand.middleware.unchanged_pages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "example_site.showcase.context_processors.demo",
            ],
        },
    },
]

# ---- Data ------------------------------------------------------------------------

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "db.sqlite3",
        # Without these three, simultaneous writes fail instead of queueing.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;",
            "timeout": 60,
        },
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Demo accounts have short passwords on purpose.
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
LOGIN_URL = "wagtailadmin_login"

# ---- Language and time -----------------------------------------------------------

LANGUAGE_CODE = "en"
# Add languages here to see the package's own words in another tongue.
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Lisbon"

# ---- Files -----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Contributors' files before they are public: no base_url, never served.
    "crowdbrand_private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
}

# ---- Mail: everything goes to /mailbox/ -------------------------------------------

DEFAULT_FROM_EMAIL = "Ondalenta <calls@ondalenta.example>"
if django.VERSION >= (6, 1):
    MAILERS = {
        "default": {"BACKEND": "example_site.showcase.mailbox.DemoMailBackend"},
    }
else:
    EMAIL_BACKEND = "example_site.showcase.mailbox.DemoMailBackend"

# ---- Security headers --------------------------------------------------------------

X_FRAME_OPTIONS = "SAMEORIGIN"  # the Wagtail preview shows pages in a frame
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SHOWCASE_CSP = (
    "default-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Wagtail's admin needs inline scripts and styles.
SHOWCASE_CSP_EXEMPT_PREFIXES = ("/admin/",)

# ---- The front end of example_site/headless ----------------------------------------

# Where it is served; links in mails lead there when it is named.
FRONT_END = os.environ.get("FRONT_END", "")
WAGTAIL_CROWDBRAND = {
    "API_ALLOWED_ORIGINS": [
        "http://127.0.0.1:4173",  # make headless-demo
        "http://127.0.0.1:5173",  # npm run dev
        *([FRONT_END] if FRONT_END else []),
    ],
    "PRIVATE_LINKS": {
        "confirm": f"{FRONT_END}/confirm#{{code}}/{{token}}",
        "edit": f"{FRONT_END}/mine#{{code}}/{{token}}",
        "resume": f"{FRONT_END}/draft#{{code}}/{{token}}",
    }
    if FRONT_END
    else {},
    "PREVIEW_URL": f"{FRONT_END}/preview#draft/{{token}}" if FRONT_END else "",
}
if FRONT_END:
    SHOWCASE_CSP += f"; frame-src 'self' {FRONT_END}"

# ---- Wagtail -----------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Ondalenta"
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # nothing is asked of other servers
WAGTAILADMIN_BASE_URL = os.environ.get("WAGTAILADMIN_BASE_URL", "http://localhost:8000")
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
