"""The models that the description declares for each answer, to compare with it."""

from __future__ import annotations

from typing import Any, get_type_hints

from pydantic import TypeAdapter

from veriga.api.api import api
from veriga.api.schemas.types import Problem

from .client import Answer


def _models() -> dict[tuple[str, int], TypeAdapter[Any]]:
    found = {}
    for router in api._get_bound_routers():
        for path_view in router.path_operations.values():
            for operation in path_view.operations:
                for status, model in operation.response_models.items():
                    if model is not None:
                        declared = get_type_hints(model, include_extras=True)
                        name = operation.view_func.__name__
                        found[name, status] = TypeAdapter(declared["response"])
    return found


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
