"""What the domain of our sender says about mail: SPF, DKIM and DMARC, judged from the answers of name servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from coalition.late import late
from coalition.upkeep.finding import Finding, fail, ok, warn

dns = late("dns.resolver")

Answers = Callable[[str], list[str] | None]

#: Names under which mail programs and services usually publish their DKIM key, if nobody says which is used.
USUAL_SELECTORS = ("default", "mail", "dkim", "s1", "k1", "selector1")
_SECONDS = 3.0


def records_of(domain: str, answers: Answers, selectors: tuple[str, ...] = ()) -> Iterator[Finding]:
    """What is there and what is missing. `answers` gives the texts at a name, none where there are none, None where
    nobody could be asked."""
    if answers(domain) is None:
        yield warn("dns", f"no name server could be asked about {domain}: look yourself whether it has SPF, DKIM and "
                          "DMARC records, or give the answers with --dns-answers.")
        return
    yield _spf(domain, [text for text in answers(domain) or [] if text.lower().startswith("v=spf1")])
    yield _dkim(domain, answers, selectors)
    yield _dmarc(domain, [text for text in answers(f"_dmarc.{domain}") or [] if text.lower().startswith("v=dmarc1")])


def _spf(domain: str, found: list[str]) -> Finding:
    if not found:
        return warn("spf", f"{domain} has no SPF record: publish one that names your mail server "
                           f"(TXT at {domain}: “v=spf1 … -all”).")
    if len(found) > 1:
        return fail("spf", f"{domain} has {len(found)} SPF records, so none counts: make them one.")
    if found[0].lower().rstrip().endswith("+all"):
        return fail("spf", f"the SPF record of {domain} lets everybody send in your name: end it with “-all”.")
    return ok("spf", f"published for {domain}")


def _dkim(domain: str, answers: Answers, selectors: tuple[str, ...]) -> Finding:
    asked = selectors or USUAL_SELECTORS
    for selector in asked:
        for text in answers(f"{selector}._domainkey.{domain}") or []:
            if "p=" in text.replace(" ", ""):
                empty = text.replace(" ", "").rstrip(";").endswith("p=")
                return fail("dkim", f"the key “{selector}” of {domain} was taken back: publish a new one.") if empty \
                    else ok("dkim", f"“{selector}” published for {domain}")
    hint = "" if selectors else "; or name yours with --dkim-selector"
    return warn("dkim", f"no DKIM key of {domain} was found ({', '.join(asked)}): have your mail server sign, and "
                        f"publish its key{hint}.")


def _dmarc(domain: str, found: list[str]) -> Finding:
    if not found:
        return warn("dmarc", f"{domain} has no DMARC record: publish one (TXT at _dmarc.{domain}: "
                             "“v=DMARC1; p=quarantine; rua=mailto:…”).")
    if "p=none" in found[0].replace(" ", "").lower():
        return warn("dmarc", f"the DMARC record of {domain} only watches (p=none): forged mails in your name arrive. "
                             "Make it p=quarantine or p=reject.")
    return ok("dmarc", f"published for {domain}")


def answers_in(lines: Mapping[str, list[str]]) -> Answers:
    """Answers somebody gave: name and texts."""
    return lambda name: lines.get(name.casefold().rstrip("."), [])


def parse(text: str) -> dict[str, list[str]]:
    """Answers as `dig` or a zone file prints them: the name, perhaps time and class, TXT, the text in quotes; other
    lines are passed over."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        head, _kind, value = line.partition("TXT")
        if line.startswith(";") or not value.strip() or not head.split():
            continue
        pieces = value.strip().split(chr(34))[1::2] or [value.strip()]
        found.setdefault(head.split()[0].casefold().rstrip("."), []).append("".join(pieces))
    return found


def asked_of_name_servers(name: str) -> list[str] | None:
    """The texts at a name, by the name servers this machine uses."""
    try:
        found = dns.resolve(name, "TXT", lifetime=_SECONDS)
    except (dns.NXDOMAIN, dns.NoAnswer):
        return []
    except (dns.dns.exception.DNSException, OSError):
        return None
    return [b"".join(answer.strings).decode("utf-8", "replace") for answer in found]
