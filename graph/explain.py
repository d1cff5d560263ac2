"""From pydantic's complaints to sentences that hold no input."""

from typing import Any

from pydantic import ValidationError

from graph.model import Model


def explain(error: ValidationError, kind: type[Model]) -> list[tuple[str, str]]:
    """Turn pydantic's complaint into (field, sentence) pairs that hold no input.

    error: what the validation of `kind` raised. The field is the last name of the path, as
    birth_date; empty for a fault of the whole row.
    """
    found = []
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        path = [str(step) for step in fault["loc"]]
        found.append((path[-1] if path else "", _sentence(fault["type"], fault["msg"], kind, path)))
    return found


def _sentence(kind_of_fault: str, message: str, kind: type[Model], path: list[str]) -> str:
    if kind_of_fault == "value_error":
        return message.removeprefix("Value error, ")
    if kind_of_fault == "extra_forbidden":
        return "is not a column of this table"
    if kind_of_fault == "missing":
        return "is missing"
    if kind_of_fault.startswith("date"):
        return "is not a date, as 2026-03-04"
    described = _described(kind, path)
    if described:
        return f"is not {described}"
    return message.replace("Input should be", "must be")


def _described(kind: Any, path: list[str]) -> str | None:
    """The description of the field at `path`, followed through nested models and unions."""
    for step in path:
        fields = getattr(kind, "model_fields", None)
        if not fields or step not in fields:
            return None
        field = fields[step]
        inner = [a for a in _arms(field.annotation) if hasattr(a, "model_fields")]
        kind = inner[0] if inner else field
    return getattr(kind, "description", None) or _in_metadata(getattr(kind, "annotation", None))


def _arms(annotation: Any) -> list[Any]:
    return list(getattr(annotation, "__args__", ())) or [annotation]


def _in_metadata(annotation: Any) -> str | None:
    for arm in _arms(annotation):
        for extra in getattr(arm, "__metadata__", ()):
            if getattr(extra, "description", None):
                return extra.description
    return None
