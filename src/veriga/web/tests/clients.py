"""Browsers for the tests of pages: who is signed in, and how htmx asks."""

from __future__ import annotations

from django.test import Client

from veriga.access.models import User

BACKEND = "veriga.access.backends.SignInBackend"
LIST = {"HX-Request": "true", "HX-Target": "div#list"}
MORE = {"HX-Request": "true", "HX-Target": "tr"}
PIECE = {"HX-Request": "true"}
WINDOW = {"X-Veriga-Window": "1"}


def signed_in(user: User) -> Client:
    """Return a client in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client
