"""Every setting of Afterblock, read from the environment once (docs/deploy.md lists them)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", "a folder", default=str(ROOT / "var")))
"""What one installation keeps on its machine: logs, demo sign-ins, collected static files."""

# --- which installation this is ---------------------------------------------------------------
DEMO = env.flag("AFTERBLOCK_DEMO", default=False)
"""A fictional clinic on one machine: demo accounts exist, plain http is allowed."""
DEBUG = env.flag("DEBUG", default=False)
INSTANCE = env.text("AFTERBLOCK_INSTANCE", "any text", default="")
SECRET_KEY = env.text("SECRET_KEY", "at least 40 random characters (docs/deploy.md: how)")
SECRET_KEY_FALLBACKS = env.texts(
    "SECRET_KEY_FALLBACKS", "former keys, separated by commas", default=[]
)
BASE_URL = env.origin("BASE_URL", "https://your-clinic.example", default="http://127.0.0.1:8000")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.texts(
    "ALLOWED_HOSTS",
    "host names, separated by commas",
    default=[urlsplit(BASE_URL).hostname or "", "localhost", "127.0.0.1"],
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
for _name, _keys in (("SECRET_KEY", [SECRET_KEY]), ("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS)):
    if any(len(key) < 40 for key in _keys):
        raise ImproperlyConfigured(
            f"{_name} has a key that is shorter than 40 characters: give a long random one, whole."
        )

# --- the app ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "tracker",  # first: its templates take the place of the stock ones of the same name
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # first: files carry the policy as well
    "tracker.middleware.NoPlainPrograms",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.middleware.PrivacyHeaders",
    "tracker.middleware.HonestLength",
    "tracker.middleware.OneClinic",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.phone_cookie.ForgetEndedPhones",
    "tracker.middleware.PatientLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.accounts.middleware.DeskSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["tracker.templatetags.desk_forms"],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database: one engine everywhere ----------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL")}
APPLICATION_ROLE = str(DATABASES["default"].get("USER") or "")
"""Who serves, works and sweeps: shown one clinic at a time, because it owns no table."""
if env.flag("DATABASE_AS_OWNER", default=False) and env.text("DATABASE_OWNER_URL", "", default=""):
    # Who migrates, and what is run on the server: `manage.py` and config.prepare say so.
    DATABASES["default"] = env.database("DATABASE_OWNER_URL")
DATABASES["default"]["ENGINE"] = (
    "tracker.database"  # PostgreSQL, told the clinic (docs/security.md)
)
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "connect_timeout": 3,
        # A peer that is gone without a word is noticed within 10 s, idle or in mid-sentence.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 10_000,  # milliseconds
        # Only what asks for it is prepared: the sweeper's question whether anything is due.
        "prepare_threshold": 5 if env.flag("PREPARED_STATEMENTS", default=True) else None,
        # A request that waits longer than this has already failed the person who sent it.
        "options": "-c statement_timeout=10s -c lock_timeout=2s"
        " -c idle_in_transaction_session_timeout=15s",
    }
)

# --- Celery only makes rows leave sooner: config/celery.py holds its settings -----------------
REDIS_URL = env.text("REDIS_URL", "redis://host:6379/0 or redis+socket:///path/valkey.sock")

# --- staff sign-in ----------------------------------------------------------------------------
AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_RULE = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULE}.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": f"{_RULE}.CommonPasswordValidator"},
    {
        "NAME": f"{_RULE}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "tracker.accounts.passwords.NotOurWords"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tracker.accounts.adapter.StaffAccounts"
ACCOUNT_FORMS = {"reset_password": "tracker.accounts.forms.ResetForm"}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # no secret in an address
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60  # seconds
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60  # seconds
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_RATE_LIMITS = {
    "login": None,  # counted by tracker/accounts/adapter.py, apart for known browsers
    "login_failed": "5/5m/key,60/d/key",  # codes after the password: who gets here knows that
    "reset_password": "20/h/ip,10/h/key",
}
MFA_ADAPTER = "tracker.accounts.second_factor.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
_FORMS = "tracker.accounts.second_factor"
MFA_FORMS = {
    "authenticate": f"{_FORMS}.CodeForm",
    "reauthenticate": f"{_FORMS}.CodeAgainForm",
    "login_webauthn": f"{_FORMS}.PasskeySignInForm",
    "authenticate_webauthn": f"{_FORMS}.PasskeyForm",
    "reauthenticate_webauthn": f"{_FORMS}.PasskeyAgainForm",
    "add_webauthn": f"{_FORMS}.AddPasskeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.number("TRUSTED_PROXIES", 0, at_least=0))
SECOND_FACTOR_REQUIRED = not DEMO
STAFF_IDLE_MINUTES = env.number("STAFF_IDLE_MINUTES", 15, at_least=1)
STAFF_SHIFT_HOURS = env.number("STAFF_SHIFT_HOURS", 12, at_least=1)
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/admin/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
CACHES = {"default": {"BACKEND": "tracker.accounts.cache.SharedCache"}}

# --- cookies follow the scheme of BASE_URL ----------------------------------------------------
_PREFIX = "__Host-" if HTTPS else ""
PHONE_COOKIE = f"{_PREFIX}afterblock_phone"
SESSION_COOKIE_NAME = f"{_PREFIX}afterblock_desk"
CSRF_COOKIE_NAME = f"{_PREFIX}afterblock_csrf"
KNOWN_BROWSER_COOKIE = f"{_PREFIX}afterblock_browser"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(STAFF_SHIFT_HOURS * 60 * 60)  # seconds
CSRF_FAILURE_VIEW = "tracker.pages.errors.csrf_failure"
# Else what was said travels in a cookie of its own, under a name that another host may set.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- headers ----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=HTTPS)
# Asked by programs beside the server, which may speak plain http to it.
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0  # one year
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- bodies -----------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes; a check-in is under 4 KiB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tracker.api.parsing.BoundedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    # A view that forgets to say who may use it lets nobody in.
    "DEFAULT_PERMISSION_CLASSES": ["tracker.api.permissions.Nobody"],
    "DEFAULT_SCHEMA_CLASS": "tracker.api.contract.Contract",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "tracker.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Afterblock",
    "DESCRIPTION": "Aftercare of cluneal nerve blocks: check-ins, alerts, ice sessions.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- messages that leave ----------------------------------------------------------------------
globals().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 5  # seconds
if globals()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "tracker.delivery.smtp.EmailBackend"  # the same, under one deadline
DEFAULT_FROM_EMAIL = env.text(
    "EMAIL_FROM", "an e-mail address", default="messages@afterblock.example"
)
SMS = env.sms("SMS_URL")
"""Where text messages go; without it there are none."""
SMS_INBOUND_SECRET = env.text("SMS_INBOUND_SECRET", "at least 20 random characters", default="")
"""Part of the address that the gateway tells of answers such as STOP; without it there is none."""
VAPID_PRIVATE_KEY = env.text(
    "VAPID_PRIVATE_KEY", "a key made by `manage.py vapid_keys`", default=""
)
VAPID_PUBLIC_KEY = env.text("VAPID_PUBLIC_KEY", "a key made by `manage.py vapid_keys`", default="")
VAPID_SUBJECT = env.text("VAPID_SUBJECT", "mailto:you@your-clinic.example", default="")
PUSH_HOSTS = env.texts(
    "PUSH_HOSTS",
    "push services' host names; a leading dot allows sub-domains",
    default=[
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        ".notify.windows.com",
    ],
)
PUSH_TEST_ORIGIN = env.origin("PUSH_TEST_ORIGIN", "http://127.0.0.1:9000", default="")
"""A push service on this machine, for tests and trials; a system check refuses it in production."""

# --- whoever watches the product --------------------------------------------------------------
HEARTBEAT_URL = env.https("HEARTBEAT_URL", "https://hc-ping.com/...", default="")
"""Hears from us after every clean reconciliation; whoever watches it is told when it does not."""
METRICS_TOKEN = env.text("METRICS_TOKEN", "at least 20 random characters", default="")
"""Opens /metrics to who sends it as a bearer; without one, only this machine may read them."""

# --- backups ----------------------------------------------------------------------------------
BACKUP_PUBLIC_KEY = env.text(
    "BACKUP_PUBLIC_KEY", "a key made by `manage.py backup_key`", default=""
)
"""Seals what `manage.py backup` writes; the key that opens it is kept elsewhere."""

# --- the clock of trials: refused in production by a system check -----------------------------
CLOCK_SPEED = env.number("CLOCK_SPEED", 1, at_least=1)
CLOCK_OFFSET = env.number("CLOCK_OFFSET", 0, at_least=-315_360_000)  # seconds
CLOCK_STARTED_AT = datetime.fromisoformat(
    env.text("CLOCK_STARTED_AT", "a time such as 2026-11-21T09:00:00+00:00", default="")
    or datetime.now(UTC).isoformat()
)

CLOCK_STEP_FILE = env.text("CLOCK_STEP_FILE", "a file that holds seconds", default="")
"""Seconds more of CLOCK_OFFSET, read each time: how a trial steps the clock of what runs."""

# --- faults of trials: refused in production as well ------------------------------------------
FAULT = env.text("FAULT", "name:kill|stop|raise[:key] (docs/reliability.md)", default="")
LEASE = env.number("LEASE", 15, at_least=1)
"""Seconds that a sender holds a message alone. Shorter is for tests that wait for its end."""

_TRIAL = {
    "CLOCK_SPEED": CLOCK_SPEED != 1,
    "CLOCK_OFFSET": CLOCK_OFFSET != 0,
    "CLOCK_STEP_FILE": bool(CLOCK_STEP_FILE),
    "PUSH_TEST_ORIGIN": bool(PUSH_TEST_ORIGIN),
    "FAULT": bool(FAULT),
    "LEASE": LEASE != 15,
}
if HTTPS and not DEMO and any(_TRIAL.values()):
    raise ImproperlyConfigured(
        f"{', '.join(name for name, is_set in _TRIAL.items() if is_set)}: for trials, unset them."
    )

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", "a folder", default=str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- logs: ids, never names or answers (docs/deploy.md) ---------------------------------------
LOG_LEVEL = env.one_of("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], default="INFO")
_TO_ROOT: dict[str, Any] = {"handlers": [], "propagate": True}
"""Instead of Django's own handlers, which mail whole requests and print addresses."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tracker.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": _TO_ROOT,
        "django.request": {**_TO_ROOT, "level": "ERROR"},
        "django.server": {**_TO_ROOT, "level": "WARNING"},
    },
}
