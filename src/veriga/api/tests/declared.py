"""The models that the description declares for each answer, to compare with it."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from veriga.api.api import api
from veriga.api.schemas.types import Problem

from .client import Answer


def _models() -> dict[tuple[str, int], Any]:
    found = {}
    for bound in api._get_bound_routers():
        for path_view in bound.path_operations.values():
            for operation in path_view.operations:
                for status, model in operation.response_models.items():
                    if model is not None:
                        annotation = model.model_fields["response"]
                        name = operation.view_func.__name__
                        found[name, status] = TypeAdapter(
                            annotation.annotation
                            if not annotation.metadata
                            else _with(annotation)
                        )
    return found


def _with(field: Any) -> Any:
    from typing import Annotated

    return Annotated[field.annotation, *field.metadata, field]


def assert_declared(operation: str, answer: Answer) -> None:
    """Fail unless the answer is what `operation` declares, with nothing more."""
    _MODELS[operation, answer.status].validate_json(answer.text)


def assert_problem(answer: Answer, status: int, code: str) -> None:
    """Fail unless the answer is this problem, in the one shape that all have."""
    assert (answer.status, answer.json["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = Problem.model_validate(answer.json)
    assert said.status == status
    assert said.type == f"urn:veriga:error:{code}"
    assert said.title
    assert said.detail


_MODELS = _models()
