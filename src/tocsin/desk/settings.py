"""Django's settings, read once from the environment. docs/settings.md names every one."""

from datetime import timedelta
from pathlib import Path

from tocsin.config import MEBIBYTE, Config, DrillConfig, ListenConfig, PostureConfig, WarnConfig
from tocsin.desk.database import connection_of
from tocsin.desk.environment import (
    home,
    read_flag,
    read_goal,
    read_number,
    read_text,
    read_time,
    secret,
)
from tocsin.desk.gateways import read_channels
from tocsin.desk.signing import require_pair

HERE = Path(__file__).parent

TOCSIN = Config(
    upload_limit=read_number("TOCSIN_UPLOAD_LIMIT", 512 * MEBIBYTE, least=1),
    zone=read_text("TOCSIN_ZONE", "America/Denver"),
    address=read_text("TOCSIN_ADDRESS", "http://127.0.0.1:8000").rstrip("/"),
    listen=ListenConfig(
        engine=read_text("TOCSIN_ENGINE", "moonshine"),
        longest_for=timedelta(seconds=read_number("TOCSIN_LISTEN_LIMIT", 3600, least=1)),
    ),
    warn=WarnConfig(
        listed_after=timedelta(seconds=read_number("TOCSIN_LISTED_AFTER", 120)),
        supervisor_after=timedelta(seconds=read_number("TOCSIN_SUPERVISOR_AFTER", 300)),
        commander_after=timedelta(seconds=read_number("TOCSIN_COMMANDER_AFTER", 480)),
        desk_after=timedelta(seconds=read_number("TOCSIN_DESK_AFTER", 600)),
        air_after=timedelta(seconds=read_number("TOCSIN_AIR_AFTER", 720)),
        again_every=timedelta(seconds=read_number("TOCSIN_AGAIN_EVERY", 900, least=60)),
        expires_after=timedelta(hours=read_number("TOCSIN_EXPIRES_AFTER", 12, least=1)),
        lease_for=timedelta(seconds=read_number("TOCSIN_LEASE", 60, least=5)),
    ),
    drill=DrillConfig(
        sealed_within=read_goal("TOCSIN_GOAL_SEALED", 2),
        transcript_within=read_goal("TOCSIN_GOAL_TRANSCRIPT", 10),
        draft_within=read_goal("TOCSIN_GOAL_DRAFT", 15),
        release_within=read_goal("TOCSIN_GOAL_RELEASE", 60),
        handed_within=read_goal("TOCSIN_GOAL_HANDED", 60),
        first_within=read_goal("TOCSIN_GOAL_FIRST", 60),
        half_within=read_goal("TOCSIN_GOAL_HALF", 120),
        last_within=read_goal("TOCSIN_GOAL_LAST", 300),
        desks_within=read_goal("TOCSIN_GOAL_DESKS", 600),
        stand_down_within=read_goal("TOCSIN_GOAL_STAND_DOWN", 0),
    ),
    posture=PostureConfig(
        review_after=timedelta(hours=read_number("TOCSIN_REVIEW_AFTER", 8, least=1)),
        supervisor_after=timedelta(seconds=read_number("TOCSIN_BREACH_SUPERVISOR_AFTER", 60)),
        commander_after=timedelta(seconds=read_number("TOCSIN_BREACH_COMMANDER_AFTER", 180)),
        again_every=timedelta(seconds=read_number("TOCSIN_BREACH_AGAIN_EVERY", 900, least=60)),
        stale_after=timedelta(seconds=read_number("TOCSIN_UNIT_STALE_AFTER", 120, least=5)),
        by_hand_stale_after=timedelta(
            seconds=read_number("TOCSIN_UNIT_BY_HAND_STALE_AFTER", 1800, least=60)
        ),
        silent_after=timedelta(seconds=read_number("TOCSIN_UNIT_FEED_SILENT_AFTER", 120, least=5)),
        near_m=read_number("TOCSIN_NEAR_METRES", 100, least=1),
        near_for=timedelta(seconds=read_number("TOCSIN_NEAR_FOR", 30)),
        speed_kmh=read_number("TOCSIN_UNIT_SPEED", 40, least=1),
        counts_are_officers=read_flag("TOCSIN_COUNTS_ARE_OFFICERS", default=False),
        two_cars_count=read_flag("TOCSIN_TWO_CARS_COUNT", default=True),
    ),
)

TOCSIN_STORE = read_text("TOCSIN_STORE", f"disk://{home() / 'store'}")
TOCSIN_WATCH_FOLDER = read_text("TOCSIN_WATCH_FOLDER", "")
TOCSIN_WATCH_CENTER = read_text("TOCSIN_WATCH_CENTER", "")
_MAIL_FROM = read_text("TOCSIN_MAIL_FROM", "tocsin@localhost")
TOCSIN_CHANNELS = read_channels(
    read_text("TOCSIN_CHANNELS", ""),
    over={
        "email": {"smtp": read_text("TOCSIN_SMTP_URL", ""), "from": _MAIL_FROM},
        "push": {
            "secret": secret("TOCSIN_PUSH_SECRET"),
            "contact": f"mailto:{_MAIL_FROM}",
            "lives_for": str(int(TOCSIN.warn.expires_after.total_seconds())),
        },
        "sms": {"callback": f"{TOCSIN.address}/api/gateways/sms"},
        "voice": {"callback": f"{TOCSIN.address}/api/gateways/voice"},
    },
)
TOCSIN_PREFLIGHT_AT = read_time("TOCSIN_PREFLIGHT_AT", "06:00")
TOCSIN_CAP_SENDER = read_text("TOCSIN_CAP_SENDER", "tocsin@localhost")
TOCSIN_CAP_KEY, TOCSIN_CAP_CERTIFICATE = require_pair(
    read_text("TOCSIN_CAP_KEY", ""), read_text("TOCSIN_CAP_CERTIFICATE", "")
)
TOCSIN_CAP_FOLDER = read_text("TOCSIN_CAP_FOLDER", "")
TOCSIN_CAP_CENTER = read_text("TOCSIN_CAP_CENTER", "")
TOCSIN_CAP_NETWORKS = read_text("TOCSIN_CAP_NETWORKS", "")
TOCSIN_UNIT_NETWORKS = read_text("TOCSIN_UNIT_NETWORKS", "")
TOCSIN_IPAWS_GROUP = read_text("TOCSIN_IPAWS_GROUP", "")

SECRET_KEY = secret("TOCSIN_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = read_text("TOCSIN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
_IS_SECURE = TOCSIN.address.startswith("https://")
CSRF_TRUSTED_ORIGINS = [TOCSIN.address] if _IS_SECURE else []

INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "tocsin.desk.people",
    "tocsin.desk.records",
    "tocsin.desk.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "tocsin.desk.console.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tocsin.desk.console.signin.RequireSignIn",
    "tocsin.desk.console.signin.OwnPasswordFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tocsin.desk.console.mistakes.ErrorPages",
]
ROOT_URLCONF = "tocsin.desk.urls"
ASGI_APPLICATION = "tocsin.desk.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tocsin.desk.console.context.desk",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **connection_of(read_text("TOCSIN_DATABASE_URL", "postgresql:///tocsin")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = TOCSIN.zone
LANGUAGE_CODE = "en-us"
USE_I18N = False

STATIC_URL = "/static/"
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = False
SERVESTATIC_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * MEBIBYTE

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": read_text("TOCSIN_LOG_LEVEL", "WARNING")},
    "loggers": {"tocsin": {"level": read_text("TOCSIN_LOG_LEVEL", "INFO")}},
}
