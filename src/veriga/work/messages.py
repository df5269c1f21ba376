"""The sentence that each error code says to a person, in their language.

Pages and the API show the same sentences. A code without a sentence of its own is a
mistake that a test finds.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from veriga.common.errors import FieldError, VerigaError

MESSAGES: dict[str, str | Promise] = {
    "not_found": _("There is no such record, or you may not see it."),
    "not_allowed": _("You do not have the right to do this."),
    "not_signed_in": _("Sign in first."),
    "not_json": _("The body is not valid JSON."),
    "method_not_allowed": _("This address does not have this method."),
    "too_large": _("The body is too large."),
    "not_linked": _("This activity is not linked to any other."),
    "already_undone": _("This change has been undone already."),
    "undo_conflict": _(
        "This cannot be undone: something it touched has changed since."
    ),
    "undo_too_late": _("This cannot be undone any more: it is over 30 days old."),
    "company_in_use": _("This record has activities, so it cannot be deleted."),
    "stale": _(
        "Somebody else has changed this record since you opened it. "
        "Your text is kept: look at the difference and save again."
    ),
    "changed_since": _("Somebody has changed it since."),
    "so_already": _("It is so already."),
    "done_already": _("It is done already."),
    "no_result": _("Choose how quotes end, or they stay open."),
    "linked_already": _("It is linked already."),
    "no_deadline": _("It has no deadline that could move."),
    "either_or": _("Give %(one)s or %(other)s, not both."),
    "nothing_chosen": _("Choose at least one row first."),
    "too_many_rows": _("At most %(limit)s can change at once."),
    "gathering_shared": _(
        "This is shared by a group event. Change it there, for all companies at once."
    ),
    "gathering_company": _(
        "This event belongs to a group event, so its company cannot change."
    ),
    "gathering_not_begun": _("The group event has not begun yet."),
    "nobody_came": _("No company is marked as having come."),
    "link_to_itself": _("An activity cannot be linked to itself."),
    "other_company": _(
        "Both activities must belong to the same company; these do not."
    ),
    "circle": _("This link would close a circle: the other activity follows this one."),
    "company_unknown": _(
        "No company has exactly this name. Choose which one is meant."
    ),
    "company_fixed": _(
        "A linked activity cannot change its company. Take it out of its chain and "
        "move it in one step instead."
    ),
    "cannot_see_company": _(
        "This person may not see the company. Share the company with them first."
    ),
    "too_long": _("This is too long: at most %(limit)s characters."),
    "control_characters": _("Remove the control characters from this text."),
    "naive_time": _("State the time with its offset from UTC."),
    "bad_cursor": _("This cursor is not valid here. Begin again from the first page."),
    "limit_range": _("This limit is out of the range that the list allows."),
    "idempotency_mismatch": _(
        "This Idempotency-Key was used for another request. Choose a new one."
    ),
    "note_saved": _("This note is saved already, as %(reference)s. Change it there."),
    "invalid": _("Some fields need to be corrected."),
    "required": _("Fill in this field."),
    "unknown_field": _("There is no field of this name."),
    "unknown_choice": _("Choose one of the values on offer."),
    "not_offered": _("This value is no longer in use. Choose another one."),
    "wrong_type": _("This value is of the wrong kind."),
    "ends_before_start": _("The end must not be before the start."),
    "due_before_start": _("The deadline must not be before the start."),
    "due_twice": _("Give the deadline as a day or as a time, not both."),
    "too_many": _("These are too many: at most %(limit)s."),
    "valid_before_issue": _("The validity must not end before the day of issue."),
    "follow_up_before_record": _("The follow-up must not be before the record."),
    "out_of_range": _("This value is out of range."),
    "negative": _("This must not be negative."),
    "not_a_date": _("This is not a date."),
    "not_an_email": _("This is not an e-mail address."),
    "bad_postcode": _("A Slovenian postcode has four digits."),
    "needed_when_active": _("An active customer needs this."),
    "not_a_prospect": _("This company is an active customer already."),
    "already_asked": _("This person was asked within the last day already."),
    "may_not_see_persons": _(
        "%(user)s may not see natural persons. Choose a colleague who may, or ask an "
        "administrator to give them the right."
    ),
    "no_right_to_persons": _(
        "You may not see natural persons, and would lose sight of this one. Choose "
        "another kind, or ask an administrator for the right."
    ),
    "may_not_activate": _("%(name)s may not make prospects active customers."),
    "already_there": _("The contact is at this company already."),
    "position_in_use": _(
        "Activities at this company name the contact. Enter until when they were there"
        " instead."
    ),
    "until_before_since": _("The end must not be before the beginning."),
    "not_a_phone": _(
        "This is not a whole phone number. Type it with its area code, for example"
        " 041 234 567 or +43 1 2345678."
    ),
    "email_taken": _("Somebody already has this e-mail address."),
    "name_taken": _("There is one of this name already."),
    "wrong_company": _("This contact belongs to another company."),
    "not_done": _("This activity is not done, so it has no result."),
    "wrong_result": _("An activity of this kind cannot end so."),
    "entry_locked": _("This entry is locked: only its author can change it."),
    "inactive_user": _("This person no longer works with Veriga. Choose another one."),
    "own_last_administrator": _("There must be at least one active administrator."),
    "weak_password": "%(message)s",  # the sentence of the validator that objects
    "wrong_password": _("This is not your present password."),
    "passwords_differ": _("The two passwords differ."),
    "wrong_sign_in": _("The e-mail address or the password is wrong."),
    "too_many_attempts": _("Too many attempts. Wait a few minutes and try again."),
    "link_expired": _(
        "This link has been used or is too old. Ask your administrator for a new one."
    ),
    "export_too_long": _("A file holds at most %(limit)s rows; narrow the list first."),
    "between": _("This must be from %(least)s to %(most)s."),
    "file_missing": _("Choose a file first."),
    "file_name": _("The file has no name that can be kept. Rename it and try again."),
    "file_type": _(
        "Files ending in %(ending)s may not be attached. Allowed: %(allowed)s."
    ),
    "file_too_large": _("The file is larger than %(limit)s."),
    "empty_file": _("The file is empty."),
    "file_differs": _("What is in the file is not what its ending %(ending)s says."),
    "infected_file": _("The virus scanner has found something in this file."),
    "file_not_scanned": _(
        "The virus scanner does not answer, so the file was not stored. "
        "Try again later or tell your administrator."
    ),
    "too_many_files": _("There are %(limit)s files here already, which is the limit."),
    "ending_not_allowed": _("These endings can never be allowed: %(endings)s."),
    "server_error": _("Something went wrong on the server. Nothing was changed."),
    "same_company": _("Choose another company: this is the same one."),
    "not_a_website": _("This is not a web address."),
    "bad_tax_number": _(
        "This is not a tax number of the country %(country)s. Check the digits."
    ),
    "bad_registration_number": _(
        "This is not a registration number of the country %(country)s. "
        "Check the digits."
    ),
    "own_parent": _(
        "A company cannot stand above itself, not by way of others either."
    ),
    "not_a_month_or_day": _(
        "This is neither a month nor a day. Write 3. 2027 or 15. 3. 2027."
    ),
    "code_taken": _("There is one with this code already."),
    "not_a_code": _("Only small letters a to z, digits, _ and - may stand here."),
    "last_offered": _(
        "This is the last one that forms can offer, so it must stay in use. "
        "Add another one first."
    ),
    "not_a_prefix": _("A prefix has one to four letters from A to Z."),
    "rule_in_use": _("This rule has been at work already. Switch it off instead."),
    "rule_failed": _("Something went wrong. Whoever runs the server finds it there."),
    "no_account_owner": _("The company has no account owner."),
    "assign_to_whom": _("Choose somebody else than the account owner."),
    "prefix_fixed": _("The prefix cannot change once a reference was given."),
}


def message_of(error: VerigaError | FieldError) -> str:
    """Return the sentence for `error` in the active language."""
    text = str(MESSAGES.get(error.code, MESSAGES["invalid"]))
    return text % error.params if "%(" in text else text
