"""The mails that go to those who sign. Each says why it comes, what stands, and the one thing to do next."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from coalition.accounts.models import Person
from coalition.config import public_url
from coalition.endorsements.entries import fields_of
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.i18n import gettext as _
from coalition.mail.message import Message
from coalition.mail.writing import Parts, in_full, speaking, write
from coalition.signatories.entry import SigningAs
from coalition.signatories.line import printed_line


def confirm_url(secret: str) -> str:
    return public_url(f"/member/confirm/{secret}")


def status_url(secret: str) -> str:
    return public_url(f"/member/{secret}")


def authority_url(secret: str) -> str:
    return public_url(f"/member/authority/{secret}")


def _message(endorsement: Endorsement, key: str, parts: Callable[[], Parts], to: str = "", *,
             hushed: bool | None = None) -> Message:
    signer = endorsement.signer
    hushed = not to and is_hushed(endorsement) if hushed is None else hushed
    to = to or (signer.email if signer is not None else "")
    if not to:
        raise ValueError("nobody to write to")
    with speaking(*endorsement.wishes) as language:
        made = hush(parts()) if hushed else parts()
        text, html = write(made, language, signed=not hushed)
    return Message(key=f"{key}:{endorsement.public_id}", to=to, subject=made.subject, text=text,
                   html=html, language=language, about=f"endorsement:{endorsement.id}",
                   letter_id=endorsement.letter_id, hushed=hushed)


def is_hushed(endorsement: Endorsement) -> bool:
    """Whether mails to the signer say nothing of what they are about: a withheld signer's mailbox may be read by
    others."""
    return hushes(endorsement.visibility)


def hushes(visibility: str) -> bool:
    """The same of a signer who chose this."""
    return visibility == "withheld"


def hush(parts: Parts) -> Parts:
    """The same mail without a word of letter, signature or organisation: subject, first line and text tell only that
    a page has something to say."""
    on_page = (_("What it is stands on your page; for your safety no mail says it."),) if parts.action else (
        _("What it is stands on your page. Its address is in an earlier mail; a new one can be asked for here: "
          "%(address)s", address=public_url("/member/link-again")),)
    return Parts(subject=_("There is something new for you"),
                 why=_("You get this because you left this address with us."),
                 paragraphs=on_page, action=(_("Open the page"), parts.action[1]) if parts.action else None,
                 after=parts.hushed)


def line_of(entry: EntryRevision, endorsement: Endorsement) -> str:
    """The entry as it is printed, in one line."""
    return line_as_printed(fields_of(entry, endorsement))


def line_as_printed(fields: EntryFields) -> str:
    """The same of fields that no row holds yet."""
    return printed_line(fields.as_entry(), capacity_note=_("in a personal capacity")
                        if fields.signing_as is SigningAs.PERSON else "")


def already_signed(endorsement: Endorsement, secret: str, occasion: str) -> Message:
    """Tells a known address that it has signed already, and gives the way back in."""
    return _message(endorsement, f"already:{occasion}", lambda: Parts(
        subject=_("You have signed already"),
        why=_("You get this because somebody gave this address to sign the letter “%(letter)s” again.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("There is a signature from this address already, so nothing was added. "
                      "To look at it or change it, use your own page."),),
        action=(_("Open your page"), status_url(secret))))


def received(endorsement: Endorsement, secret: str, code: str) -> Message:
    """Confirms that the address is confirmed and says what comes next. `code` is that of the receipt."""
    second = endorsement.signer.second_name if endorsement.signer and endorsement.signer.second_state else ""
    return _message(endorsement, "received", lambda: Parts(
        subject=_("Signature received: it will be reviewed"),
        why=_("You get this because you confirmed a signature of the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("Your reference is %(reference)s. A coordinator now checks the signature; you will be told "
                      "as soon as it is decided. Keep this mail: its link leads to your own page, where you can "
                      "change or withdraw the signature.", reference=endorsement.reference),
                    *((_("We have also written to %(name)s, whom you named as the person who may sign for the "
                         "organisation. It can be approved once they have confirmed it.", name=second),)
                      if second else ())),
        quote=line_of(endorsement.entry, endorsement),
        action=(_("Open your page"), status_url(secret)),
        after=_about_receipt(endorsement, code)))


def receipt(endorsement: Endorsement, secret: str, code: str, occasion: str) -> Message:
    """A new receipt, asked for on the signer's own page."""
    return _message(endorsement, f"receipt:{occasion}", lambda: Parts(
        subject=_("Your new receipt"),
        why=_("You get this because you signed the letter “%(letter)s” and asked for a new receipt.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("The receipt you had before is no longer valid."), *_about_receipt(endorsement, code)),
        action=(_("Check the receipt"), status_url(secret))))


def words_of_receipt(endorsement: Endorsement, code: str) -> str:
    """Reference and code, as a mail or the signer's page tells them once."""
    return _("Your receipt: reference %(reference)s, code %(code)s.", reference=endorsement.reference, code=code)


def _about_receipt(endorsement: Endorsement, code: str) -> tuple[str, ...]:
    if not code:
        return ()
    return (words_of_receipt(endorsement, code),
            _("With both you can check at %(address)s in which editions of the letter you are included. The code "
              "stands in this mail only: keep it.", address=public_url("/receipts")))


def authority_asked(endorsement: Endorsement, secret: str) -> Message:
    """Asks the person named whether the organisation signs. It goes to an address that somebody else typed: it
    quotes nothing that is not to be public."""
    signer = endorsement.signer
    if signer is None:
        raise ValueError("nobody was named")
    shown = endorsement.visibility == "public"
    return _message(endorsement, f"authority:{secret[:12]}", lambda: Parts(
        subject=_("Confirm that your organisation signs"),
        why=_("You get this because %(name)s named you as the person who may sign for an organisation.",
              name=signer.name),
        paragraphs=(_("The page shows which letter it is about, who signs, and the whole text; there you say yes or "
                      "no with a button. The link is good for 14 days.") if is_hushed(endorsement) else
                    _("It is about the letter “%(letter)s”. The page shows who signs and the whole text; there you "
                      "say yes or no with a button. The link is good for 14 days.",
                      letter=endorsement.signed_version.subject),
                    *((_("It would be printed as:"),) if shown else ())),
        quote=line_of(endorsement.entry, endorsement) if shown else "",
        action=(_("Look at it and answer"), authority_url(secret)),
        after=(_("If you know nothing of this, say no there, or do nothing: without a button nothing happens."),)),
        to=signer.second_email)


def authority_answered(endorsement: Endorsement, secret: str, *, confirmed: bool) -> Message:
    """Tells the one who signed what the person they named has answered."""
    signer = endorsement.signer
    name, words = (signer.second_name, signer.second_words) if signer is not None else ("", "")
    yes = (_("%(name)s has confirmed that the organisation signs. A coordinator now checks the signature; you need "
             "not do anything.", name=name),)
    no = (_("%(name)s did not confirm that the organisation signs.", name=name), *((words,) if words else ()),
          _("Speak to them first. On your page you can have them asked again, name somebody else who may sign for "
            "the organisation, or withdraw."))
    return _message(endorsement, f"answered:{endorsement.lock}", lambda: Parts(
        subject=_("The authority to sign is confirmed") if confirmed else _("The authority to sign is not confirmed"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=yes if confirmed else no,
        action=(_("Open your page"), status_url(secret))))


def approved(endorsement: Endorsement, secret: str, *, before: str = "") -> Message:
    """Tells that the entry counts, exactly as printed. Withheld signers get no words to share. `before` is the line
    that stood until now, when a change was approved."""
    shown = endorsement.visibility == "public"
    return _message(endorsement, f"approved:{endorsement.approved_revision}:{endorsement.lock}", lambda: Parts(
        subject=_("Your signature is approved"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(*((_("Until now it was printed like this:"), before,
                       _("From now on the list and the next edition print the changed line. Editions that exist "
                         "already stay as they are.")) if shown and before else ()),
                    _("The signature is on the list, printed exactly like this:") if shown else
                    _("The signature counts. How it is shown is as you chose; you can see it on your page.")),
        quote=line_of(endorsement.entry, endorsement) if shown else "",
        action=(_("Open your page"), status_url(secret)),
        after=((_("You can share the letter: %(address)s",
                  address=public_url(f"/letters/{endorsement.letter.slug}")),) if shown else ())))


def returned(endorsement: Endorsement, secret: str, reason: str) -> Message:
    """Asks for changes, in the coordinator's words."""
    return _message(endorsement, f"returned:{endorsement.latest_revision}:{endorsement.lock}", lambda: Parts(
        subject=_("Please change your signature"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("A coordinator asks for a change before the signature can count:"), reason),
        action=(_("Change the entry"), status_url(secret))))


def handed_over(endorsement: Endorsement, occasion: str) -> Message:
    """Tells the one who acted so far that somebody else does now, and that the old links are ended."""
    return _message(endorsement, f"handed:{occasion}", lambda: Parts(
        subject=_("Somebody else acts for your organisation now"),
        why=_("You get this because this address signed the letter “%(letter)s” for an organisation.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("A coordinator noted that somebody else acts for the organisation from today on. The links "
                      "mailed to this address no longer work; the signature stands as it is."),),
        after=(_("If this was not agreed, answer this mail or write to the coordinators of the letter at once."),)))


def taken_over(endorsement: Endorsement, secret: str, occasion: str) -> Message:
    """Gives the one who acts from now on the way to the organisation's signature."""
    return _message(endorsement, f"taken:{occasion}", lambda: Parts(
        subject=_("You act for your organisation from now on"),
        why=_("You get this because a coordinator noted that you act for an organisation that signed the letter "
              "“%(letter)s”.", letter=endorsement.signed_version.subject),
        paragraphs=(_("Its signature stands as it is. On its page you can look at it, change it or withdraw it. "
                      "Keep this mail: its link is yours."),),
        quote=line_of(endorsement.entry, endorsement),
        action=(_("Open the page"), status_url(secret))))


def amendment_turned_down(endorsement: Endorsement, secret: str, reason: str) -> Message:
    """Tells that a proposed change was refused and the approved entry stands."""
    return _message(endorsement, f"kept:{endorsement.latest_revision}", lambda: Parts(
        subject=_("Your change was not accepted"),
        why=_("You get this because you changed a signature of the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("The signature stands as approved before. The reason given:"), reason),
        action=(_("Open your page"), status_url(secret))))


def declined(endorsement: Endorsement, reason: str) -> Message:
    """Tells that the endorsement was declined, and why."""
    return _message(endorsement, f"declined:{endorsement.lock}", lambda: Parts(
        subject=_("Your signature was declined"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("A coordinator decided not to list the signature. The reason given:"), reason)))


def withdrawn(endorsement: Endorsement) -> Message:
    """Confirms that the endorsement is withdrawn."""
    return _message(endorsement, f"withdrawn:{endorsement.lock}", lambda: Parts(
        subject=_("Your signature is withdrawn"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("The signature no longer counts and is not listed from now on. Documents handed over before "
                      "stay as they are."),)))


def taken_off(endorsement: Endorsement, secret: str) -> Message:
    """Tells the signer that it is done, in words that mean nothing to anybody else. `secret` is that of the one way
    back, "" for who asked by their own page and has it."""
    return _message(endorsement, f"off:{endorsement.lock}", lambda: Parts(
        subject="", why="", action=("", f"{status_url(secret)}/taken-off") if secret else None), hushed=True)


def signatory_taken_off(endorsement: Endorsement, person: Person) -> Message:
    """Tells a coordinator at once that a signatory was taken off. It names nobody."""
    letter = endorsement.letter
    with speaking(person.language) as language:
        parts = Parts(
            subject=_("A signature was taken off at once"),
            why=_("You get this because you are a coordinator of the letter “%(letter)s”.", letter=letter.subject),
            paragraphs=(_("It stands on no public page any more, and public files that name it are not handed out. If "
                          "there was a public edition, a new one without it is made by itself."),
                        _("Nobody was asked why. Whoever asked for it may be in danger: write or phone only by a way "
                          "you know to be safe, and tell nobody who it is.")),
            action=(_("Look at it"), public_url(
                f"/coordinator/letters/{letter.slug}/endorsements/{endorsement.public_id}")))
        text, html = write(parts, language)
    return Message(key=f"off:{endorsement.public_id}:{endorsement.lock}:{person.id}", to=person.email,
                   subject=parts.subject, text=text, html=html, language=language, about=f"person:{person.id}",
                   letter_id=endorsement.letter_id)


def changed(endorsement: Endorsement, secret: str) -> Message:
    """Confirms that a change of the entry, or of how it is shown, was received."""
    return _message(endorsement, f"changed:{endorsement.latest_revision}:{endorsement.lock}", lambda: Parts(
        subject=_("Change received"),
        why=_("You get this because you changed a signature of the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("If this was not you, open your page and tell the coordinators."),),
        action=(_("Open your page"), status_url(secret))))


def link_again(endorsement: Endorsement, secret: str, occasion: str) -> Message:
    """The way back to the signer's own page, asked for again."""
    return _message(endorsement, f"again:{occasion}", lambda: Parts(
        subject=_("Open your page"),
        why=_("You get this because a new link for this address was asked for."),
        paragraphs=(_("It leads to the signature of the letter “%(letter)s”.",
                      letter=endorsement.signed_version.subject),),
        action=(_("Open your page"), status_url(secret)),
        after=(_("If you did not ask for it, do nothing."),)))


def text_changed(endorsement: Endorsement, secret: str, *, substantive: bool, note: str,
                 only_translation: bool = False) -> Message:
    """Tells that a new version was published, and what follows from it. `only_translation`: the governing text is
    the same, only the translation that was signed in was corrected."""
    return _message(endorsement, f"text:{endorsement.letter.edits}", lambda: Parts(
        subject=_("The text was changed: please confirm") if substantive else _("The text was changed slightly"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=(*((_("Only the translation that you signed in was corrected; the governing text is the same."),)
                      if only_translation else ()),
                    _("The change is one of substance: the signature counts for the new text only after you "
                      "confirm it on your page.") if substantive else
                    _("The change is editorial: your signature stands. If you do not agree, you can withdraw it "
                      "on your page."), _("What changed:"), note),
        action=(_("Open your page"), status_url(secret))))


def text_reminder(endorsement: Endorsement, secret: str, *, version: int, times: int) -> Message:
    """Reminds a signer whose signature was given for an earlier text."""
    return _message(endorsement, f"text-reminder:{version}:{times}", lambda: Parts(
        subject=_("Please confirm the new text"),
        why=_("You get this because you signed the letter “%(letter)s”, and its text was changed since.",
              letter=endorsement.signed_version.subject),
        paragraphs=(_("The change is one of substance, so the signature does not count now. On your page you see "
                      "what changed and can confirm it with one button, or withdraw."),),
        action=(_("See what changed"), status_url(secret))))


def reference_given(endorsement: Endorsement, secret: str, *, occasion: str, reference: str,
                    handed_over_on: datetime.date, is_correction: bool = False) -> Message:
    """Tells that the letter got a reference number from whoever received it. It promises nothing."""
    was_given = _("The letter was handed over on %(day)s. It has been given this reference:")
    was_wrong = _("The reference of the letter that was handed over on %(day)s was recorded wrongly before. This is "
                  "the right one:")
    return _message(endorsement, f"reference:{occasion}", lambda: Parts(
        subject=_("The letter has a reference number"),
        why=_("You get this because you signed the letter “%(letter)s”.",
              letter=endorsement.signed_version.subject),
        paragraphs=((was_wrong if is_correction else was_given) % {"day": in_full(handed_over_on)},),
        quote=reference,
        action=(_("Open your page"), status_url(secret)),
        after=(_("With it the letter can be found again. It does not say what comes of the letter."),)))


def waiting_for_review(endorsement: Endorsement, person: Person, day: str) -> Message:
    """Tells a coordinator, at most once a day, that something waits. It names nobody."""
    with speaking(person.language) as language:
        parts = Parts(
            subject=_("Review: signatures are waiting"),
            why=_("You get this because you are a coordinator of the letter “%(letter)s”.",
                  letter=endorsement.letter.subject),
            paragraphs=(_("At least one signature waits for your decision."),),
            action=(_("Open the queue"), public_url(f"/coordinator/letters/{endorsement.letter.slug}/queue")))
        text, html = write(parts, language)
    return Message(key=f"waiting:{endorsement.letter_id}:{day}:{person.email}"[:120], to=person.email,
                   subject=parts.subject, text=text, html=html, language=language, letter_id=endorsement.letter_id)


