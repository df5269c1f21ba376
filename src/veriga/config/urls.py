"""Which address belongs to which room."""

from __future__ import annotations

from allauth.account.views import account_inactive, logout, password_reset_done
from django.urls import include, path

from veriga.web.views import signin

# Of allauth only this: nobody signs up, and administrators change e-mail addresses.
account_urls = [
    path("login/", signin.sign_in, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("inactive/", account_inactive, name="account_inactive"),
    path("password/reset/", signin.ask_reset, name="account_reset_password"),
    path(
        "password/reset/done/", password_reset_done, name="account_reset_password_done"
    ),
]

urlpatterns = [
    path("accounts/", include(account_urls)),
    path("api/v1/", include("veriga.api.api")),
    path("", include("veriga.web.urls")),
]

handler400 = "veriga.web.views.errors.bad_request"
handler403 = "veriga.web.views.errors.forbidden"
handler404 = "veriga.web.views.errors.not_found"
handler429 = "veriga.web.views.errors.too_many"  # for allauth's rate limits
handler500 = "veriga.web.views.errors.server_error"
