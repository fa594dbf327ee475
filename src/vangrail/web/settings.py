"""Django's settings. What an installation can choose comes from `environment`; the rest is decided here, with its reason."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from vangrail.web import environment
from vangrail.web.organisations import oidc

ENVIRONMENT = environment.read(os.environ)
HERE = Path(__file__).parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
DATA = ENVIRONMENT.data
SITE_ADDRESS = ENVIRONMENT.address
PROXIES = ENVIRONMENT.proxies
HOOK_NETWORKS = ENVIRONMENT.hook_networks

INSTALLED_APPS = [
    "vangrail.web.look",
    "vangrail.web.organisations",
    "vangrail.web.applications",
    "vangrail.web.api",
    "vangrail.web.hooks",
    "vangrail.web.assessments",
    "vangrail.web.decisions",
    "vangrail.web.classifying",
    "vangrail.web.events",
    "vangrail.web.incidents",
    "vangrail.web.talking",
    "vangrail.web.managing",
    "vangrail.web.registering",
    "vangrail.web.versions",
    "vangrail.web.jobs",
    "vangrail.web.participation",
    "vangrail.web.publishing",
    "vangrail.web.register",
    "vangrail.web.suppliers",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "axes",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "vangrail.web.register.remembering.RememberedPages",  # the outermost: a page is kept with all its headers
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "vangrail.web.api.guide.FollowsGuide",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vangrail.web.look.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "vangrail.web.look.limits.NotTooLarge",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "vangrail.web.urls"
ASGI_APPLICATION = "vangrail.web.asgi.application"
WSGI_APPLICATION = "vangrail.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["vangrail.web.look.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vangrail.web.look.context.around_every_page",
            ],
        },
    }
]
FORM_RENDERER = "vangrail.web.look.forms.Renderer"

DATABASES = {"default": dj_database_url.parse(ENVIRONMENT.database_url, conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # No WAL: SQLite before 3.51.3 can lose committed rows in it with two writers. EXTRA also survives a power cut between
    # the end of a transaction and the removal of its journal (docs/decisions/0002-ledger.md).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organisations.Person"

# In this process, of which there is one: it holds counts of attempts, and nothing that may not be lost.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- signing in ------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "register"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "vangrail.web.organisations.signing_in.Accounts"
ACCOUNT_FORMS = {
    "login": "vangrail.web.organisations.forms.SignInForm",
    "reset_password": "vangrail.web.organisations.forms.AskResetForm",
    "reauthenticate": "vangrail.web.organisations.forms.SignInAgainForm",
}
MFA_FORMS = {
    "activate_totp": "vangrail.web.organisations.forms.ConnectAppForm",
    "authenticate": "vangrail.web.organisations.forms.CodeForm",
    "reauthenticate": "vangrail.web.organisations.forms.CodeAgainForm",
}
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, and after twelve hours at the latest
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers could make this site mail anybody
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
OIDC = oidc.read(ENVIRONMENT.oidc) if ENVIRONMENT.oidc else None
SOCIALACCOUNT_ADAPTER = "vangrail.web.organisations.signing_in.ProviderAccounts"
SOCIALACCOUNT_EMAIL_REQUIRED = False  # ACM/IDM promises none
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may only lead to this site itself, so the way to the provider is a link
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "vangrail.web.organisations.signing_in.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "overheid",
                "name": OIDC.name,
                "client_id": OIDC.client_id,
                "secret": OIDC.client_secret,
                "settings": {"server_url": OIDC.issuer, "scope": list(OIDC.scopes)},
            }
        ]
        if OIDC
        else [],
    }
}
MFA_ADAPTER = "vangrail.web.organisations.signing_in.SecondFactors"
MFA_TOTP_ISSUER = "Vangrail"
MFA_TOTP_TOLERANCE = 1  # a code that changes while somebody types it still counts (RFC 6238, 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.https
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_DISABLE_ACCESS_LOG = True  # who signed in from where is kept with the session, and goes with it
AXES_USERNAME_FORM_FIELD = "login"
AXES_CLIENT_IP_CALLABLE = "vangrail.web.look.limits.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- headers ---------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other sites of the municipality may live beside this one
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- language, time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o600

DEFAULT_FROM_EMAIL = f"Vangrail <noreply@{ENVIRONMENT.hosts[0] if ENVIRONMENT.hosts else 'localhost'}>"
if ENVIRONMENT.email_url:
    _mail = urlsplit(ENVIRONMENT.email_url)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = EMAIL_PORT == 587
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other sites of the municipality may live beside this one, so HSTS is for this one only
    "security.W021",  # preloading cannot be undone; a municipality decides that for its own domain
]
