"""The example site in production: PostgreSQL, Redis, workers, a proxy that ends TLS.

Made to be copied. Secrets and places come from the environment; one that is missing
stops the site at once. See docs/how-to/run-in-production.md.
"""

from __future__ import annotations

import os
from pathlib import Path

import django

from example_site.settings import *  # noqa: F403
from example_site.settings import INSTALLED_APPS

# ---- Core ------------------------------------------------------------------------

SECRET_KEY = os.environ["SECRET_KEY"]
# Old keys, so that private links in mails of before a rotation go on working.
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()
DEBUG = False
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
SHOWCASE_DEMO = False

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.contrib.postgres",  # Wagtail's search on PostgreSQL
    "django_tasks",
    "django_tasks_db",
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

# ---- Data ------------------------------------------------------------------------

# PGHOST, PGUSER, PGPASSWORD and the like are read by PostgreSQL's own library.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PGDATABASE"],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

# Rate limits are counted here, so all processes share it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }
}

# Reviews, pages, pictures and mails: `manage.py db_worker` does them.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ---- Files -----------------------------------------------------------------------

FILES_ROOT = Path(os.environ["FILES_ROOT"])
# The web server serves these two …
STATIC_ROOT = FILES_ROOT / "static"
MEDIA_ROOT = FILES_ROOT / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
    # … and never this one. Processes and workers share all three.
    "crowdbrand_private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT / "private", "base_url": None},
    },
}

# ---- Mail ------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ["DEFAULT_FROM_EMAIL"]
SMTP = {
    "host": os.environ.get("SMTP_HOST", "localhost"),
    "port": int(os.environ.get("SMTP_PORT", "587")),
    "username": os.environ.get("SMTP_USER", ""),
    "password": os.environ.get("SMTP_PASSWORD", ""),
    "use_tls": True,
    "timeout": 20,
}
if django.VERSION >= (6, 1):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": SMTP,
        },
    }
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = SMTP["host"], SMTP["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP["username"], SMTP["password"]
    EMAIL_USE_TLS, EMAIL_TIMEOUT = SMTP["use_tls"], SMTP["timeout"]

# ---- Security --------------------------------------------------------------------

# One proxy of ours stands before the site and sets both headers itself.
WAGTAIL_CROWDBRAND = {"TRUSTED_PROXIES": 1}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers remember this for a year and for all sub-domains: begin with an hour.
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

X_FRAME_OPTIONS = "DENY"  # Wagtail allows its own previews
SHOWCASE_CSP = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

# ---- Wagtail ---------------------------------------------------------------------

WAGTAILADMIN_BASE_URL = os.environ["WAGTAILADMIN_BASE_URL"]
