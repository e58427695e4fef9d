"""Settings of the portal: SQLite beside this project, or MariaDB where `COUNTERFOIL_MARIADB_URL` names one."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent

# For trying out on one's own machine: a portal that is reached by others sets its own.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-trying-out")
DEBUG = os.environ.get("DJANGO_DEBUG", "1") == "1"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    ]
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
TIME_ZONE = "UTC"
USE_TZ = True  # without it Django hands out times without a zone, and those are refused where money depends on them

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.BasicAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "EXCEPTION_HANDLER": "portal.api.errors.answer",
    "COERCE_DECIMAL_TO_STRING": True,
}

PORTAL_CURRENCY = "CNY"
PORTAL_APPLICATION = "portal"  # the application of the portal's own services
# The application in whose name statements are paid. Their order ids can be guessed, so no caller may pay in its name:
# who did could take the place of another's payment.
STATEMENT_APPLICATION = "portal.statements"


def _mariadb(url: str) -> dict[str, Any]:
    """`mysql://user:password@127.0.0.1:3306/portal` as Django wants it."""
    parts = urlsplit(url)
    if parts.scheme != "mysql":
        raise ValueError("COUNTERFOIL_MARIADB_URL begins with mysql://")
    return {
        "ENGINE": "django.db.backends.mysql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port or 3306,
        # What was locked is what is read: under `repeatable read`, Django's rows could be older than the lock.
        "OPTIONS": {"charset": "utf8mb4", "isolation_level": "read committed"},
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_bin"},
    }


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "portal.sqlite3",
        "OPTIONS": {"timeout": 20},
        # A file, since the threads of a test each have a connection of their own.
        "TEST": {"NAME": BASE_DIR / "test-portal.sqlite3"},
    }


_url = os.environ.get("COUNTERFOIL_MARIADB_URL")
DATABASES = {"default": _mariadb(_url) if _url else _sqlite()}
