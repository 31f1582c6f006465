"""The forms about handing an edition over: shape and length only. Who presides over the Council, and what can be
printed, is decided by `documents.deliveries`."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from coalition.documents.covering import LANGUAGE, OTHER, PRESIDENT, Wanted
from coalition.documents.deliveries import LONGEST
from coalition.documents.transmittal import DraftWanted
from coalition.i18n import LANGUAGES, with_latin_digits
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.letters.presidency import Office

#: No covering letter: only the record is kept.
NONE = "none"


class Day(DateField):
    """A day, with words of our own for what is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([with_latin_digits(value) for value in valuelist])
        except ValueError as reason:
            raise ValueError(_("Enter a date, like 2026-03-09.")) from reason


_AT_MOST = {200: _l("Use at most 200 characters."), 300: _l("Use at most 300 characters."),
            500: _l("Use at most 500 characters."), 800: _l("Use at most 800 characters."),
            1000: _l("Use at most 1000 characters.")}


def _text(label: Any, hint: Any = "", longest: int = 200) -> StringField:
    return StringField(label, validators=[Length(max=longest, message=_AT_MOST[longest])], description=hint)


def _lines(label: Any, hint: Any, longest: int) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=longest, message=_AT_MOST[longest])], description=hint)


def _language(hint: Any) -> SelectField:
    """Languages each by its own name, as in the menus of the site."""
    return SelectField(_l("Language"), default=LANGUAGE, description=hint, choices=[
        SelectChoice(code, name) for code, name in LANGUAGES.items()])


#: What the record needs and the letters do not.
FOR_THE_RECORD = {"how": [InputRequired(_l("Enter how it was handed over."))],
                  "handed_over_by": [InputRequired(_l("Enter who handed it over."))]}


class DeliveryForm(FlaskForm):
    """What was handed over, to whom, and the letters that go with it."""

    edition = SelectField(_l("What is handed over"), validators=[
        InputRequired(_l("Choose the edition that is handed over."))])
    handed_over_on = Day(_l("On which day"), validators=[InputRequired(_l("Enter the day it is handed over."))],
                         description=_l("The day in New York, if it goes to the United Nations there."))
    covering = RadioField(_l("To whom does it go?"), default=PRESIDENT, choices=[
        SelectChoice(PRESIDENT, _l("To the President of the Security Council")),
        SelectChoice(OTHER, _l("To somebody else")),
        SelectChoice(NONE, _l("None: only keep the record"))])

    cover_language = _language(_l("Of the covering letter; the open letter may be in another one."))

    person = _text(_l("Name of the President"), _l("With the form of address, like “H.E. Ms. …”. Leave it empty if "
                                                   "you do not know it: the letter is valid without."))
    office = SelectField(_l("Who presides as"), default=Office.REPRESENTATIVE.value, choices=[
        SelectChoice(Office.REPRESENTATIVE.value, _l("Permanent Representative")),
        SelectChoice(Office.CHARGE.value, _l("Chargé d’affaires"))])
    state = _text(_l("State that presides"), _l("Leave it empty to take the one that the table gives for the day."))
    state_words = _text(_l("The State as it is written in the letter"),
                        _l("Left empty: the form that is proposed for the language. Look at the letter and check it; "
                           "another one goes here, as it stands behind “Permanent Representative”."))
    is_woman = BooleanField(_l("The President is a woman"),
                            description=_l("Some languages write her office otherwise."))
    is_checked = BooleanField(_l("I have checked that the computed State presides in that month"))
    override_reason = _lines(_l("Why another State presides than the table says"),
                             _l("Only if that is so. It is kept with the record."), LONGEST["override_reason"])
    asks_circulation = BooleanField(_l("Say that we would welcome its circulation as a document of the Council"),
                                    description=_l("Only a Member State can ask for that. The letter claims nothing."))

    addressee = _lines(_l("Addressee"), _l("Name, office and place, as on the envelope, each on its line."),
                       LONGEST["addressee"])
    salutation = _text(_l("Salutation"), _l("Left empty: the usual one, in English “Dear Sir or Madam,”."))
    recipient = _lines(_l("To whom"), _l("Name, office and place, as on the envelope."), 800)

    signer_name = _text(_l("Who signs the covering letter"), _l("The name as it is printed under the letter."))
    signer_title = _text(_l("Their title"))
    signer_organisation = _text(_l("For whom they sign"), _l("The organisation or the coalition."))
    contact = _lines(_l("Contact"), _l("An e-mail address, a telephone number. It is printed, and the signatories of "
                                       "the edition see it too."), LONGEST["contact"])
    paragraph = _lines(_l("A paragraph of your own"), _l("It stands before the request at the end."),
                       LONGEST["paragraph"])

    with_draft = BooleanField(_l("Also draft the letter by which a Member State’s mission asks for circulation"))
    draft_language = _language(_l("The one in which the mission writes to the Council."))
    sender = _text(_l("From whom the open letter is, in the sentence"),
                   _l("As in “a letter from a coalition of Syrian organisations”, in the language of the draft."))
    mission_state = _text(_l("State of the mission"), _l("Left empty: “[State]”."))
    representative = _text(_l("Permanent Representative who signs"),
                           _l("The name alone, without “H.E.” or “Mr.”. Left empty: “[Name]”."))
    mission_title = _text(_l("Their title under the letter"), _l("Left empty: “Permanent Representative”."))

    how = _text(_l("How"), _l("In person, by e-mail, by courier, through a mission …"))
    handed_over_by = _text(_l("By whom"))
    reference = _text(_l("Reference"), _l("The number of a receipt, if there is one. A number that the recipient gives "
                                          "the letter later is added afterwards."))

    email = _text(_l("E-mail address of the recipient"),
                  _l("It is told there if the edition has to be corrected later. Without one you are asked to tell it "
                     "by hand."), 300)

    def wanted(self) -> Wanted:
        """The answers about the covering letter."""
        return Wanted(
            kind=self.covering.data, day=self.handed_over_on.data, language=self.cover_language.data,
            is_woman=self.is_woman.data, office=Office(self.office.data),
            is_checked=self.is_checked.data, asks_circulation=self.asks_circulation.data,
            **{name: self[name].data or "" for name in (
                "signer_name", "signer_title", "signer_organisation", "contact", "paragraph", "person", "state",
                "state_words", "override_reason", "addressee", "salutation")})

    def draft_wanted(self) -> DraftWanted:
        """The answers about the draft for a mission."""
        return DraftWanted(sender=self.sender.data or "", state=self.mission_state.data or "",
                           representative=self.representative.data or "", title=self.mission_title.data or "",
                           language=self.draft_language.data)


class ReferenceForm(FlaskForm):
    """The number the recipient gave the letter."""

    assigned_reference = StringField(_l("Reference"), validators=[
        InputRequired(_l("Enter the reference, like S/2016/123.")),
        Length(max=100, message=_l("Use at most 100 characters."))],
        description=_l("Exactly as the recipient writes it, like S/2016/123."))
