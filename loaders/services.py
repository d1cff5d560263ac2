"""Services of which a source says a team's name, or not even that."""

from functools import lru_cache

from graph import Agency, Service, ServiceKind
from loaders.cells import slug
from loaders.word_lists import WordList

_KINDS = WordList(
    (r"camhs|mental health|emotional health", ServiceKind.MENTAL_HEALTH),
    (r"sexual health", ServiceKind.SEXUAL_HEALTH),
    (r"substance|drugs?|alcohol", ServiceKind.SUBSTANCE_MISUSE),
    (r"mash|safeguarding hub|front door|contact centre", ServiceKind.FRONT_DOOR),
    (r"disab\w*|cwd", ServiceKind.DISABILITY),
    (r"leaving care|care leavers?|through ?care|after ?care|16\+", ServiceKind.LEAVING_CARE),
    (r"looked[ -]after|in care|cic|lac|cla|permanence", ServiceKind.LOOKED_AFTER),
    (r"child protection|cp|safeguarding", ServiceKind.CHILD_PROTECTION),
    (r"assessment|duty|referral", ServiceKind.ASSESSMENT),
    (r"child(ren)? in need|cin", ServiceKind.CHILD_IN_NEED),
    (r"youth (justice|offending)|yot|yjs|yos", ServiceKind.YOUTH_JUSTICE),
    (r"early help|family hubs?|children'?s centre", ServiceKind.EARLY_HELP),
    (r"family support|families", ServiceKind.FAMILY_SUPPORT),
    (r"school|academy|college|nursery", ServiceKind.SCHOOL),
    (r"health visit\w*", ServiceKind.HEALTH_VISITING),
)


@lru_cache(maxsize=10_000)
def service(name: str | None, agency: Agency, authority: str = "") -> Service:
    """Make the service of a team.

    name: of the team; None where the source does not say which, so that the work is not lost.
    authority: its number, where a source tells of several authorities' teams of one name.
    Return it, its kind guessed from the words of its name; sensitive where its kind is.
    """
    if name is None:
        name = "Early help" if agency is Agency.EARLY_HELP else "Children's social care"
    own = f"{slug(name)}-{authority}" if authority else slug(name)
    return Service(id=own, name=name, kind=_KINDS.first(name, ServiceKind.OTHER), agency=agency)
