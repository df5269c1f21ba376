"""Notices in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.access.rules import Actor
from veriga.events.queries.gatherings import gathering_titles
from veriga.parties.queries import company_names
from veriga.setup.models import Notice

from .formats import due_day, moment, number

ABOUT_ACTIVITIES: Final = frozenset(
    {"event", "deadline", "silence", "mentioned", "assigned", "taking_part"}
)


def sentence_of(notice: Notice, **today: str) -> str:
    """Return what a notice says, in the language of the page.

    `today`: what is called otherwise now than on the day it was sent.
    """
    values = {"company": "", "who": "", "text": "", "rule": "", **notice.params}
    values |= today
    says = SENTENCES.get(notice.kind)
    return says(values) % values if says else notice.kind


def _event(values: dict[str, Any]) -> str:
    values["time"] = moment(datetime.fromisoformat(values["at"]))
    if "gathering_id" in values:
        return _("Event %(time)s: %(title)s, group event")
    return _("Event %(time)s: %(reference)s %(title)s, %(company)s")


def _deadline(values: dict[str, Any]) -> str:
    values["time"] = due_day(datetime.fromisoformat(values["at"]))
    return _("Due %(time)s: %(reference)s %(title)s, %(company)s")


def _silence(values: dict[str, Any]) -> str:
    if "data_days" in values:
        values["days"] = number(values["data_days"], 1)
        return _(
            "Silent too long, by the data (limit: %(days)s working days): "
            "%(reference)s %(title)s, %(company)s"
        )
    values["days"] = values.get("days") or 0  # a limit may be gone by now
    return ngettext(
        "Silent for more than %(days)s working day: "
        "%(reference)s %(title)s, %(company)s",
        "Silent for more than %(days)s working days: "
        "%(reference)s %(title)s, %(company)s",
        values["days"],
    )


def _mentioned(values: dict[str, Any]) -> str:
    return _("You are mentioned: %(reference)s %(title)s, %(company)s (%(who)s)")


def _assigned(values: dict[str, Any]) -> str:
    one = _("Assigned to you: %(reference)s %(title)s, %(company)s (%(who)s)")
    return one + _and_more(values)


def _taking_part(values: dict[str, Any]) -> str:
    one = _("You take part: %(reference)s %(title)s, %(company)s (%(who)s)")
    return one + _and_more(values)


def _and_more(values: dict[str, Any]) -> str:
    if not values.get("more"):
        return ""
    return " " + ngettext("and %(more)s more", "and %(more)s more", values["more"])


SENTENCES: Final[Mapping[str, Callable[[dict[str, Any]], str]]] = {
    "activation_asked": lambda values: _(
        "%(company)s: please make it an active customer. (%(who)s)"
    ),
    "activated": lambda values: _("%(company)s is an active customer now. (%(who)s)"),
    "event": _event,
    "deadline": _deadline,
    "silence": _silence,
    "mentioned": _mentioned,
    "mentioned_in_gathering": lambda values: _(
        "You are mentioned: %(title)s, group event (%(who)s)"
    ),
    "assigned": _assigned,
    "taking_part": _taking_part,
    "rule_told": lambda values: _("%(company)s: %(text)s (rule: %(rule)s)"),
    "rule_failed": lambda values: _(
        "%(company)s: the rule %(rule)s could not do something; the log says what."
    ),
    "mail_failed": lambda values: _("A mail to %(email)s could not be sent."),
}


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as its reader's list shows it: `note` is what somebody wrote to it."""

    notice: Notice
    sentence: str
    note: str


def shown_notices(actor: Actor, notices: list[Notice]) -> list[ShownNotice]:
    """Return notices for their reader; at most two statements."""
    companies, gatherings = (
        {one.params[key] for one in notices if key in one.params}
        for key in ("company_id", "gathering_id")
    )
    names = company_names(actor, companies)
    titles = gathering_titles(actor, gatherings)
    return [_shown(one, names, titles) for one in notices]


def _shown(
    notice: Notice, names: Mapping[int, str], titles: Mapping[int, str]
) -> ShownNotice:
    """Return a notice for its reader; names and titles are of what they see.

    What they see no more is not named, though they did see it when it was sent.
    """
    text = str(notice.params.get("text", ""))
    if "gathering_id" in notice.params:
        title = titles.get(notice.params["gathering_id"])
        if title is None:
            gone = _("About a group event that you see no more.")
            return ShownNotice(notice, gone, "")
        return ShownNotice(notice, sentence_of(notice, title=title), text)
    if "company_id" not in notice.params:
        return ShownNotice(notice, sentence_of(notice), text)
    name = names.get(notice.params["company_id"])
    if name is None:
        return ShownNotice(notice, _("About a company that you see no more."), "")
    if notice.kind == "rule_told":  # it is in the sentence itself
        text = ""
    return ShownNotice(notice, sentence_of(notice, company=name), text)


def address_of(notice: Notice) -> str:
    """Return the page that a notice is about."""
    if "gathering_id" in notice.params:
        return reverse("gatherings:page", kwargs={"id": notice.params["gathering_id"]})
    if notice.kind in ABOUT_ACTIVITIES:
        reference = notice.params["reference"]
        return reverse("activities:record", kwargs={"reference": reference})
    names = {"activation_asked": "companies:activate", "activated": "companies:page"}
    if notice.kind == "rule_failed":
        return f"{reverse('rules:log')}?rule={notice.params['rule_id']}"
    if notice.kind == "rule_told":
        if reference := notice.params["reference"]:
            return reverse("activities:record", kwargs={"reference": reference})
        return reverse("companies:page", kwargs={"id": notice.params["company_id"]})
    if notice.kind not in names:
        return reverse("notices:list")
    return reverse(names[notice.kind], kwargs={"id": notice.params["company_id"]})
