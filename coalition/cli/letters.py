"""Letters at the command line: import, list, compile, export."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import click
from flask.cli import AppGroup

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.cli import importing, letter_file
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.documents import exports, making
from coalition.documents import operations as documents
from coalition.documents import queries as document_queries
from coalition.documents.outputs import OUTPUTS
from coalition.documents.parts import SINGLE, Part
from coalition.documents.serving import checked_content
from coalition.endorsements import listing
from coalition.endorsements import queries as endorsement_queries
from coalition.errors import Invalid, NotFound
from coalition.letters import operations as letters
from coalition.letters import queries
from coalition.letters.models import Letter
from coalition.letters.reading import languages_of

group = AppGroup("letter", help="Letters: import, list, compile, export.")

#: What the list as it stands is written by; the other formats tell of the letter too.
OF_THE_LIST = {"csv": exports.as_csv, "json": exports.as_json, "txt": exports.as_text}
PARTS = [part.value for part in SINGLE]


def say(text: str) -> None:
    """Tell the operator how it goes; results go to standard output instead."""
    click.echo(text, err=True)


def the_letter(slug: str) -> Letter:
    """The letter with this slug. Raises `NotFound`."""
    letter = queries.by_slug(slug)
    if letter is None:
        raise NotFound(f"There is no letter “{slug}”. “coalition letter list” shows those there are.")
    return letter


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, on the disk when it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--open", "opened", is_flag=True, help="Open it for signing; what is missing gets stated defaults.")
@click.option("--approve", is_flag=True, help="Approve the entries too, with the file as evidence.")
def import_letter(file: Path, opened: bool, approve: bool) -> None:
    """Bring in a letter with its signatories, whole or not at all."""
    content = file.read_bytes()
    already = queries.by_source(hashlib.sha256(content).hexdigest())
    if already is not None:
        say("This very file was imported before: nothing was changed.")
        click.echo(already.slug)
        return
    read = letter_file.read(content)
    with unit_of_work():
        outcome = importing.bring_in(read, content, name=file.name, opened=opened, approve=approve, progress=say)
    for remark in outcome.remarks:
        say(f"note: {remark}")
    say(f"{outcome.entered} entries came in, {outcome.approved} are approved, "
        f"{outcome.entered - outcome.approved} wait.")
    letter = the_letter(outcome.slug)
    for claim in documents.claims_not_borne_out(letter, listing.counts(letter)):
        say(f"note: the list does not bear out “{claim.words}”")
    click.echo(outcome.slug)


@group.command("list")
def list_letters() -> None:
    """A line for each letter: slug, state, counts."""
    rows = queries.all_letters()
    counts = endorsement_queries.counts_of_letters([letter.id for letter in rows])
    for letter in rows:
        listed = listing.signatory_list(letter).counts
        waiting = counts[letter.id].waiting if letter.id in counts else 0
        click.echo(f"{letter.slug}\t{letter.state}\tsignatories {listed.signatories}"
                   f"\torganisations {listed.organisations_total}\twaiting {waiting}")
    if not rows:
        say("There are no letters yet.")


@group.command("compile")
@click.argument("slug")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
@click.option("--preview", is_flag=True, help="A watermarked preview instead of an edition.")
@click.option("--audience", type=click.Choice(listing.AUDIENCES), default="public", show_default=True)
@click.option("--language", default="", help="The document's language, or several one after another: en,fr,ar. "
              "Without it the letter's own.")
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True)
@click.option("--part", type=click.Choice(PARTS), help="One part of the edition alone instead of the whole.")
@click.option("--override-claims", metavar="REASON",
              help="Let claims stand that the list does not bear out; the note prints the reason.")
def compile_letter(slug: str, output: Path | None, preview: bool, audience: str, language: str, paper: str,
                   part: str | None, override_claims: str | None) -> None:
    """Make an edition and its PDF; unchanged data gives the same edition."""
    letter = the_letter(slug)
    _require_languages(letter, language)
    if override_claims:
        _override(letter, override_claims)
    say_left_out(letter)
    folder = Path(setting("INSTANCE")) / "documents"
    if preview and part:
        raise Invalid("A preview is of the whole document: leave out --part or --preview.")
    if preview:
        path, content = output or folder / f"{slug}-preview.pdf", documents.preview(
            OPERATOR, letter, audience=audience, paper=paper, language=language)
    else:
        made = documents.compile_edition(OPERATOR, letter, audience=audience, paper=paper, language=language,
                                         progress=_say_step)
        say(f"edition {made.edition.number}" + ("" if made.is_new else ": nothing changed since, the same again"))
        spoken = "".join(f"-{code}" for code in language.replace(" ", "").split(",") if code)
        name = f"{slug}-edition-{made.edition.number}" + (f"-{part}" if part else "")
        path = output or folder / f"{name}-{paper}{spoken}.pdf"
        rendition = made.rendition if part is None else making.make_file(
            OPERATOR, made.edition, Part(part), paper, language=language, progress=_say_step)
        content = checked_content(rendition)
    write_file(path, content)
    click.echo(path.resolve())


@group.command("export")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(list(OUTPUTS)), default="csv", show_default=True)
@click.option("--edition", "number", type=int, help="The list of this edition, instead of the one that stands now.")
@click.option("--language", default="", help="One of the letter's languages; without it the letter's own.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path))
def export(slug: str, form: str, number: int | None, language: str, output: Path | None) -> None:
    """The public signatory list as it stands now, or the list of an edition."""
    content = _exported(the_letter(slug), form, number, language)
    if output is None:
        click.echo(content, nl=False)
        return
    write_file(output, content)
    click.echo(output.resolve())


def _exported(letter: Letter, form: str, number: int | None, language: str) -> bytes:
    if number is None and form in OF_THE_LIST and not language:
        return OF_THE_LIST[form](listing.signatory_list(letter)).encode("utf-8")
    if number is None:
        snapshot = documents.as_it_stands(letter)
    else:
        edition = document_queries.by_number(letter, number)
        if edition is None:
            raise NotFound(f"There is no edition {number} of this letter.")
        snapshot = document_queries.snapshot_of(edition)
    return OUTPUTS[form].make(snapshot.in_language(language or snapshot.language), setting("COALITION_CONTACT"),
                              **document_queries.pictures_of(snapshot))


def say_left_out(letter: Letter) -> None:
    """Name, as numbers, what is not on the list."""
    counts = endorsement_queries.counts_of(letter)
    for state in ("unconfirmed", "submitted", "returned"):
        if counts[state]:
            say(f"note: {counts[state]} {'endorsement is' if counts[state] == 1 else 'endorsements are'} "
                f"{state}: not on the list")


def _require_languages(letter: Letter, language: str) -> None:
    """Refuse a language the letter has not before anything is done for it."""
    known = languages_of(letter.published) if letter.published else (letter.language,)
    unknown = [code for code in language.replace(" ", "").split(",") if code and code not in known]
    if unknown:
        raise Invalid(f"This letter has no text in “{', '.join(unknown)}”: it is in {', '.join(known)}.")


def _override(letter: Letter, reason: str) -> None:
    claims = documents.open_claims(letter, listing.counts(letter))
    version = letter.published
    if not claims or version is None:
        return
    words = [claim.words for claim in claims]
    with unit_of_work():
        for claim in words:
            letters.override_claim(OPERATOR, letter, version, words=claim, reason=reason)
    db.session.rollback()
    say(f"let stand at {clock.now():%Y-%m-%d %H:%M} UTC: " + "; ".join(f"“{claim}”" for claim in words))


def _say_step(step: str) -> None:
    say({"reading": "reading the list", "drawing": "drawing the document", "keeping": "keeping it"}[step])


COMMANDS = (group,)
