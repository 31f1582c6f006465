"""Forms about endorsements: shape, length and type only. Those about letters are in `letter_forms.py`."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from coalition.endorsements.contact import SignerFields
from coalition.endorsements.entering import Evidence
from coalition.endorsements.evidence import LARGEST
from coalition.i18n import lazy_gettext as _l
from coalition.review import reasons
from coalition.review.queue import FILTERS, SORTS
from coalition.web.coordinator.checks import DayField, Words, offered
from coalition.web.coordinator.letter_forms import LONGEST_REASON, whole_number
from coalition.web.entry_form import EntryForm

#: A page number beyond this is a slip.
_LAST_PAGE = 1_000_000
#: A revision has fewer digits than this.
_DIGITS = 9


class QueueFilter(Form):
    """The query string of the queue; what cannot be understood is left aside."""

    shown = StringField(default="waiting")
    q = StringField(default="")
    sort = StringField(default="waiting")
    page = IntegerField(default=1)

    def arguments(self) -> dict[str, Any]:
        """Named arguments for `review.queue.queue`."""
        page = self.page.data if self.page.data and 0 < self.page.data < _LAST_PAGE else 1
        return {"shown": self.shown.data if self.shown.data in FILTERS else "waiting",
                "search": (self.q.data or "")[:200], "page": page,
                "sort": self.sort.data if self.sort.data in SORTS else "waiting"}


class BulkForm(FlaskForm):
    chosen = SelectMultipleField(validate_choice=False)
    verified = BooleanField(_l("I have established that each of them is real and may sign"))

    def rows(self) -> list[tuple[str, int]]:
        """(public id, revision seen) of every ticked row."""
        parts = [value.rpartition(":") for value in self.chosen.data or []]
        return [(public_id, int(seen)) for public_id, _colon, seen in parts
                if seen.isascii() and seen.isdecimal() and len(seen) < _DIGITS]


class BulkReturnForm(BulkForm):
    """The same ticks, with the reason that every signer reads in their own language."""

    standard = RadioField(_l("Reason"), [Optional()])
    reason = TextAreaField(_l("In your own words"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("Stands below the chosen reason in each mail. It is not translated."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.standard.choices = offered({**reasons.for_returning(), "": _l("Only my own words")})


class TakeBackForm(FlaskForm):
    chosen = SelectMultipleField(validate_choice=False)


class ActionForm(FlaskForm):
    """One of several forms on a page: its fields' ids begin with the action, so that none stands there twice."""

    action: ClassVar[str] = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self:
            field.id = field.label.field_id = f"{self.action}-{field.short_name}"


class DecisionForm(ActionForm):
    """Carries the revision and the row's lock that the page showed."""

    seen = whole_number(default=0)
    looked_at = whole_number(default=0)


