"""Settings: defaults, then `config.toml` in the instance folder, then `FLASK_*` environment variables.

Secrets made by `coalition init` lie beside the configuration, one file each, readable by the owner only.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from coalition.errors import Unavailable
from coalition.i18n import LANGUAGES, READY, SOURCE

#: The key of the audit log, in the instance folder; see `audit/keys.py`.
AUDIT_KEY_FILE = "audit.key"

DEFAULTS: dict[str, Any] = {
    "COALITION_NAME": "Coalition",
    "COALITION_CONTACT": "",
    "COUNCIL_PRESIDENTS": {},
    # The languages of the pages; empty means all whose catalogue is whole.
    "PAGE_LANGUAGES": [],
    "PUBLIC_URL": "http://127.0.0.1:5000",
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
    "MAX_CONTENT_LENGTH": 10 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FORM_PARTS": 1000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "PERMANENT_SESSION_LIFETIME": 12 * 3600,
    "WTF_CSRF_TIME_LIMIT": 12 * 3600,
    "STAFF_IDLE_SECONDS": 30 * 60,
    # Empty: a file of the instance, shared by all processes of this machine; redis://… for several machines.
    "RATELIMIT_STORAGE_URI": "",
    "RATELIMIT_HEADERS_ENABLED": False,
    "TRUSTED_PROXIES": 0,
    "HUEY_URL": "",
}


def instance_folder() -> Path:
    """The folder everything of this installation is written under, by `COALITION_INSTANCE`."""
    return Path(os.environ.get("COALITION_INSTANCE", "instance")).resolve()


def load(instance: Path, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """All settings for the installation in `instance`, which is made if it is missing.

    Raises `Unavailable` when the configuration cannot be read, or production asks for what it must not have.
    """
    instance.mkdir(parents=True, exist_ok=True)
    settings = dict(DEFAULTS)
    settings.update(_from_file(instance / "config.toml"))
    settings.update(_from_environment(os.environ))
    settings.update(overrides or {})
    settings.setdefault("SQLALCHEMY_DATABASE_URI", f"sqlite:///{instance / 'coalition.sqlite'}")
    settings["INSTANCE"] = instance
    settings.setdefault("SECRET_KEY", _kept_secret(instance / "secret.key"))
    settings.setdefault("SECURITY_PASSWORD_SALT", _kept_secret(instance / "password-salt.key"))
    if not settings["AUDIT_KEY"]:
        _kept_secret(instance / AUDIT_KEY_FILE)
    settings.setdefault("SECOND_FACTOR_KEY", _kept_secret(instance / "second-factor.key"))
    _refuse_unsafe(settings)
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


def _refuse_unsafe(settings: Mapping[str, Any]) -> None:
    if len(str(settings["SECRET_KEY"])) < 32:
        raise Unavailable("SECRET_KEY is too short: give at least 32 random characters, or leave it out.")
    if settings["PRODUCTION"] and not str(settings["PUBLIC_URL"]).startswith("https://"):
        raise Unavailable("In production PUBLIC_URL must start with https://, since mailed links are made from it.")


def setting(name: str) -> Any:
    """One setting of the running application."""
    return current_app.config[name]


def second_factor_required() -> bool:
    """Whether nobody of the staff works here without a second factor: in production."""
    return bool(setting("PRODUCTION"))


def languages_offered() -> tuple[str, ...]:
    """The languages of pages and mails, in the order of `LANGUAGES`: those whose catalogue is whole, or those that
    the setting `PAGE_LANGUAGES` names. English is always among them."""
    wanted = {*(setting("PAGE_LANGUAGES") or READY), SOURCE}
    return tuple(code for code in LANGUAGES if code in wanted)


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
