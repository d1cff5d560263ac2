"""From what was typed to the children who may be meant: candidates, scores, and one of five outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.answers import FoundChild, Outcome, Reason
from graph.asking import Asking
from graph.blocks import numbers_of, tokens_of
from graph.map_rows import identities_of
from graph.matching import Band, Level, Person, Score, exact, person_of, rank, score
from graph.model import Identity

MOST_SHOWN = 10
MOST_IN_BLOCK = 1_000
_MOST_KEPT = 50
FULL = ""  # stands among the scores where a block held too many children to compare
_TOO_MANY = Score(0.0, ())
_FIELDS = {"former_name": "former_names"}


def search(asking: Asking, person: Person) -> dict[str, Score]:
    """The children who fit a person, each with its score, the most probable first.

    A shielded child is there only by its exact number, or by both names and birth date.
    """
    token = asking.keyring.token
    tokens = set().union(*tokens_of(person, token, searching=True).values())
    rows = asking.transaction.run(
        "find/candidates",
        nhs=numbers_of(person, token).get("nhs"),
        tokens=sorted(tokens),
        most=MOST_IN_BLOCK,
        clearance=asking.clearance,
    )
    scored = {row["child"]: _score(asking, person, row) for row in rows if row["child"]}
    kept = {child: found for child, found in scored.items() if found}
    best_first = sorted(kept, key=lambda child: (-kept[child][0].probability, child))[:_MOST_KEPT]
    heads = asking.transaction.run("find/same", children=best_first, clearance=asking.clearance)
    head_of = {row["child"]: row["head"] for row in heads}
    found: dict[str, Score] = {}
    for child in best_first:
        if head_of[child] not in found:
            found[head_of[child]], asking.closest[head_of[child]] = kept[child]
    return found | ({FULL: _TOO_MANY} if any(row["full"] for row in rows) else {})


def _score(asking: Asking, person: Person, row: Mapping[str, Any]) -> tuple[Score, Identity] | None:
    """The best score of one candidate, and by which source's word it is so.

    None where it does not fit, or may not be found like this.
    """
    known = [asking.keyring.open(sealed, row["child"]) for sealed in row["sealed"]]
    if not known:
        return None
    scores = [(score(person, person_of(one), asking.frequencies), one) for one in known]
    found = max(scores, key=lambda one: rank(one[0]))
    numbered = any(one.level("NHS number") is Level.SAME for one, _ in scores)
    if row["shielded"] and not numbered and not any(exact(one) for one, _ in scores):
        return None
    return found if found[0].band is not Band.LOW or numbered or _fits(found[0]) else None


def _fits(found: Score) -> bool:
    """True where nothing that was typed disagrees: too little to tell, but not another child."""
    return bool(found.terms) and all(term.level is not Level.DIFFERENT for term in found.terms)


def outcome_of(scores: Mapping[str, Score], visible: Sequence[str]) -> tuple[Outcome, list[str]]:
    """What a search came to, and whom to show, the most probable first; never more than MOST_SHOWN."""
    seen = [child for child in scores if child in set(visible)]
    matches = [child for child in seen if scores[child].band is Band.MATCH]
    likely = [child for child in seen if _likely(scores[child])]
    rivals = [child for child in likely if child not in matches and not scores[child].holds]
    if len(matches) == 1 and not rivals:
        return Outcome.ONE, matches
    if not likely and len(seen) == 1 and FULL not in scores:
        return Outcome.SEVERAL, seen  # too little to tell, but nobody else is there who fits
    if len(likely) > MOST_SHOWN or (not likely and (seen or FULL in scores)):
        return Outcome.TOO_MANY, []
    return (Outcome.SEVERAL, likely) if likely else (Outcome.NONE, [])


def _likely(found: Score) -> bool:
    return found.band is not Band.LOW or found.level("NHS number") is Level.SAME or exact(found)


def found_child(asking: Asking, row: Mapping[str, Any], typed: set[str] | None) -> FoundChild:
    """A child as the viewer may see it; typed: the fields to which a possible match is kept."""
    known = identities_of(row["sealed"], asking.keyring)
    child, found = row["child"], asking.scores[row["child"]]
    identity = known[0] if known else None
    if identity and typed is not None:
        identity = _only_typed(asking.closest[child], found, typed)
    return FoundChild(
        handle=asking.handle(child),
        restricted=row["shielded"],
        identity=identity,
        reasons=[] if row["shielded"] else _reasons(found),
    )


def _only_typed(identity: Identity, found: Score, typed: set[str]) -> Identity:
    """What was typed, as that source has it whose word fits best; no postcode.

    Who asks by a former name is not told the present one.
    """
    shown = {_FIELDS.get(name, name) for name in typed} - {"postcode"}
    shown |= {"expected_date"} if "birth_date" in typed else set()
    if found.level("family name") is Level.FORMER:
        shown -= {"family_name"}
    kept = {name: value for name, value in dict(identity).items() if name in shown}
    return Identity.model_construct(**kept)


def _reasons(found: Score) -> list[Reason]:
    return [Reason(field=term.field, agreement=term.level.value) for term in found.terms]
