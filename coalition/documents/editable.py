"""Letter and list as a DOCX file that can be worked on. It says that it carries no seal and what it was made of.

What stands in it is the document's: the same values as in the PDF, in the same order. How paragraphs are written
is in `paragraphs.py`.
"""

from __future__ import annotations

import io
from gettext import NullTranslations

from docx import Document
from docx.document import Document as DocxDocument

from coalition import markdown
from coalition.documents import note
from coalition.documents.catalogues import words_of
from coalition.documents.office import without_times
from coalition.documents.paragraphs import Run, Writer, prepare
from coalition.documents.parts import Part, group_heading, title_of
from coalition.documents.printed import PrintedEntry
from coalition.documents.represented import represented
from coalition.documents.rich_text import write_body
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.i18n import Direction, direction_of_language, direction_of_text


def as_docx(snapshot: Snapshot, *, logo: bytes | None = None, translations: NullTranslations | None = None) -> bytes:
    """The file: letter, Annex I with the numbered list, Annex II, note. Equal snapshots give equal bytes.

    It speaks the snapshot's language with the words frozen in it; `translations` takes their place. `logo` is the
    picture over the letterhead."""
    words = words_of(snapshot, translations)
    document = Document()
    _drop_picture_of_nothing(document)
    properties = document.core_properties
    properties.title, properties.author = snapshot.subject, snapshot.letterhead or "coalition"
    properties.last_modified_by, properties.comments = "coalition", _notice(snapshot, words)
    properties.created = properties.modified = snapshot.frozen_time.replace(tzinfo=None)
    properties.language = snapshot.language
    prepare(document, direction_of_language(snapshot.language), _foot(snapshot, words))
    writer = Writer(document, direction_of_language(snapshot.language))
    writer.write("Notice", [Run(_notice(snapshot, words))], words.direction)
    if logo:
        writer.write_picture("Logo", logo, words.logo_of(snapshot.letterhead), within_mm=(60, 18))
    _letter(writer, snapshot, words)
    _annex(writer, snapshot, words)
    _represented(writer, snapshot, words)
    _note(writer, snapshot, words)
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _drop_picture_of_nothing(document: DocxDocument) -> None:
    """The library's empty file comes with a small picture of itself."""
    relations = document.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        relations.pop(name)


def _notice(snapshot: Snapshot, words: Words) -> str:
    _ = words.gettext
    if snapshot.edition is None:
        return _(
            "Editable copy of the letter and its list as they stood on %(moment)s. It is no edition and carries no "
            "seal.",
            moment=words.moment(snapshot.frozen_time),
        )
    return _(
        "Editable copy of edition %(edition)s (%(hash)s, frozen on %(moment)s). It is not sealed and proves nothing: "
        "only the sealed PDF of this edition does. %(address)s",
        edition=words.number(snapshot.edition),
        hash=snapshot.short_hash,
        moment=words.moment(snapshot.frozen_time),
        address=snapshot.verify_address,
    ).strip()


def _foot(snapshot: Snapshot, words: Words) -> str:
    _ = words.gettext
    if snapshot.edition is None:
        return _("Editable copy, not an edition, not sealed")
    return _("Editable copy of edition %(edition)s, %(hash)s, not sealed",
             edition=words.number(snapshot.edition), hash=snapshot.short_hash)  # fmt: skip


def _letter(writer: Writer, snapshot: Snapshot, words: Words) -> None:
    if snapshot.letterhead:
        writer.write("Letterhead", [Run(snapshot.letterhead)])
    if snapshot.place or snapshot.date_text:
        writer.write("Dateline", [Run(words.gettext(", ").join(filter(None, (snapshot.place, snapshot.date_text))))])
    for addressee in snapshot.addressees:
        writer.write("Addressee", [Run(addressee)])
    if snapshot.copies:
        label = words.ngettext("Copy to:", "Copies to:", len(snapshot.copies))
        writer.write("Remark", [Run(label)], words.direction)
        for copy in snapshot.copies:
            writer.write("Addressee", [Run(copy)])
    writer.write("Heading 1", [Run(snapshot.subject)])
    write_body(writer, markdown.render(snapshot.body) if snapshot.body.strip() else "")
    if snapshot.closing:
        writer.write("Closing words", [Run(snapshot.closing)])


def _annex(writer: Writer, snapshot: Snapshot, words: Words) -> None:
    _heading(writer, title_of(Part.ANNEX_1, snapshot, words), words.gettext("Signatory list"), words)
    _ = words.gettext
    told = words.ngettext("%(num)s signatory", "%(num)s signatories", snapshot.counts.signatories)
    if kinds := note.kinds(snapshot, words):
        told += _(": ") + kinds
    writer.write("Remark", [Run(told + _("."))], words.direction)
    for group in snapshot.groups:
        heading = group_heading(group, words)
        if heading:
            writer.write("Heading 3", [Run(heading)])
        for entry in group.entries:
            _entry(writer, snapshot, entry, words)


def _entry(writer: Writer, snapshot: Snapshot, entry: PrintedEntry, words: Words) -> None:
    """One entry in the direction of its line, its number before it, its parts each in their own."""
    leading = "signatory" if entry.signing_as == "person" else "organisation"
    direction = direction_of_text(entry.line, writer.direction)
    runs = [Run(f"{words.number(entry.number)}.\t")]
    for part in entry.parts:
        runs += _kept_apart(Run(part.text, bold=part.role == leading), direction)
    if entry.country_name and snapshot.grouping != "country":
        runs += [Run(" ("), *_kept_apart(Run(entry.country_name), direction), Run(")")]
    writer.write("Signatory", runs, direction)


def _kept_apart(run: Run, around: Direction) -> list[Run]:
    """A part that runs against its line, between marks of the line's direction: office programs know no
    isolation, and would pull the comma or the bracket beside it to the wrong side."""
    if direction_of_text(run.text, around) == around:
        return [run]
    mark = Run("\u200f" if around == "rtl" else "\u200e")
    return [mark, run, mark]


def _represented(writer: Writer, snapshot: Snapshot, words: Words) -> None:
    networks = represented(snapshot, words)
    if not networks:
        return
    _heading(writer, title_of(Part.ANNEX_2, snapshot, words), words.gettext("Represented organisations"), words)
    for network in networks:
        number = Run(f"{words.number(network.number)}.\t")
        writer.write("Signatory", [number, Run(network.name, bold=True)])
        if network.words:
            writer.write("Statement", [Run(network.words)])
        writer.write("Statement", [Run(words.between_sentences.join(network.facts))], words.direction)
        for place, member in enumerate(network.members, start=1):
            writer.write("Member", [Run(f"{words.number(place)}.\t"), Run(member)], direction_of_text(member))


def _note(writer: Writer, snapshot: Snapshot, words: Words) -> None:
    _ = words.gettext
    _heading(writer, title_of(Part.NOTE, snapshot, words), "", words)
    for item in note.items(snapshot, words, sealed=False):
        between = words.between_sentences
        runs = [Run(f"{item.label}{_('.')}", bold=True), Run(between + between.join(item.sentences))]
        writer.write("Remark", runs, words.direction)
        for line in item.lines:
            writer.write("Statement", [Run(line)], words.direction)
        if item.after:
            writer.write("Remark", [Run(between.join(item.after))], words.direction)
        for key, value in item.codes:
            writer.write("Code", [Run(f"{key}{_(':')} {value}")], words.direction)


def _heading(writer: Writer, over: str, title: str, words: Words) -> None:
    text = f"{over}\n{title}" if title else over
    writer.write("Heading 2", [Run(text)], words.direction, on_new_page=True)
