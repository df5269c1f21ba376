"""The API: its operations, its door, and its description."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.parser import Parser

import veriga
from veriga.common.errors import NotFound

from .answers import JSON, write_json
from .auth import bearer_token, language_of
from .errors import (
    install_handlers,
    method_not_allowed,
    not_signed_in,
    problem,
    status_of,
)
from .routers import (
    activities,
    addresses,
    attachments,
    bulk,
    companies,
    contacts,
    entries,
    gatherings,
    insight,
    linking,
    marks,
    merging,
    party_bulk,
    products,
    rules,
)
from .schemas.types import Problem

PREFIX = "/api/v1/"
LONGEST_NUMBER = 40  # digits; a longer number is out of every range anyway

View = Callable[..., HttpResponse]


class StrictParser(Parser):
    """Reads JSON as RFC 8259 has it: UTF-8, and no NaN or Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(
            request.body.decode(),
            parse_constant=_no_constant,
            parse_int=_read_integer,
        )

    def parse_querydict(
        self, data: Any, list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return the parameters; an empty one counts as not given."""
        found = super().parse_querydict(data, list_fields, request)
        return {name: value for name, value in found.items() if value != ""}


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _read_integer(digits: str) -> int:
    # Python refuses to read thousands of digits; the number only has to stay too large.
    return int(digits[:LONGEST_NUMBER])


class VerigaAPI(NinjaAPI):
    """Operations are called in the description as their functions are."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


api = VerigaAPI(
    title="Veriga",
    version=veriga.__version__,
    description="A CRM in which every piece of work knows what set it off.",
    openapi_url=None,
    docs_url=None,
    auth=bearer_token,
    parser=StrictParser(),
    urls_namespace="api",
)
for _room in (
    *(companies, addresses, contacts, products, activities, entries),
    *(attachments, linking, marks, gatherings, merging, bulk, party_bulk, insight),
    rules,
):
    api.add_router("", _room.router)
install_handlers(api)


def door(view: View) -> View:
    """Return `view` behind the token, in the caller's language.

    The one place where pages' sign-in and CSRF are set aside: cookies count for nothing
    here, so there is nothing that another site could make a browser do.
    """

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def behind_door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = bearer_token(request)
        language = language_of(request, user)
        with translation.override(language):
            if user is None:
                response = not_signed_in(request)
            else:
                response = view(request, *args, **kwargs)
            if response.status_code == 405:
                response = method_not_allowed(response["Allow"])
        response["Content-Language"] = language
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        return response

    return behind_door


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Answer whatever no operation has."""
    error = NotFound()
    return problem(status_of(error), error)


def openapi(request: HttpRequest) -> HttpResponse:
    """Return the description of the API."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    return HttpResponse(_description_text(), content_type=JSON)


@cache
def _description_text() -> str:
    return write_json(description())


def description() -> dict[str, Any]:
    """Return the OpenAPI description, with what holds for every operation."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    components = found["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    components["schemas"] |= components["schemas"]["Problem"].pop("$defs", {})
    components["schemas"] = dict(sorted(components["schemas"].items()))
    for operations in found["paths"].values():
        for method, operation in operations.items():
            operation["responses"]["default"] = _PROBLEM
            operation["parameters"] += _HEADERS.get(method, [])
    return found


def _header(name: str, text: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "schema": {"type": "string"},
        "required": False,
        "description": text,
    }


_PROBLEM = {
    "description": "What went wrong, with a stable code.",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    },
}
_HEADERS = {
    "post": [
        _header(
            "Idempotency-Key",
            "Up to 200 characters; the same call with it is answered once for 30 days.",
        )
    ],
    "patch": [
        _header("If-Match", "The ETag that was read; another version is refused.")
    ],
}


def _patterns() -> list[URLPattern]:
    """Return the addresses of all operations, each behind the door."""
    found = [
        pattern
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    found.append(re_path(r"^openapi\.json$", openapi, name="openapi"))
    found.append(re_path(r"", unknown_address, name="unknown"))
    for pattern in found:
        pattern.callback = door(pattern.callback)
    return found


urlpatterns = _patterns()
