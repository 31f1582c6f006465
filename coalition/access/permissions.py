"""Every right there is, with a sentence each. Who has it stands in `policy.py`."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    # letters
    LETTER_SEE = "letter.see"  # see the letter's public page, text, counts and named entries
    LETTER_CREATE = "letter.create"  # begin a new letter
    LETTER_WORK = "letter.work"  # see the letter's working pages
    LETTER_EDIT = "letter.edit"  # change details, text, team, recipients
    TEAM_CHOOSE = "team.choose"  # add to the team, end roles, name who stands in
    LETTER_RUN = "letter.run"  # open, extend, close, reopen, archive, cancel
    # endorsements, by the one who signs
    ENDORSEMENT_SIGN = "endorsement.sign"  # sign a letter one can see
    ENDORSEMENT_OWN = "endorsement.own"  # confirm, edit, amend, withdraw one's own
    ENDORSEMENT_AUTHORISE = "endorsement.authorise"  # say whether the one who signed may bind the organisation
    # endorsements, by those who check
    ENDORSEMENT_ENTER = "endorsement.enter"  # enter one received on paper, by mail or from a file
    ENDORSEMENT_SEE = "endorsement.see"  # see answers, contact and withheld names
    ENDORSEMENT_DECIDE = "endorsement.decide"  # approve, return, decline, reinstate
    ENDORSEMENT_NARROW = "endorsement.narrow"  # have an entry shown to fewer people, at once
    ENDORSEMENT_TAKE_OFF = "endorsement.take_off"  # have a signatory taken off at once, whatever stands
    ENDORSEMENT_WITHDRAW = "endorsement.withdraw"  # withdraw one on the signer's word
    SIGN_ONS_SIFT = "sign_ons.sift"  # see where signatures come from, release or discard those kept aside
    # invitations
    INVITATION_MANAGE = "invitation.manage"  # import lists, invite, note calls, withdraw an invitation
    INVITATION_REMIND = "invitation.remind"  # send reminders
    INVITATION_OWN = "invitation.own"  # accept one's own invitation, stop its reminders
    INVITATION_ERASE = "invitation.erase"  # erase the contact details of an invitation
    ORGANISATION_VERIFY = "organisation.verify"  # say that an organisation is real
    # the register
    ORGANISATION_SEE = "organisation.see"  # see an organisation's profile, its people, notes and history
    ORGANISATION_EDIT = "organisation.edit"  # change its profile, names and people; say that two are different
    ORGANISATION_MERGE = "organisation.merge"  # merge it with another, split it, undo that
    # documents
    LIST_ARRANGE = "list.arrange"  # choose the order of the list
    EDITION_PREVIEW = "edition.preview"  # make a watermarked preview
    EDITION_COMPILE = "edition.compile"  # freeze an edition
    EDITION_SEE = "edition.see"  # download any edition of the letter
    EDITION_DELIVER = "edition.deliver"  # record a delivery
    CLAIM_OVERRIDE = "claim.override"  # let a claim stand that the list does not bear out
    # installation
    PEOPLE_MANAGE = "people.manage"  # invite staff, end their access
    FACTOR_RESET = "factor.reset"  # let somebody start again who lost their second factor
    COUNTRIES_NAME = "countries.name"  # call a country by another name
    INSTALLATION_KEEP = "installation.keep"  # back up, restore, hold all mail
    DATA_ERASE = "data.erase"  # erase what is personal about an ended letter, or a signature that is gone
    AUDIT_SEE = "audit.see"  # read the audit log of the installation
