"""Settings: defaults, then `config.toml` in the instance folder, then `FLASK_*` environment variables.

Secrets made by `coalition init` lie beside the configuration, one file each, readable by the owner only.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from coalition import postgresql, sqlite
from coalition.errors import Unavailable
from coalition.i18n import LANGUAGES, READY, SOURCE

#: The key of the audit log, in the instance folder; see `audit/keys.py`.
AUDIT_KEY_FILE = "audit.key"
SHORTEST_SECRET = 32
#: Random text of that length has more different characters than this.
FEWEST_SIGNS = 12

DEFAULTS: dict[str, Any] = {
    "COALITION_NAME": "Coalition",
    "COALITION_CONTACT": "",
    "COUNCIL_PRESIDENTS": {},
    # The languages of the pages; empty means all whose catalogue is whole.
    "PAGE_LANGUAGES": [],
    "PUBLIC_URL": "http://127.0.0.1:5000",
    # Addresses this installation had before: documents and mails out there still lead to them.
    "PUBLIC_URL_FORMER": [],
    "SEAL_FILE": "",
    "SEAL_FORMER": [],
    "TIMESTAMP_URL": "",
    # The keys of the audit log, the newest first, with blanks between; empty: those of `audit.key`.
    "AUDIT_KEY": "",
    "PRODUCTION": False,
    "MAIL_SERVER": "",
    "MAIL_PORT": 25,
    "MAIL_USERNAME": "",
    "MAIL_PASSWORD": "",
    "MAIL_TLS": "none",
    "MAIL_TIMEOUT": 20,
    "MAIL_FROM": "letters@coalition.example",
    # How long the mail about a decision is held, so that the decision can be taken back.
    "DECISION_DELAY_SECONDS": 120,
    # The hour of the day, in UTC, at which coordinators are told what came and what waits.
    "DIGEST_HOUR": 6,
    # So many sign-ons from one network address in five minutes, from one mail domain in a day; more are kept aside.
    "SIGN_ONS_PER_NETWORK": 5,
    "SIGN_ONS_PER_DOMAIN": 20,
    # So many by one account within an hour, and the letter's other coordinators are told.
    "MANY_APPROVALS": 20,
    "MANY_EXPORTS": 10,
    # How long invalidating many signatures can be undone, and its mails are held.
    "INVALIDATION_DELAY_SECONDS": 24 * 3600,
    # Personal data of an archived or cancelled letter is erased after so many months; 0: never by itself.
    "ERASE_AFTER_MONTHS": 12,
    # The words of mails that have left are forgotten after so many days; 0: never.
    "MAIL_KEPT_DAYS": 60,
    "MAX_CONTENT_LENGTH": 10 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FORM_PARTS": 1000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "PERMANENT_SESSION_LIFETIME": 12 * 3600,
    "WTF_CSRF_TIME_LIMIT": 12 * 3600,
    "STAFF_IDLE_SECONDS": 30 * 60,
    # Where requests are counted. Empty: in the database where that is a PostgreSQL, so that all machines count
    # together, else in a file of the instance; or redis://….
    "RATELIMIT_STORAGE_URI": "",
    "RATELIMIT_HEADERS_ENABLED": False,
    "TRUSTED_PROXIES": 0,
    # How the log is written: "text" for people, "json" for programs. Neither holds what somebody typed.
    "LOG_FORMAT": "text",
    "LOG_LEVEL": "info",
    # Numbers for Prometheus are given to whoever names this token; without, to programs of this machine, and in
    # production to nobody.
    "METRICS_TOKEN": "",
    # What wakes workers. Empty: the database where that is a PostgreSQL, so that all machines wake each other, else a
    # file of the instance; or redis://…, another postgresql://….
    "HUEY_URL": "",
}


def instance_folder() -> Path:
    """The folder everything of this installation is written under, by `COALITION_INSTANCE`."""
    return Path(os.environ.get("COALITION_INSTANCE", "instance")).resolve()


def load(instance: Path, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """All settings for the installation in `instance`, which is made if it is missing.

    Raises `Unavailable` when the configuration cannot be read, or holds what it must not: one line for each fault.
    """
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = {**_from_file(instance / "config.toml"), **_from_environment(os.environ)}
    settings = {**DEFAULTS, **given, **(overrides or {})}
    settings.setdefault("SQLALCHEMY_DATABASE_URI", f"sqlite:///{instance / 'coalition.sqlite'}")
    database = postgresql if postgresql.is_meant(settings["SQLALCHEMY_DATABASE_URI"]) else sqlite
    settings.setdefault("SQLALCHEMY_ENGINE_OPTIONS", database.engine_options())
    settings["INSTANCE"] = instance
    settings.setdefault("SECRET_KEY", _kept_secret(instance / "secret.key"))
    settings.setdefault("SECURITY_PASSWORD_SALT", _kept_secret(instance / "password-salt.key"))
    if not settings["AUDIT_KEY"]:
        _kept_secret(instance / AUDIT_KEY_FILE)
    settings.setdefault("SECOND_FACTOR_KEY", _kept_secret(instance / "second-factor.key"))
    faults = faults_of(settings) + (_switched_off(given) if settings["PRODUCTION"] else [])
    if faults:
        raise Unavailable("\n".join(faults))
    if settings["PRODUCTION"]:
        settings.setdefault("SESSION_COOKIE_SECURE", True)
        settings.setdefault("SESSION_COOKIE_NAME", "__Host-session")
    return settings


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return {key.upper(): value for key, value in tomllib.loads(path.read_text("utf-8")).items()}
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as reason:
        raise Unavailable(f"The settings in {path.name} cannot be read: {reason}. Mend the file.") from reason


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Values are read as TOML where that works (numbers, true, lists), else as plain text."""
    found: dict[str, Any] = {}
    for key, value in environment.items():
        if not key.startswith("FLASK_") or key in ("FLASK_APP", "FLASK_DEBUG", "FLASK_ENV"):
            continue
        try:
            found[key.removeprefix("FLASK_")] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            found[key.removeprefix("FLASK_")] = value
    return found


