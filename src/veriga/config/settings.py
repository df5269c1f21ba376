"""All settings, from the environment; the operator's guide lists each variable."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF

from veriga.config.errors import SettingError


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool) -> bool:
    value = env(name).lower()
    if value not in {"", "0", "1", "true", "false"}:
        raise SettingError(f"{name} must be 0 or 1, not {value!r}")
    return default if value == "" else value in {"1", "true"}


def env_int(name: str, *, default: int) -> int:
    value = env(name)
    if value and not value.isdecimal():
        raise SettingError(f"{name} must be a number, not {value!r}")
    return int(value) if value else default


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(env("VERIGA_HOME", "var")).resolve()
FILES = HOME / "files"  # what people upload


def _secret_key() -> str:
    """Return the installation's key, made and kept in VERIGA_HOME at first use."""
    given = env("VERIGA_SECRET_KEY")
    if given:
        return given
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: only one may make the key.
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


PREPARES = env_bool("VERIGA_PREPARE", default=True)
SQLITE_OPTIONS = {
    # A writer takes its lock at BEGIN, so that no reader is upgraded halfway.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # One connection alone checkpoints (config/checkpoint.py): SQLite before 3.51.3
    # can corrupt a WAL when two do at once.
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=0;"
        "PRAGMA wal_autocheckpoint=0;PRAGMA cache_size=-8192;PRAGMA temp_store=MEMORY"
    ),
}


def _database(url: str) -> dict[str, object]:
    """Return Django's description of the database that `url` names; SQLite if none."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "veriga.sqlite3",
            # Each thread keeps its connection and what that has cached.
            "CONN_MAX_AGE": None,
            "OPTIONS": SQLITE_OPTIONS,
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingError(f"DATABASE_URL cannot be read: {error}") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingError("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "veriga.common.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "veriga",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": query.get("port") or port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c lock_timeout=10000",
            # The server plans a statement that comes again once for each connection:
            # planning four joined tables takes longer than reading fifty rows. Some
            # poolers do not know prepared statements.
            "server_side_binding": True,
            "prepare_threshold": 3 if PREPARES else None,
        },
    }


SECRET_KEY = _secret_key()
DEBUG = False
DEMO = env_bool("VERIGA_DEMO", default=False)
# A JSON file of the demo: {"company": id, "hints": {"sl": [...], "en": [...]}}.
DEMO_START = env("VERIGA_DEMO_START")
ALLOWED_HOSTS = env_list("VERIGA_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [
    f"https://{host}" for host in ALLOWED_HOSTS if host not in {"*", "[::1]"}
]
ROOT_URLCONF = "veriga.config.urls"
WSGI_APPLICATION = "veriga.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database(env("DATABASE_URL"))}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "veriga.history",
    "veriga.access",
    "veriga.setup",
    "veriga.parties",
    "veriga.catalogue",
    "veriga.activities",
    "veriga.events",
    "veriga.tasks",
    "veriga.product_records",
    "veriga.quotes",
    "veriga.documents",
    "veriga.insight",
    "veriga.work",
    "veriga.automation",
    "veriga.demo",
    "veriga.api",
    "veriga.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "veriga.web.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "veriga.web.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "veriga.web.middleware.ErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "veriga.web.jinja.environment",
            "context_processors": ["veriga.web.context.page"],
        },
    },
    {
        # Only for packages that bring their own templates.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"]
        },
    },
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["veriga.access.backends.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {  # type: ignore[assignment]
    "user_attributes": ("name", "email")
}
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "veriga.web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Whoever asks for a new password under an unknown address gets no mail at all.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
# At eight a whole firm signs in from one address; wrong passwords are counted apart.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip"}

SESSION_ENGINE = "veriga.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_bool("VERIGA_HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
)
CSRF_FAILURE_VIEW = "veriga.web.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # a PDF beside the record it is attached to
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = env("VERIGA_LANGUAGE", "sl")
LANGUAGES = [("sl", "Slovenščina"), ("en", "English")]
if LANGUAGE_CODE not in {"sl", "en"}:
    raise SettingError("VERIGA_LANGUAGE must be sl or en")
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env("VERIGA_TIME_ZONE", "Europe/Ljubljana")
if TIME_ZONE not in available_timezones():
    raise SettingError("VERIGA_TIME_ZONE must be a name such as Europe/Ljubljana")
USE_I18N = True
USE_TZ = True

# The first passes over what is too large, the second keeps the rest on disk.
FILE_UPLOAD_HANDLERS = [
    "veriga.web.uploads.LimitedUpload",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
# Built by `make install` and shipped in the package: it belongs to the release, not to
# VERIGA_HOME, so that every installation of one release serves the same files.
STATIC_ROOT = PACKAGE / "staticfiles"
if env("VERIGA_STATIC_ROOT"):
    STATIC_ROOT = Path(env("VERIGA_STATIC_ROOT"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "veriga.web.assets.Assets"},
}

# A command that looks at each file that comes in; its path is added at the end.
SCAN_COMMAND = env("VERIGA_SCAN_COMMAND")

EMAIL_HOST = env("VERIGA_MAIL_HOST")
EMAIL_PORT = env_int("VERIGA_MAIL_PORT", default=25)
EMAIL_HOST_USER = env("VERIGA_MAIL_USER")
EMAIL_HOST_PASSWORD = env("VERIGA_MAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("VERIGA_MAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("VERIGA_MAIL_FROM", "veriga@localhost")


def _address() -> str:
    """Return where people open Veriga, for mails: the worker has no request to ask."""
    given = env("VERIGA_ADDRESS").rstrip("/")
    if given and not given.startswith(("http://", "https://")):
        raise SettingError("VERIGA_ADDRESS must begin with https:// or http://")
    scheme = "https" if SESSION_COOKIE_SECURE else "http"
    return given or f"{scheme}://{(ALLOWED_HOSTS or ['localhost'])[0]}"


ADDRESS = _address()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