class ApproveForm(DecisionForm):
    action = "approve"
    verified = BooleanField(_l("I have established that this organisation is real and that this person may sign "
                               "for it"))
    reason = TextAreaField(_l("Or the reason for approving it all the same"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("Kept with the decision; not mailed."))


class MailedReasonForm(DecisionForm):
    """A reason that goes into the mail to the signer: own words, or a standard one where there are some."""

    reason = TextAreaField(_l("Reason"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("The signer reads it in the mail."))

    def in_words(self, wishes: tuple[str, ...]) -> str:
        """The whole reason in the signer's language."""
        return self.reason.data or ""


class StandardReasonForm(MailedReasonForm):
    standard = RadioField(_l("Reason"), [Optional()])
    reason = TextAreaField(_l("In your own words"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("Stands below the chosen reason in the mail to the signer."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.standard.choices = offered({**self.standard_reasons(), "": _l("Only my own words")})

    def standard_reasons(self) -> dict[str, str]:
        """The standard reasons by key."""
        return reasons.for_returning() if self.action == "return" else reasons.for_declining()

    def in_words(self, wishes: tuple[str, ...]) -> str:
        return reasons.in_words(self.action, self.standard.data or "", self.reason.data or "", wishes)


class ReturnForm(StandardReasonForm):
    action = "return"


class DeclineForm(StandardReasonForm):
    action = "decline"


class TurnDownForm(MailedReasonForm):
    action = "turn-down"


class ReinstateForm(DecisionForm):
    action = "reinstate"
    reason = TextAreaField(_l("Reason"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("Kept with the decision; not mailed."))


class NarrowForm(ActionForm):
    action = "narrow"
    visibility = RadioField(
        _l("From now on"), [InputRequired(_l("Choose how it is shown from now on."))], choices=offered({
            "recipients": _l("Only in documents for the recipients of the letter"),
            "withheld": _l("Off all lists: it is counted only")}))


class TakeOffForm(ActionForm):
    action = "take-off"
    quietly = BooleanField(_l("Write nothing to the signer: somebody else may read their mails"))


class ExplainForm(ActionForm):
    action = "explain"
    reason = TextAreaField(_l("Why it was taken off"), [Words(LONGEST_REASON, lines=True, required=_l(
        "Say why in a sentence, or leave it: no reason is needed."))], description=_l(
        "Who asked, by which way. Only the coordinators of this letter can read it."))


class WithdrawForm(ActionForm):
    action = "withdraw"
    reason = TextAreaField(_l("How they asked for it"), [Words(LONGEST_REASON, lines=True)], description=_l(
        "Who asked, on which day, by which way. The evidence may follow as a note."))


class VerifyForm(ActionForm):
    action = "verify"
    reason = TextAreaField(_l("How you established it"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("Kept with the decision."))


class UnverifyForm(ActionForm):
    action = "unverify"
    reason = TextAreaField(_l("Reason"), [Words(LONGEST_REASON, lines=True)],
                           description=_l("Kept with the decision."))


class EstablishForm(ActionForm):
    action = "establish"
    reason = TextAreaField(_l("What shows it"), [Words(LONGEST_REASON, lines=True)], description=_l(
        "Like: letter of 3 March signed by the chair; called the number on their website. Kept with the decision."))


class AskAgainForm(ActionForm):
    action = "ask-again"


class NoteForm(ActionForm):
    action = "note"
    text = TextAreaField(_l("Note for the other coordinators"), [Words(4000, lines=True)])


def _taken(label: Any, **options: Any) -> FileField:
    return FileField(label, description=_l("A PDF, a picture or a saved e-mail, up to 5 MB. It is kept as it is, for "
                                           "the coordinators of this letter only."), **options)


class EvidenceQuestions:
    """What is asked about evidence: the way it came, what it is, who took it on which day, the file."""

    origin = RadioField(
        _l("How did it reach you?"), [InputRequired(_l("Choose how it reached you."))],
        choices=offered({"paper": _l("On paper"), "mail": _l("By e-mail"), "phone": _l("By phone")}))
    evidence = TextAreaField(_l("Evidence"), [Words(1000, lines=True, required=_l(
        "Say who signed, on which day, and where the evidence is kept."))], description=_l(
        "Who signed, and where the paper or the mail is kept; of a call, which number was called."))
    taken_by = StringField(_l("Who took it"), [Words(200)], description=_l(
        "Who opened the mail, held the paper or spoke on the phone."))
    taken_on = DayField(_l("On which day"), [Optional()])
    file = _taken(_l("The file, if there is one"))

    def as_evidence(self) -> Evidence:
        """The answers; of a file one byte more than is taken, so that the room sees when it is too large."""
        return Evidence(origin=self.origin.data or "", words=self.evidence.data or "",
                        taken_by=self.taken_by.data or "", taken_on=self.taken_on.data, file=bytes_of(self.file))


def bytes_of(field: FileField) -> bytes:
    """What was sent in a field, b"" for nothing."""
    if not field.data or not field.data.filename:
        return b""
    with field.data.stream as stream:
        return stream.read(LARGEST + 1)


class EvidenceForm(EvidenceQuestions, FlaskForm):
    """Evidence in the place of a confirmation mail that never arrived."""

    email = EmailField(_l("An e-mail address that works"), description=_l(
        "Decisions are mailed to it. Leave it empty if there is none: then nothing is mailed any more."))


class FileEvidenceForm(ActionForm):
    action = "file"
    kind = RadioField(_l("What does it show?"), [Optional()], default="authority", choices=offered({
        "authority": _l("That the person may sign for the organisation"),
        "signed": _l("That they signed: a paper or scan"), "message": _l("What they wrote: a letter or e-mail"),
        "other": _l("Something else")}))
    file = _taken(_l("File"))


class RemoveFileForm(FlaskForm):
    reason = TextAreaField(_l("Why is it removed?"), [Words(LONGEST_REASON, lines=True, required=_l(
        "Give the reason: it is kept in the log."))])


class EnterForm(EvidenceQuestions, EntryForm):
    """An endorsement that came another way than by the form on the web."""

    signing_as = RadioField(_l("Who signs?"), default="organisation", choices=offered({
        "organisation": _l("An organisation"), "person": _l("A person, for themselves")}))
    visibility = RadioField(
        _l("How is the signature shown?"), [InputRequired(_l("Choose what the signatory asked for."))],
        choices=offered({"public": _l("Publicly"), "recipients": _l("To the recipients only"),
                         "withheld": _l("Not at all: it is counted only")}))
    initiator = BooleanField(_l("It is one of the initiators: they stand first on the list"))
    signer_name = StringField(_l("Name"))
    signer_role = StringField(_l("Role"))
    email = EmailField(_l("E-mail address"))

    @property
    def is_named(self) -> bool:
        """A name is printed when one was typed; there is no question about it."""
        return self.is_person or bool((self.signatory.data or "").strip())

    @property
    def contact(self) -> SignerFields | None:
        """The contact as typed; None when nothing was."""
        answers = [(field.data or "").strip() for field in (self.signer_name, self.signer_role, self.email)]
        if not any(answers):
            return None
        name, role, email = answers
        return SignerFields(name=name, role=role, email=email)
