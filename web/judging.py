"""What a steward asks and says of possible duplicates, from a page or from the API."""

from collections.abc import Mapping

from pydantic import ValidationError

from graph import BadQuestion, Graph, Judgement, Model, PossibleDuplicates, Verdict, Viewer

STATES = {
    Verdict.OPEN: "To judge",
    Verdict.SAME: "One child",
    Verdict.DIFFERENT: "Two children",
    Verdict.UNSURE: "Not sure",
}
# What each judgement does, said before and after it.
DOES = {
    Verdict.SAME: "The two are shown as one child, and what is known of either is shown together.",
    Verdict.DIFFERENT: "They stand as two children, and Signpost does not ask about them again.",
    Verdict.UNSURE: "They stand as two children, and the pair in a list of its own.",
    Verdict.OPEN: "As if nobody had judged: what Signpost is sure of it joins again, else the pair waits.",
}
CHOICES = {
    Verdict.SAME: "Yes, one child",
    Verdict.DIFFERENT: "No, two children",
    Verdict.UNSURE: "I cannot tell",
    Verdict.OPEN: "Take it back",
}
CHOOSE = "Choose what you judge."


class PairsQuery(Model):
    """Which list of pairs, and which page of it."""

    judgement: Verdict = Verdict.OPEN
    page: int = 1

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "PairsQuery":
        """Read an address; what cannot be read counts as not asked."""
        try:
            return cls.model_validate({n: sent[n] for n in cls.model_fields if sent.get(n)})
        except ValidationError:
            return cls()

    def question(self) -> PossibleDuplicates:
        """The question."""
        return PossibleDuplicates(judgement=self.judgement, page=self.page)


class VerdictBody(Model):
    """What is judged: same, different, unsure; open takes it back."""

    verdict: Verdict

    def on(self, handle: str) -> Judgement:
        """The judgement of the pair of this handle."""
        return Judgement(pair=handle, verdict=self.verdict)


def judge(graph: Graph, viewer: Viewer, handle: str, said: str) -> str:
    """Judge what a form says; return what is wrong with it, empty where it is written."""
    if said not in set(Verdict):
        return CHOOSE
    try:
        graph.judge(viewer, VerdictBody(verdict=Verdict(said)).on(handle))
    except BadQuestion as error:
        return str(error)
    return ""
