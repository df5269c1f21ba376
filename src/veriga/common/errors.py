"""The errors that services and queries raise.

Each has a stable `code` that programs can test, `params` for the sentence that an
adapter (`web`, `api`) shows, and a meaning free of HTTP. No Django here: rules raise
these too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field; `field` is the name the caller used."""

    field: str
    code: str
    params: Mapping[str, object] = attribute(default_factory=dict)


class VerigaError(Exception):
    """Base of all expected errors: something the user can understand and mend."""

    code = "error"

    def __init__(self, code: str | None = None, **params: object) -> None:
        self.code = code or self.code
        self.params = params
        super().__init__(self.code)


class NotFound(VerigaError):
    """There is no such thing, or the actor may not see it: the same answer."""

    code = "not_found"


class NotAllowed(VerigaError):
    """The actor may see the thing and may not do this to it."""

    code = "not_allowed"


class Conflict(VerigaError):
    """The thing has changed, or is in a state in which this cannot be done."""

    code = "conflict"


class Invalid(VerigaError):
    """The input is wrong. `errors` names each field; empty if no field is to blame."""

    code = "invalid"

    def __init__(
        self,
        code: str | None = None,
        *,
        errors: list[FieldError] | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, **params)
        self.errors = errors or []

    @classmethod
    def of(cls, field_name: str, code: str, **params: object) -> Invalid:
        """Return the error of a single field, under the code of that field's fault."""
        return cls(code, errors=[FieldError(field_name, code, params)], **params)


class Problems:
    """Collects field errors so that a form shows all of them at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def add(self, field_name: str, code: str, **params: object) -> None:
        self.errors.append(FieldError(field_name, code, params))

    def raise_if_any(self) -> None:
        """Raise Invalid with everything collected; its code is the first error's."""
        if self.errors:
            first = self.errors[0]
            raise Invalid(first.code, errors=self.errors, **first.params)
