"""What a service of a directory is, by the words of its name or else of its taxonomy terms, and whose."""

import re
from collections.abc import Iterable
from functools import lru_cache

from graph import Agency, ServiceKind, authority_of
from loaders.word_lists import WordList

# Sensitive kinds come first: a service that could be one of two is the one that is hidden.
_KINDS = WordList(
    (
        r"camhs|mental (health|wellbeing)|emotional (health|wellbeing)|counsell?ing|counsell?ors?|"
        r"psycholog\w*|psychiatr\w*|psychotherap\w*|eating disorders?|self[ -]harm|suicid\w*",
        ServiceKind.MENTAL_HEALTH,
    ),
    (
        r"sexual(ly)? (health|transmitted \w+|abuse|assault|violence|exploitation)|rape|hiv|"
        r"contracepti\w+|abortions?|gender identity",
        ServiceKind.SEXUAL_HEALTH,
    ),
    (
        r"substances?|drugs?|alcohol\w*|addict\w*|needle exchange|recovery service",
        ServiceKind.SUBSTANCE_MISUSE,
    ),
    (r"mash|safeguarding hub|front door", ServiceKind.FRONT_DOOR),
    (r"health visit\w*", ServiceKind.HEALTH_VISITING),
    (r"school nurs\w*", ServiceKind.SCHOOL_NURSING),
    (r"midwi\w+|maternity", ServiceKind.MIDWIFERY),
    (r"emergency department|accident and emergency|a&e", ServiceKind.EMERGENCY_DEPARTMENT),
    (r"youth (justice|offending)", ServiceKind.YOUTH_JUSTICE),
    (r"education welfare|school attendance", ServiceKind.EDUCATION_WELFARE),
    (r"leaving care|care leavers?", ServiceKind.LEAVING_CARE),
    (
        r"early help|family hubs?|children['’]?s cent(re|er)s?|sure start",
        ServiceKind.EARLY_HELP,
    ),
    (r"family support|parenting|home[ -]?start", ServiceKind.FAMILY_SUPPORT),
    (r"disabled children\w*|children with disabilities", ServiceKind.DISABILITY),
    (r"community (health|nurs\w+|paediatric\w*)", ServiceKind.COMMUNITY_HEALTH),
)
# No kind of their own, and as dangerous to show as those that are sensitive.
_HIDDEN = re.compile(
    r"\b(domestic (abuse|violence)|refuges?|forced marriage|fgm|honou?r[ -]based)\b", re.I
)
_COUNCIL = re.compile(
    r"\b(city|county|borough|district|unitary) council\b|\bchildren['’]?s services\b", re.I
)
_ORGANISATIONS = WordList(
    (r"nhs|hospitals?|integrated care board|medical (centre|practice)", Agency.HEALTH),
    (r"police|constabulary", Agency.POLICE),
    (
        r"(primary|secondary|infants?|junior|high|nursery|grammar|special) school|academy trust",
        Agency.EDUCATION,
    ),
)
_OF_A_COUNCIL = {
    ServiceKind.FRONT_DOOR: Agency.SOCIAL_CARE,
    ServiceKind.LEAVING_CARE: Agency.SOCIAL_CARE,
    ServiceKind.DISABILITY: Agency.SOCIAL_CARE,
    ServiceKind.YOUTH_JUSTICE: Agency.YOUTH_JUSTICE,
    ServiceKind.EDUCATION_WELFARE: Agency.EDUCATION,
}


def what(name: str, terms: Iterable[str]) -> tuple[ServiceKind, bool]:
    """Guess what a service does: by its name, and where this says nothing by its taxonomy terms.

    Return its kind, and True where it is sensitive beside that: for violence at home, or a refuge.
    """
    for text in (name, "; ".join(terms)):
        kind, sensitive = _kind(text), bool(_HIDDEN.search(text))
        if sensitive or kind is not ServiceKind.OTHER:
            return kind, sensitive
    return ServiceKind.OTHER, False


@lru_cache(maxsize=10_000)
def agency_of(organisation: str, kind: ServiceKind) -> Agency:
    """Whose a service is: voluntary, unless the organisation's name plainly says otherwise.

    A council's service is early help where its kind is not one of the law's.
    """
    if _COUNCIL.search(organisation) or authority_of(organisation):
        return _OF_A_COUNCIL.get(kind, Agency.EARLY_HELP)
    return _ORGANISATIONS.first(organisation, Agency.VOLUNTARY)


@lru_cache(maxsize=10_000)
def _kind(text: str) -> ServiceKind:
    return _KINDS.first(text, ServiceKind.OTHER)
