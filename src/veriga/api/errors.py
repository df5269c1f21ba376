"""What goes wrong, as application/problem+json with stable codes."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from veriga.activities.rules.words import KindCode
from veriga.common.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    VerigaError,
)
from veriga.work.messages import message_of

from .answers import write_tag
from .schemas.marks import TAG

STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}

logger = logging.getLogger(__name__)
FAULTS_MAX = 100  # as many as somebody may want to read

# Columns that the interface calls otherwise.
NAMES = {
    "account_owner_id": "account_owner",
    "parent_id": "parent",
    "company_id": "company",
    "team_id": "team",
    "user_id": "user",
    **{f"result_{kind}": f"results.{kind}" for kind in KindCode},
}

# What pydantic says, as our codes; whatever is not here is of a wrong type.
CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "invalid_key": "unknown_field",
    "string_unicode": "control_characters",
    "literal_error": "unknown_choice",
    "too_long": "too_many",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "int_parsing_size": "out_of_range",
}
OWN_CODES = frozenset(
    {
        "control_characters",
        "limit_range",
        "naive_time",
        "not_a_date",
        "out_of_range",
    }
)


def problem(
    status: int, error: VerigaError, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return the answer to `error`; field errors are named as the interface does."""
    found = error.errors if isinstance(error, Invalid) else []
    data: dict[str, Any] = {
        "type": f"urn:veriga:error:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": message_of(error),
        "errors": [
            {"field": name_of(one), "code": one.code, "message": message_of(one)}
            for one in found
        ],
    }
    version = error.params.get("row_version")
    if isinstance(version, int):
        data["row_version"] = version
    # Escaped, because names of fields may hold what UTF-8 cannot say.
    response = HttpResponse(
        json.dumps(data), status=status, content_type="application/problem+json"
    )
    if isinstance(version, int):
        response["ETag"] = write_tag(version)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def name_of(error: FieldError) -> str:
    """Return the name by which the caller knows the field."""
    if error.code == "unknown_field":
        return error.field
    return NAMES.get(error.field, error.field)


def status_of(error: VerigaError) -> int:
    """Return the HTTP status of an expected error."""
    return next((s for kind, s in STATUS.items() if isinstance(error, kind)), 400)


def not_signed_in(request: HttpRequest) -> HttpResponse:
    """Return the answer to a call without a valid token."""
    challenge = 'Bearer realm="veriga"'
    if "Authorization" in request.headers:
        challenge += ', error="invalid_token"'
    return problem(
        401, NotAllowed("not_signed_in"), headers={"WWW-Authenticate": challenge}
    )


def method_not_allowed(allowed: str) -> HttpResponse:
    """Return the answer to a method that the address does not have."""
    methods = ", ".join(sorted(allowed.replace(" ", "").split(",")))
    return problem(405, NotAllowed("method_not_allowed"), headers={"Allow": methods})


def install_handlers(api: NinjaAPI) -> None:
    """Make `api` answer every expected error as a problem."""
    api.add_exception_handler(VerigaError, _expected)
    api.add_exception_handler(ValidationError, _wrong_input)
    api.add_exception_handler(HttpError, _not_json)
    api.add_exception_handler(AuthenticationError, _not_signed_in)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(Exception, _unexpected)


def _expected(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(status_of(error), error)


def _not_json(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, Invalid("not_json"))


def _not_signed_in(request: HttpRequest, error: Any) -> HttpResponse:
    return not_signed_in(request)


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, NotFound())


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the answer to what nobody foresaw; the whole story goes into the log."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, VerigaError("server_error"))


def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, Invalid("too_large"))


def _wrong_input(request: HttpRequest, error: Any) -> HttpResponse:
    if not request.body and any(one["loc"] == ("body", "body") for one in error.errors):
        return _not_json(request, error)
    faults = [field_error(one) for one in error.errors[:FAULTS_MAX]]
    first = faults[0]
    return problem(422, Invalid(first.code, errors=faults, **first.params))


def field_error(one: Mapping[str, Any]) -> FieldError:
    """Return what pydantic reports as the field error it is.

    Its place begins with the source and the name of our parameter; tags of unions stand
    in it too.
    """
    source, *rest = one["loc"]
    place = rest[1:] if source == "body" else rest[-1:]
    name = ".".join(str(part) for part in place if not str(part).startswith(TAG))
    said = one["type"]
    code = said if said in OWN_CODES else CODES.get(said, "wrong_type")
    params = {"limit": one["ctx"]["max_length"]} if code == "too_many" else {}
    return FieldError(name, code, params)
