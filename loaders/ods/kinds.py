"""What an NHS organisation is to a child, by its roles, its prescribing setting and its name.

Roles: directory.spineservices.nhs.uk/ORD/2-0-0/roles. Settings: column 26 of epraccur (NHS England,
"GP practices and prescribing cost centres").
"""

from collections.abc import Collection

from graph import ServiceKind
from loaders.word_lists import WordList

# Authorities, their departments and sites; combined authorities.
LOCAL_AUTHORITIES = {"RO119", "RO122", "RO123", "RO141", "RO222", "RO273"}
# Schools and what else teaches, police, custody suites, courts: other registers and sources hold them.
OTHER_AGENCIES = {"RO117", "RO221", "RO233", "RO234", "RO235"}

_KIND_OF_ROLE = {
    "RO236": ServiceKind.SEXUAL_HEALTH,  # sexual assault referral centre
    "RO258": ServiceKind.SEXUAL_HEALTH,  # the same, as a cost centre
    "RO275": ServiceKind.MENTAL_HEALTH,  # children's mental health in hospital
    "RO276": ServiceKind.MENTAL_HEALTH,
    "RO277": ServiceKind.MENTAL_HEALTH,
    "RO259": ServiceKind.EMERGENCY_DEPARTMENT,  # urgent and emergency care
    "RO76": ServiceKind.COMMUNITY_HEALTH,  # GP practice
    "RO80": ServiceKind.COMMUNITY_HEALTH,  # out of hours
    "RO87": ServiceKind.COMMUNITY_HEALTH,  # walk-in centre
    "RO96": ServiceKind.COMMUNITY_HEALTH,  # branch surgery
    "RO227": ServiceKind.COMMUNITY_HEALTH,
    "RO247": ServiceKind.COMMUNITY_HEALTH,
    "RO266": ServiceKind.COMMUNITY_HEALTH,
    "RO267": ServiceKind.COMMUNITY_HEALTH,
    "RO272": ServiceKind.COMMUNITY_HEALTH,  # primary care network
    "RO315": ServiceKind.COMMUNITY_HEALTH,
}
_ROLE_OF_SETTING = {
    "1": "RO87",
    "2": "RO80",
    "3": "RO87",
    "4": "RO76",
    "8": "RO255",
    "9": "RO247",
    "12": "RO259",
    "22": "RO258",
}
# What authorities commission for public health is mostly sexual health, and drugs and alcohol.
_MAY_HIDE = {"RO255"}
_HIDDEN = {ServiceKind.MENTAL_HEALTH, ServiceKind.SEXUAL_HEALTH, ServiceKind.SUBSTANCE_MISUSE}
_NAMES = WordList(
    (
        r"sexual health|sexual assault|genito.?urinary|gum|contracepti\w*|family planning|hiv|"
        r"pregnancy advisory|bpas|marie stopes|msi",
        ServiceKind.SEXUAL_HEALTH,
    ),
    (
        r"mental health|camhs|cypmhs|psychiatr\w*|emotional (health|wellbeing)|eating disorders?",
        ServiceKind.MENTAL_HEALTH,
    ),
    (r"substance|drugs?|alcohol|addictions?|needle exchange", ServiceKind.SUBSTANCE_MISUSE),
    (r"health visit\w*", ServiceKind.HEALTH_VISITING),
    (r"school nurs\w*|school health", ServiceKind.SCHOOL_NURSING),
    (r"midwi\w*|maternity", ServiceKind.MIDWIFERY),
    (
        r"accident (and|&) emergency|a ?& ?e|emergency department",
        ServiceKind.EMERGENCY_DEPARTMENT,
    ),
)


def roles_of(setting: str) -> tuple[str, ...]:
    """The role that a prescribing setting stands for, as 4 for a GP practice; none for the others."""
    role = _ROLE_OF_SETTING.get(setting)
    return (role,) if role else ()


def kind_of(roles: Collection[str], name: str) -> tuple[ServiceKind, bool]:
    """Tell what an organisation does; its name may tell more than its role, since a trust has one
    role for all that it does.

    Return its kind, a sensitive one before others, and whether it is sensitive for another reason.
    """
    found = _NAMES.all(name) + [kind for role, kind in _KIND_OF_ROLE.items() if role in roles]
    found.sort(key=lambda kind: kind not in _HIDDEN)
    return next(iter(found), ServiceKind.OTHER), not _MAY_HIDE.isdisjoint(roles)
