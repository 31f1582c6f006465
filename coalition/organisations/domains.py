"""Whose domain an address is, and which domains are nobody's own. Pure and offline."""

from __future__ import annotations

from functools import lru_cache

from tldextract import TLDExtract

#: Addresses anybody can have: they prove nothing about an organisation.
FREE_MAIL = frozenset({
    "126.com", "163.com", "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
    "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "mail.com", "mail.ru", "msn.com",
    "orange.fr", "outlook.com", "pm.me", "proton.me", "protonmail.com", "qq.com", "rambler.ru", "riseup.net",
    "tutanota.com", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.fr", "yandex.com", "yandex.ru", "ymail.com",
    "zoho.com",
})
#: Places where many keep a page: to share one means nothing.
_HOSTS = frozenset({
    "blogspot.com", "bsky.app", "facebook.com", "fb.com", "github.io", "google.com", "instagram.com", "linkedin.com",
    "linktr.ee", "medium.com", "ok.ru", "square.site", "substack.com", "t.me", "telegram.me", "tiktok.com",
    "twitter.com", "vk.com", "weebly.com", "wix.com", "wixsite.com", "wordpress.com", "x.com", "youtube.com",
})

# Offline: the list of suffixes that comes with the package, never a download.
_registered = TLDExtract(suffix_list_urls=(), cache_dir=None)


def registered_domain(address: str) -> str:
    """`example.org` for `https://www.example.org/about`; "" when there is none."""
    found = _registered(address.strip())
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix.lower()
    # An ending younger than our list of suffixes: the last two parts are the best guess.
    labels = f"{found.subdomain}.{found.domain}".strip(".").split(".")
    return ".".join(labels[-2:]).lower() if len(labels) > 1 else ""


@lru_cache(maxsize=20_000)
def own_domain(address: str) -> str:
    """The registered domain of a website or mail address, "" where it is one that strangers share."""
    domain = registered_domain(address.rpartition("@")[2])
    return "" if domain in FREE_MAIL or domain in _HOSTS else domain
