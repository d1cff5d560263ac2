"""Who a child is, put together of what sources say; and numbers of children."""

import re
from typing import Any

from pydantic import ValidationError

from graph import Identity, Sex, explain, is_placeholder
from loaders.cells import code

_NO_UPN = re.compile(r"UN ?\d{1,2}")


def of_identity(field: str, value: Any) -> Any:
    """Hold a value to a field of an identity.

    Return it as it is kept. Raise ValueError with a sentence that holds nothing of it.
    """
    try:
        return getattr(Identity.model_validate({field: value}), field)
    except ValidationError as error:
        raise ValueError(explain(error, Identity)[0][1]) from None


def upn(value: Any) -> str | None:
    """Read a pupil number; UN1 and its like say why there is none.

    Return it, or None. Raise ValueError as `of_identity` does.
    """
    text = code(value)
    return None if text is None or _NO_UPN.fullmatch(text) else of_identity("upn", text)


def child_name(cell: str) -> str:
    """Read a child's name; of what is written where it is not known, as TWIN 1, only the words."""
    return re.sub(r"[^A-Za-z ]+", " ", cell).strip() if is_placeholder(cell) else cell


def filled(was: Identity, now: Identity) -> Identity:
    """What the first says, and of the second what the first left open."""
    named = {name: getattr(was, name) or getattr(now, name) for name in Identity.model_fields}
    named["sex"] = now.sex if was.sex is Sex.UNKNOWN else was.sex
    return was.model_copy(update=named)
