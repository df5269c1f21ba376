"""The pages before signing in: allauth's views, with what our templates show."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, PasswordResetView
from django.conf import settings
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import get_language

from veriga.common.errors import FieldError
from veriga.work.messages import message_of

from .home import demo_start

# The codes of Django's form fields, as ours.
CODES = {"required": "required", "invalid": "not_an_email"}


class SignIn(LoginView):  # type: ignore[misc]  # untyped base
    """Sign-in by e-mail and password; in the demo also as one of its people."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Give the form back with what is wrong."""
        return _given_back(self, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows: errors by field, and the people of the demo."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "errors": sentences_of(context["form"]),
            "people": demo_people(),
        }


class AskReset(PasswordResetView):  # type: ignore[misc]  # untyped base
    """Asks for a link to a new password by mail; without mail says whom to ask."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EMAIL_HOST:
            return self.get(*args, **kwargs)  # type: ignore[no-any-return]
        return super().post(*args, **kwargs)  # type: ignore[no-any-return]

    def form_invalid(self, form: Form) -> HttpResponse:
        """Give the form back with what is wrong."""
        return _given_back(self, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows: errors by field, and whether mail is set up."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "errors": sentences_of(context["form"]),
            "sends_mail": bool(settings.EMAIL_HOST),
        }


sign_in = SignIn.as_view()
ask_reset = AskReset.as_view()


def sentences_of(form: Form) -> dict[str, list[str]]:
    """Return what is wrong with a sent form by field; "" for the form as a whole."""
    found: dict[str, list[str]] = {}
    for name, errors in form.errors.as_data().items():
        field = "" if name == "__all__" else name
        for error in errors:
            code = CODES.get(error.code or "")
            text = message_of(FieldError(field, code)) if code else error.messages[0]
            found.setdefault(field, []).append(text)
    return found


def demo_people() -> list[dict[str, str]]:
    """Return e-mail, name and function of those whom the demo lets in; else none."""
    language = "en" if (get_language() or "").startswith("en") else "sl"
    return [
        {
            "email": person["email"],
            "name": person["name"],
            "title": person[f"title_{language}"],
        }
        for person in (demo_start() or {}).get("people", [])
    ]


def _given_back(view: Any, form: Form) -> HttpResponse:
    response: HttpResponse = view.render_to_response(view.get_context_data(form=form))
    response.status_code = 422
    return response
