"""The note on the list: what was counted and how, in sentences. Every number comes from the snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coalition.documents.amounts import amount
from coalition.documents.printed import PrintedEntry
from coalition.documents.snapshot import PUBLIC, Snapshot
from coalition.documents.words import Words

#: More statements than this are told by their sum alone: they stand one by one in Annex II.
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Item:
    """One remark: a label, sentences, a line for each of `lines`, what follows from them, and named codes."""

    label: str
    sentences: tuple[str, ...]
    lines: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


def items(snapshot: Snapshot, words: Words, *, sealed: bool = True) -> tuple[Item, ...]:
    """The remarks of the note in printed order; those that do not apply are left out. `sealed` says whether
    they are for the file that carries the seal: what it proves is said of no other."""
    made = (
        _signatories(snapshot, words),
        _represented(snapshot, words),
        _other_statements(snapshot, words),
        _total(snapshot, words),
        _countries(snapshot, words),
        _order(snapshot, words),
        _confirmation(snapshot, words),
        _capacity(snapshot, words),
        _claims(snapshot, words),
        _text(snapshot, words),
        _languages(snapshot, words),
        _edition(snapshot, words) if sealed or snapshot.edition is not None else None,
        _verification(snapshot, words) if sealed else None,
    )
    return tuple(item for item in made if item and (item.sentences or item.lines or item.codes))


def kinds(snapshot: Snapshot, words: Words) -> str:
    """How the printed signatories divide: “8 organisations, 11 organisations with a named person”."""
    ngettext = words.ngettext
    counts = snapshot.counts
    named = (
        (counts.organisations, ngettext("%(num)s organisation", "%(num)s organisations",
                                        counts.organisations)),
        (counts.with_named_person, ngettext("%(num)s organisation with a named person",
                                            "%(num)s organisations with a named person",
                                            counts.with_named_person)),
        (counts.persons, ngettext("%(num)s person", "%(num)s persons", counts.persons)),
    )  # fmt: skip
    return words.gettext(", ").join(text for number, text in named if number)


def _signatories(snapshot: Snapshot, words: Words) -> Item:
    _, ngettext = words.gettext, words.ngettext
    counts = snapshot.counts
    moment = words.moment(snapshot.frozen_time)
    sentences = [
        ngettext(
            "As of %(moment)s, %(num)s signatory endorsed this letter in their own name.",
            "As of %(moment)s, %(num)s signatories endorsed this letter in their own name.",
            counts.signatories,
            moment=moment,
        )
    ]
    if snapshot.entries:
        sentences.append(_("The list names %(kinds)s.", kinds=kinds(snapshot, words)))
    if counts.withheld:
        sentences.append(
            ngettext(
                "%(num)s further signatory is counted whose name is not printed in this edition.",
                "%(num)s further signatories are counted whose names are not printed in this edition.",
                counts.withheld,
            )
        )
    return Item(_("Signatories"), tuple(sentences))


def _represented(snapshot: Snapshot, words: Words) -> Item | None:
    _, ngettext = words.gettext, words.ngettext
    summed = [entry for entry in snapshot.stated if _adds_up(entry)]
    if not summed:
        return None
    after = [
        ngettext(
            "%(total)s organisations in all, as stated by %(num)s network; overlaps not excluded.",
            "%(total)s organisations in all, as stated by %(num)s networks; overlaps not excluded.",
            snapshot.counts.networks,
            total=words.number(snapshot.counts.represented_stated),
        )
    ]
    if snapshot.counts.represented_listed is not None:
        after.append(
            ngettext(
                "The member lists that were given name %(num)s distinct organisation that does not sign "
                "itself.",
                "The member lists that were given name %(num)s distinct organisations that do not sign "
                "themselves.",
                snapshot.counts.represented_listed,
            )
        )
    return Item(
        _("Represented organisations"),
        (
            ngettext(
                "%(num)s signatory states that it represents other organisations:",
                "%(num)s signatories state that they represent other organisations:",
                len(summed),
            ),
        ),
        lines=tuple(_statement(entry, words) for entry in summed) if len(summed) <= _MOST_LINES else (),
        after=(*after, _("Each statement stands in Annex II as it was made.")),
    )


def _other_statements(snapshot: Snapshot, words: Words) -> Item | None:
    _ = words.gettext
    others = [entry for entry in snapshot.stated if not _adds_up(entry)]
    if not others:
        return None
    return Item(
        _("Other statements"),
        (_("Stated in words or in other units, and added to nothing:"),),
        lines=tuple(_statement(entry, words) for entry in others) if len(others) <= _MOST_LINES else (),
        after=(_("Each of them stands in Annex II."),),
    )


def _adds_up(entry: PrintedEntry) -> bool:
    statement = entry.statement
    if statement is None or entry.signing_as == "person" or statement.unit != "organisations":
        return False
    return statement.count is not None or bool(statement.members)


def _statement(entry: PrintedEntry, words: Words) -> str:
    _ = words.gettext
    statement = entry.statement
    assert statement is not None  # noqa: S101 - the callers go through `stated`
    if statement.count is not None:
        told = [amount(words, statement.count, statement.unit, statement.exactness)]
    else:
        told = [words.isolated(statement.text)]
    if statement.as_of:
        told.append(_("as of %(day)s", day=words.day(statement.as_of)))
    if statement.source:
        told.append(_("source: %(source)s", source=words.isolated(statement.source)))
    return _(
        "%(name)s (no. %(number)s): %(told)s",
        name=words.isolated(entry.organisation or entry.signatory),
        number=words.number(entry.number),
        told=_(", ").join(told),
    )


def _total(snapshot: Snapshot, words: Words) -> Item | None:
    _, ngettext = words.gettext, words.ngettext
    counts = snapshot.counts
    if not counts.represented_stated:
        return None
    reckoned = _(
        "%(total)s organisations in all: %(signing)s that sign themselves and %(stated)s as stated",
        total=words.number(counts.organisations_total),
        signing=words.number(counts.organisations_signing),
        stated=words.number(counts.represented_stated),
    )
    if counts.overlaps:
        end = ngettext(
            ", less %(num)s that the member lists show to be counted twice.",
            ", less %(num)s that the member lists show to be counted twice.",
            counts.overlaps,
        )
    elif counts.represented_listed is None:
        end = _(". No member list was given, so memberships may overlap.")
    else:
        end = _(". The member lists that were given show no overlap.")
    return Item(_("Organisations in all"), (reckoned + end,))


def _countries(snapshot: Snapshot, words: Words) -> Item | None:
    _, ngettext = words.gettext, words.ngettext
    counts = snapshot.counts
    if not counts.countries:
        return None
    sentences = [
        ngettext(
            "The named signatories give %(num)s country.",
            "The named signatories give %(num)s countries.",
            counts.countries,
        )
    ]
    if counts.without_country:
        sentences.append(
            ngettext("%(num)s gives none.", "%(num)s give none.", counts.without_country)
        )  # fmt: skip
    sentences.append(_("Country designations are those used by the signatories."))
    return Item(_("Countries"), tuple(sentences))


def _order(snapshot: Snapshot, words: Words) -> Item | None:
    _ = words.gettext
    if not snapshot.entries:
        return None
    rules = {
        "arranged": _("In the order arranged by the coordinators of the letter."),
        "networks_first": _(
            "Networks first, by the number of organisations they state to represent, then all others in "
            "alphabetical order."
        ),
        "alphabetical": _("In alphabetical order."),
        "country": _("By country, then in alphabetical order."),
        "signed": _("In the order of signing."),
    }
    sentences = [rules[snapshot.rule]]
    if snapshot.rule in ("alphabetical", "networks_first", "country"):
        sentences.append(
            _("Articles at the start of a name are ignored.")
            if snapshot.ignore_articles
            else _("Articles at the start of a name count.")
        )
    if len({entry.tier for entry in snapshot.entries}) > 1:
        sentences.append(_("The initiators of the letter come first."))
    return Item(_("Order"), tuple(sentences))


def _confirmation(snapshot: Snapshot, words: Words) -> Item | None:
    _ = words.gettext
    if not snapshot.confirmed_by:
        return None
    known = {
        "email_link": _("by a link sent to the representative’s e-mail address"),
        "own_domain": _("by a link sent to an address of the organisation’s own domain"),
        "second_person": _("by a second person of the organisation"),
        "paper": _("on paper"),
        "message": _("by a message kept on file"),
        "phone": _("by telephone"),
        "file": _("by a file kept as evidence"),
    }
    ways = (
        _("%(number)s %(way)s", number=words.number(number), way=known.get(way) or _("by other evidence"))
        for way, number in snapshot.confirmed_by
    )
    return Item(
        _("Confirmation"),
        (_("Signatures were confirmed as follows: %(ways)s.", ways=_("; ").join(ways)),),
    )


def _capacity(snapshot: Snapshot, words: Words) -> Item | None:
    _ = words.gettext
    persons = [entry for entry in snapshot.entries if entry.signing_as == "person"]
    if not any(entry.organisation or entry.title for entry in persons):
        return None
    return Item(
        _("Persons"),
        (_("Affiliations of persons are given for identification only and do not bind the bodies named."),),
    )


def _claims(snapshot: Snapshot, words: Words) -> Item | None:
    _ = words.gettext
    return Item(
        _("Claims"),
        tuple(
            _(
                "The letter says “%(words)s”. The list does not bear this out. It stands by decision of a "
                "coordinator, for this reason: %(reason)s",
                words=words.isolated(override.words),
                reason=words.isolated(override.reason),
            )
            for override in snapshot.overrides
        ),
    )


def _text(snapshot: Snapshot, words: Words) -> Item:
    _, ngettext = words.gettext, words.ngettext
    sentences = [_("Version %(version)s of the text.", version=words.number(snapshot.version))]
    if snapshot.earlier_versions:
        sentences.append(
            ngettext(
                "%(num)s signatory signed an earlier version, which differs by editorial changes only.",
                "%(num)s signatories signed an earlier version, which differs by editorial changes only.",
                snapshot.earlier_versions,
            )
        )
    codes = (
        (_("SHA-256 of the signed source text"), snapshot.source_sha256),
        (_("SHA-256 of the text as printed"), snapshot.text_sha256),
    )
    return Item(_("Text"), tuple(sentences), codes=tuple(code for code in codes if code[1]))


def _languages(snapshot: Snapshot, words: Words) -> Item | None:
    """Which text holds, of a letter in several languages, and the hashes of the others."""
    _ = words.gettext
    sources = snapshot.sources
    if len(sources) < 2:
        return None
    return Item(
        _("Languages"),
        (
            _("Governing language of the letter: %(language)s.", language=words.language_name(snapshot.governing)),
            _("Where a translation differs from it, the text in the governing language holds."),
        ),
        codes=tuple(
            (_("SHA-256 of the signed source text (%(language)s)", language=words.language_name(code)), sha256)
            for code, sha256 in sources.items()
            if code != snapshot.language
        ),
    )


def _edition(snapshot: Snapshot, words: Words) -> Item:
    _ = words.gettext
    if snapshot.edition is None:
        warning = _("This is a preview. It is not an edition and must not be handed over.")
        return Item(_("Preview"), (warning,))
    audience = (
        _("It holds public entries only.")
        if snapshot.audience == PUBLIC
        else _("It is made for the recipients named to the signatories and is not for publication.")
    )
    codes = (
        (_("Edition identifier"), snapshot.edition_id),
        (_("SHA-256 of the frozen values of this edition"), snapshot.sha256),
        (_("Head of the audit record"), snapshot.audit_head),
    )
    return Item(
        _("Edition"),
        (
            _(
                "Edition %(edition)s, frozen on %(moment)s.",
                edition=words.number(snapshot.edition),
                moment=words.moment(snapshot.frozen_time),
            ),
            *_superseded(snapshot, words),
            audience,
        ),
        codes=tuple(code for code in codes if code[1]),
    )


def _superseded(snapshot: Snapshot, words: Words) -> tuple[str, ...]:
    if snapshot.supersedes is None:
        return ()
    return (words.gettext("It supersedes edition %(edition)s.", edition=words.number(snapshot.supersedes)),)


def _verification(snapshot: Snapshot, words: Words) -> Item | None:
    steps = tuple(_steps(snapshot, words))
    return Item(
        words.gettext("To verify"),
        (),
        lines=tuple(f"{words.number(number)}. {step}" for number, step in enumerate(steps, start=1)),
        after=(words.gettext("The list is attached to this file as signatories.csv and signatories.json."),)
        if steps else (),
        codes=tuple(_seal_codes(snapshot, words)),
    )


def _steps(snapshot: Snapshot, words: Words) -> Iterator[str]:
    _ = words.gettext
    if snapshot.edition is None or not (snapshot.issuer or snapshot.verify_url):
        return
    if snapshot.verify_url:
        yield _(
            "%(address)s, which is also in the code below, says whether this edition still stands. Give it this "
            "file to learn whether the file is whole and unchanged.",
            address=snapshot.verify_address,
        )
        yield _(
            "Or compare by hash: %(site)s knows the SHA-256 of every file of this edition, as sha256sum or any "
            "other program prints it.",
            site=snapshot.verify_url,
        )
    if snapshot.issuer:
        yield _(
            "The file carries a digital seal. A PDF reader that shows signatures names its certificate, "
            "whose SHA-256 fingerprint must be the one below, and reports any change made after sealing."
        )


def _seal_codes(snapshot: Snapshot, words: Words) -> Iterator[tuple[str, str]]:
    if snapshot.edition is not None and snapshot.issuer:
        yield words.gettext("Fingerprint of the seal"), snapshot.issuer
