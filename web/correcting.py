"""What the pages of corrections get, and the form on a child's map that reports one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph import (
    AnswerCorrection,
    AskCorrection,
    Corrigible,
    Righted,
    ToCorrectList,
)
from web.asked import Asked


@dataclass(frozen=True)
class CorrectionsPage:
    """What waits to be put right; done: what was just noted."""

    list: ToCorrectList
    done: str = ""


@dataclass(frozen=True)
class CorrectionPage:
    """One correction; form: what was noted of it, where that has faults."""

    correction: Corrigible
    form: Asked[AnswerCorrection]
    choices: Sequence[Righted] = tuple(Righted)

    @property
    def faults(self) -> Mapping[str, str]:
        """What is wrong, field by field; nothing before the form was sent."""
        return {"said": "Choose what the source said."} if self.form.texts else {}


def reported(sent: Mapping[str, str], handle: str) -> Asked[AskCorrection]:
    """Read the form of a child's map."""
    form = Asked.read(AskCorrection, {**sent, "child": handle})
    if "mistake" not in form.faults:
        return form
    return replace(form, faults={**form.faults, "mistake": "Choose what is wrong."})
