"""Which address belongs to which room."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("veriga.api.api")),
    path("", include("veriga.web.urls")),
]

handler400 = "veriga.web.views.errors.bad_request"
handler403 = "veriga.web.views.errors.forbidden"
handler404 = "veriga.web.views.errors.not_found"
handler500 = "veriga.web.views.errors.server_error"
