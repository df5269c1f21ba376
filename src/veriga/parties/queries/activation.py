"""Who may make a company an active customer, and who was asked to."""

from __future__ import annotations

from veriga.access.models import User
from veriga.access.queries import actor_of, list_users
from veriga.access.rules import Actor
from veriga.parties.models import ActivationRequest, Company

from .visibility import can_see


def who_may_activate(actor: Actor, company: Company) -> list[User]:
    """Return the active users who may activate a visible company, by name."""
    return [
        user
        for user in list_users(actor, active_only=True)
        if actor_of(user).may_activate and can_see(user, company)
    ]


def open_requests(company: Company) -> list[ActivationRequest]:
    """Return who was asked to activate a visible company and has not, oldest first."""
    found = company.activation_requests.filter(answered_at__isnull=True)
    return list(found.select_related("asked", "made_by").order_by("made_at", "id"))