def _kept_secret(path: Path) -> str:
    """A random secret made once and kept: two starters at the same moment end with the same one."""
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def faults_of(settings: Mapping[str, Any]) -> list[str]:
    """What nobody may start with, one sentence each that says what to do; in production more than elsewhere."""
    faults = []
    if len(str(settings["SECRET_KEY"])) < SHORTEST_SECRET:
        faults.append("SECRET_KEY is too short: give at least 32 random characters, or leave it out.")
    if not settings["PRODUCTION"]:
        return faults
    faults += [f"{name} is not random enough: give another one, or leave it out and one is made."
               for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT")
               if not faults and _is_guessable(str(settings[name]))]
    if not str(settings["PUBLIC_URL"]).startswith("https://"):
        faults.append("In production PUBLIC_URL must start with https://, since mailed links are made from it.")
    if settings.get("SESSION_COOKIE_SECURE") is False:
        faults.append("SESSION_COOKIE_SECURE is off, so sign-ins could be read on the way: leave it out.")
    return faults


def _is_guessable(secret: str) -> bool:
    words = ("change", "default", "example", "password", "secret-key", "development")
    return len(set(secret)) < FEWEST_SIGNS or any(word in secret.casefold() for word in words)


def _switched_off(given: Mapping[str, Any]) -> list[str]:
    """Protections that file or environment switch off, and what they switch on for developers."""
    debugging = os.environ.get("FLASK_DEBUG", "").casefold() not in ("", "0", "false", "no")
    faults = ["FLASK_DEBUG is on: whoever causes a fault could run programs here. Switch it off."] if debugging else []
    faults += [f"{name} is on, which is for developers: take it out of the settings."
               for name in ("DEBUG", "TESTING", "PROPAGATE_EXCEPTIONS") if given.get(name)]
    faults += [f"{name} is off, which leaves everybody unprotected: take it out of the settings."
               for name in ("WTF_CSRF_ENABLED", "RATELIMIT_ENABLED") if given.get(name) is False]
    if str(given.get("RATELIMIT_STORAGE_URI", "")).startswith("memory:"):
        faults.append("RATELIMIT_STORAGE_URI counts in the memory of each process apart: leave it out.")
    return faults


def setting(name: str) -> Any:
    """One setting of the running application."""
    return current_app.config[name]


def second_factor_required() -> bool:
    """Whether nobody of the staff works here without a second factor: in production."""
    return bool(setting("PRODUCTION"))


def languages_offered() -> tuple[str, ...]:
    """The languages of pages and mails, in the order of `LANGUAGES`: those whose catalogue is whole, or those that
    the setting `PAGE_LANGUAGES` names. English is always among them."""
    return _in_order(tuple(setting("PAGE_LANGUAGES") or READY))


@lru_cache
def _in_order(wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in LANGUAGES if code in {*wanted, SOURCE})


def language_to_speak(*wishes: str) -> str:
    """The first of the wishes that is offered, else English."""
    offered = languages_offered()
    return next((wish for wish in wishes if wish in offered), SOURCE)


def public_url(path: str) -> str:
    """The address of a page for mails and documents: from `PUBLIC_URL`, never from a request."""
    return str(setting("PUBLIC_URL")).rstrip("/") + path


def public_host() -> str:
    """The name of this installation's host, without a port: what passkeys are enrolled for."""
    return urlsplit(str(setting("PUBLIC_URL"))).hostname or ""


def public_origin() -> str:
    """Scheme, host and port that readers' browsers see."""
    parts = urlsplit(str(setting("PUBLIC_URL")))
    return f"{parts.scheme}://{parts.netloc}"
