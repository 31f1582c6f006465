"""Every action the log knows, with the facts it must carry and the personal values it may carry.

A fact is an id, a number, a state, a hash: never a name, an address or free words. Those are `private`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    sentence: str
    facts: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()


def _action(sentence: str, facts: str = "", private: str = "") -> Action:
    return Action(sentence, frozenset(facts.split()), frozenset(private.split()))


#: How many rows of each kind went.
_ERASED = "contacts lines files notes mails details invitations people organisations documents"

ACTIONS: dict[str, Action] = {
    "installation.created": _action("The installation was set up"),
    "audit.key_changed": _action("The key of the audit log was changed", "before after"),
    "installation.backed_up": _action("A backup was made", "sha256 size keys"),
    "installation.keys_changed": _action("The keys of the installation were changed", "which"),
    "installation.restored": _action("The installation was restored from a backup", "sha256 taken_at mails_held"),
    "mail.held": _action("All mail was held back", "waiting"),
    "mail.released": _action("Mail was let go again", "waiting cancelled"),
    "person.invited": _action("A member of staff was invited", "administrator coordinator"),
    "person.enrolled": _action("A member of staff set a password and came in"),
    "person.language_chosen": _action("A member of staff chose a language", "language"),
    "person.access_ended": _action("A member of staff lost access", "", "reason"),
    "person.access_restored": _action("A member of staff got access back"),
    "person.rights_changed": _action("What a member of staff may do was changed", "administrator coordinator"),
    "person.password_changed": _action("A member of staff changed the password", "forgotten"),
    "person.address_change_asked": _action("A member of staff asked for another sign-in address", "", "address"),
    "person.address_change_called_off": _action("The change of the sign-in address was called off", "", "address"),
    "person.address_changed": _action("The sign-in address was changed", "", "before after"),
    "second_factor.app_set": _action("An authenticator app was made the second factor", "replaced"),
    "second_factor.app_removed": _action("The authenticator app was removed"),
    "second_factor.passkey_added": _action("A passkey was added", "passkey synced"),
    "second_factor.passkey_removed": _action("A passkey was removed", "passkey"),
    "second_factor.codes_made": _action("New recovery codes were made", "number"),
    "second_factor.code_used": _action("A recovery code was used", "left"),
    "second_factor.reset": _action("All second factors were taken away, to begin again",
                                   "app passkeys codes", "reason"),
    "country.named": _action("A country was given another name", "country language", "text"),
    "country.named_as_usual": _action("A country got its usual name back", "country language", "text"),
    "team.joined": _action("Somebody joined the letter's team", "person role"),
    "team.left": _action("Somebody left the letter's team", "person role"),
    "team.deputy_named": _action("Somebody was named to stand in for a coordinator", "person deputy starts ends"),
    "team.deputy_ended": _action("Standing in for a coordinator was ended before its time", "person deputy"),
    "letter.created": _action("The letter was begun", "source_sha256"),
    "letter.edited": _action("The letter's details were changed", "changed"),
    "letter.opened": _action("The letter was opened for signing", "version deadline coordinators"),
    "letter.deadline_changed": _action("The deadline was changed", "before after", "reason"),
    "letter.closed": _action("The letter was closed", "by_deadline", "reason"),
    "letter.reopened": _action("The letter was opened again", "deadline", "reason"),
    "letter.archived": _action("The letter was archived"),
    "letter.cancelled": _action("The letter was cancelled", "", "reason"),
    "letter.erasure_announced": _action("It was announced that personal data will be erased", "due"),
    "letter.data_erased": _action("What was personal about the letter was erased", _ERASED),
    "endorsement.data_erased": _action("What was known of the signature was erased", _ERASED),
    "letter.goal_set": _action("The goal of the letter was changed", "before after"),
    "letter.arranged": _action("The order of the list was changed", "rule grouping moved"),
    "version.published": _action("A version of the text was published", "number sha256 change", "note"),
    "translation.written": _action("A translation of the text was written", "number language"),
    "translation.removed": _action("A translation of the text was taken out", "number language"),
    "organisation.registered": _action("An organisation entered the register", "country"),
    "organisation.verified": _action("The organisation was verified", "override", "reason"),
    "organisation.unverified": _action("The verification was taken back", "", "reason"),
    "organisation.told_apart": _action("It was said to be another one than a body that looks alike", "other"),
    "organisation.edited": _action("The profile was changed", "changed"),
    "organisation.renamed": _action("The organisation was renamed", "how", "before after reason"),
    "organisation.name_added": _action("Another name was added", "how", "name"),
    "organisation.name_removed": _action("Another name was taken out", "how", "name"),
    "organisation.noted": _action("A note was written about the organisation", "", "text"),
    "organisation.merged": _action("Another body was merged into it", "other merge endorsements", "reason"),
    "organisation.absorbed": _action("It was merged into another body", "other merge", "reason"),
    "organisation.merge_undone": _action("A merge was undone", "other merge", "reason"),
    "organisation.split": _action("A body went its own way from it", "other endorsements", "reason"),
    "representative.added": _action("Somebody acts for the organisation", "representative"),
    "representative.ended": _action("Somebody no longer acts for the organisation", "representative", "reason"),
    "representative.handed_over": _action("A representative handed over to another", "before after endorsements",
                                          "reason"),
    "endorsement.signed": _action("The letter was signed", "version language visibility revision organisation"),
    "endorsement.entered": _action("An endorsement was entered for a signatory",
                                   "version visibility revision organisation evidence evidence_sha256", "reason"),
    "endorsement.confirmed": _action("The address was confirmed", "revision"),
    "endorsement.confirmed_by_evidence": _action("The signature was confirmed by evidence",
                                                 "revision evidence", "reason address"),
    "endorsement.reminded": _action("The signer was reminded to confirm the new text", "version times"),
    "endorsement.edited": _action("The entry was changed before approval", "before after revision"),
    "endorsement.amended": _action("A change of the approved entry was proposed", "revision line_taken_down"),
    "endorsement.amendment_withdrawn": _action("The proposed change was taken back", "revision"),
    "endorsement.amendment_turned_down": _action("The proposed change was refused", "revision", "reason"),
    "endorsement.visibility_changed": _action("How the entry is shown was changed", "before after"),
    "endorsement.approved": _action("The entry was approved", "before revision override", "reason"),
    "endorsement.returned": _action("The entry was returned for changes", "before revision standard", "reason"),
    "endorsement.declined": _action("The endorsement was declined", "before standard", "reason"),
    "endorsement.invalidated": _action("The endorsement was declined together with others that met a condition",
                                       "before invalidation", "reason"),
    "list.invalidated": _action("Signatures that met a condition were declined together", "invalidation number",
                                "reason words"),
    "list.invalidation_undone": _action("Declining signatures together was undone", "invalidation number"),
    "mail.refused": _action("The owner of an address had not signed, and wants no such mails"),
    "sign_on.kept_aside": _action("A sign-on was kept aside: it looked suspicious", "reasons"),
    "sign_on.released": _action("A sign-on that was kept aside was released"),
    "sign_on.discarded": _action("A sign-on that was kept aside was discarded"),
    "sign_on.discard_taken_back": _action("A discarded sign-on was kept aside again"),
    "endorsement.decision_taken_back": _action("The last decision was taken back before its mail left",
                                               "decision before after"),
    "endorsement.withdrawn": _action("The endorsement was withdrawn", "before", "reason"),
    "endorsement.taken_off": _action("The signatory was taken off at once", "before visibility"),
    "endorsement.take_off_explained": _action("It was said why the signatory was taken off", "", "reason"),
    "endorsement.reinstated": _action("The endorsement was taken up again", "before", "reason"),
    "endorsement.reconfirmed": _action("The endorsement was confirmed for a new version", "version before"),
    "endorsement.accepted": _action("The invitation was accepted and the letter signed",
                                    "version language visibility revision organisation"),
    "invitation.imported": _action("A list of organisations to invite was imported", "sha256 rows added"),
    "invitation.sent": _action("Invitations were sent", "invitations"),
    "invitation.reminded": _action("Reminders were sent", "invitations"),
    "invitation.reminders_planned": _action("It was decided whether reminders go out by themselves", "on"),
    "invitation.call_noted": _action("A phone call to an invited organisation was noted", "outcome"),
    "invitation.corrected": _action("The contact of an invited organisation was corrected", "other_address"),
    "invitation.withdrawn": _action("An invitation was withdrawn", "before"),
    "invitation.taken_up_again": _action("A withdrawn invitation was taken up again"),
    "invitation.stopped": _action("An invited organisation asked for no more mails", "everywhere"),
    "invitation.erased": _action("The contact details of an invitation were erased", "before"),
    "invitation.accepted": _action("An invitation was accepted", "endorsement"),
    "authority.confirmed": _action("Authority to sign was established", "how", "reason"),
    "authority.named": _action("Somebody was named who may bind the organisation", "before", "name role address"),
    "authority.asked": _action("The person named was asked by mail", "times"),
    "authority.refused": _action("The person named did not confirm", "revision", "reason"),
    "evidence.added": _action("A file was added as evidence", "file kind type size sha256"),
    "evidence.removed": _action("A file of evidence was removed", "file sha256", "reason"),
    "receipt.made": _action("A signer was sent a receipt", "commitment"),
    "link.sent": _action("A link was mailed again", "purpose"),
    "note.written": _action("A note was written", "", "text"),
    "claim.overridden": _action("A claim the list does not bear out was let stand", "version", "words reason"),
    "edition.compiled": _action("An edition was frozen", "number audience sha256 version signatories"),
    "edition.delivered": _action("An edition was handed over", "edition on", "recipient how reference email"),
    "delivery.covered": _action("A covering letter was made", "kind sha256 president", "reason"),
    "delivery.reference_recorded": _action("A reference given by the recipient was recorded",
                                           "edition corrected told", "reference before"),
    "edition.exported": _action("A file that is not public was taken along", "edition form"),
    "edition.replacement_asked": _action("A new public edition was asked for, by itself, because a signatory was taken "
                                         "off", "edition files"),
    "edition.taken_down": _action("The public file of an edition is no longer handed out: a name in it is no longer "
                                  "public", "edition"),
    "edition.served_again": _action("The public file of an edition is handed out again", "edition"),
    "correction.made": _action("An edition was corrected by a later one",
                               "old new reasons added gone corrected sha256", "words"),
    "correction.filed": _action("A corrigendum was made in another language or on another paper",
                                "language paper sha256"),
    "correction.notified": _action("Those concerned by a correction were written to", "deliveries signatories"),
    "correction.told_by_hand": _action("Somebody who was given the old edition was told of the correction by hand",
                                       "delivery", "note"),
}

#: After these acts every public page looks as before: nobody comes onto a list, leaves it or changes on it. Whatever is
#: not named here makes the letter's public pages anew, so a new action belongs here only if it certainly shows nothing.
UNSEEN: frozenset[str] = frozenset({
    # What is not approved stands on no list. On the day of a release these come by the thousand.
    "endorsement.signed", "endorsement.accepted", "endorsement.entered", "endorsement.confirmed",
    "endorsement.confirmed_by_evidence", "endorsement.edited", "endorsement.reminded",
    "sign_on.kept_aside", "sign_on.released", "sign_on.discarded", "sign_on.discard_taken_back",
    # The register of bodies is seen by staff alone; a name that is printed stands in an entry, which has its own acts.
    "organisation.registered", "organisation.noted", "organisation.told_apart", "representative.added",
    # Who may bind a body, and what shows it, decides whether an entry is approved. It is not printed.
    "authority.confirmed", "authority.named", "authority.asked", "authority.refused",
    "evidence.added", "evidence.removed", "note.written", "receipt.made",
    # Whom we ask to sign, and mails.
    "invitation.imported", "invitation.sent", "invitation.reminded", "invitation.reminders_planned",
    "invitation.call_noted", "invitation.corrected", "invitation.withdrawn", "invitation.taken_up_again",
    "invitation.stopped", "invitation.erased", "invitation.accepted",
    "link.sent", "mail.refused", "mail.held", "mail.released",
    # Accounts of staff, the installation's own affairs.
    "person.invited", "person.enrolled", "person.language_chosen", "person.password_changed",
    "second_factor.code_used", "installation.backed_up", "edition.exported",
})
