"""Every setting of Yuli, read top to bottom; every value that differs between places comes from the environment."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what kind of place this is -------------------------------------------------------------------
DEBUG = env.flag("YULI_DEBUG", default=False)
SECRET_KEY = env.text("YULI_SECRET_KEY", "debug-only-key-that-no-production-start-accepts" if DEBUG else None)
ALLOWED_HOSTS = env.words("YULI_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEBUG else None)
CSRF_TRUSTED_ORIGINS = env.words("YULI_CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("YULI_SITE_URL", "http://127.0.0.1:8000")
# Demo mode marks every page and lists the demo accounts on the log-in page.
DEMO = env.flag("YULI_DEMO", default=False)

# --- parts ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "common.apps.CommonConfig",
    "accounts.apps.AccountsConfig",
    "credit.apps.CreditConfig",
    "marketplace.apps.MarketplaceConfig",
    "governance.apps.GovernanceConfig",
    "matching.apps.MatchingConfig",
    "supervision.apps.SupervisionConfig",
    "api.apps.ApiConfig",
    "frontend.apps.FrontendConfig",
    "config.apps.ConfigConfig",
    "channels",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "frontend.middleware.PageErrors",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.context.site",
            ],
            "builtins": ["frontend.templatetags.yuli"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- stores -----------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database("YULI_DATABASE_URL"),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": env.number("YULI_DATABASE_POOL", 16), "timeout": 30}},
    }
}
REDIS_URL = env.text("YULI_REDIS_URL")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 30}]},
    },
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = Path(env.text("YULI_MEDIA_ROOT", str(BASE_DIR / "media")))
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # every package's jobs.py, so that its periodic jobs are known
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("YULI_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024

# --- people -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- words and days ---------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- mail -------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("YULI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("YULI_EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("YULI_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("YULI_EMAIL_USER", "-").strip("-")
EMAIL_HOST_PASSWORD = env.text("YULI_EMAIL_PASSWORD", "-").strip("-")
EMAIL_USE_TLS = env.flag("YULI_EMAIL_TLS", default=False)
DEFAULT_FROM_EMAIL = env.text("YULI_EMAIL_FROM", "yuli@localhost")

# --- interfaces -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["common.rest.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.parsers.JSONBodyParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.rest.problem_json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_RATES": {"anonymous": "120/min", "user": "1200/min", "guess": "20/min", "upload": "30/min"},
    "NUM_PROXIES": 1 if env.flag("YULI_BEHIND_PROXY", default=False) else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yuli API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}
# Named because our own table points at it: without the name, makemigrations cannot resolve the swappable model.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    # Client credentials is the only grant that this server knows; tokens are kept as hashes.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "SCOPES_BACKEND_CLASS": "supervision.api.scopes.AgencyScopes",
    "SCOPES": {
        "sup.stats": "Aggregated statistics",
        "sup.parties": "Parties, pseudonymous",
        "sup.market": "Listings, demands and match rounds",
        "sup.orders": "Orders and ratings, pseudonymous",
        "sup.complaints": "Complaints and their results",
        "sup.verifications": "Identity verification results",
        "sup.log": "The agency's own read log",
    },
}

# --- the map ----------------------------------------------------------------------------------------
# Empty: the built-in outlines, which need no network. Else a licensed tile service such as Tianditu.
MAP_TILE_URL = env.text("YULI_MAP_TILE_URL", "")
MAP_TILE_ATTRIBUTION = env.text("YULI_MAP_TILE_ATTRIBUTION", "")
MAP_TILE_DATUM = env.text("YULI_MAP_TILE_DATUM", "gcj02")

# --- matching ---------------------------------------------------------------------------------------
MATCH_EVERY_MINUTES = env.number("YULI_MATCH_EVERY_MINUTES", 60)
DASK_ADDRESS = env.text("YULI_DASK_ADDRESS", "")

# --- safety -----------------------------------------------------------------------------------------
HTTPS = env.flag("YULI_HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("YULI_BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# GDAL before 3.9, as Debian 12 has it, trusts foreign spatial references; no user of ours can name one, all is 4326.
# drf-spectacular's own check draws both APIs as one document; scripts/openapi draws, checks and compares each alone.
SILENCED_SYSTEM_CHECKS = ["gis.W001", "drf_spectacular.W001"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # their line at every start says nothing
    "loggers": {f"procrastinate.{name}": {"level": "WARNING"} for name in ("blueprints", "periodic")},
    "root": {"handlers": ["console"], "level": env.text("YULI_LOG_LEVEL", "INFO")},
}
