"""The vocabulary of the SocialCareData standards in our words, both ways.

Codes are those of the Safeguarding Standard (SocialCareData/standard, 2026; OGL v3), in its flat form
(cin-plan) and its later one (plan.cin-plan); participation is HL7 v3 ParticipationType. What the
standard has no word for stands under names of our own, which begin with OWN.
"""

import re
from collections.abc import Mapping

from graph import Agency, InvolvementKind, Part, ServiceKind

CONTEXT = "https://github.com/SocialCareData/ontology/releases/latest/download/context.jsonld"
OWN = "signpost:"
URN = "urn:signpost:"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
RECORD = f"{URN}record"

# The plainest word for what is going on comes first, where an episode has several.
KINDS: Mapping[str, InvolvementKind] = {
    "cpplan": InvolvementKind.CHILD_PROTECTION,
    "section47": InvolvementKind.ENQUIRY,
    "childlookedafter": InvolvementKind.LOOKED_AFTER,
    "cinplan": InvolvementKind.CHILD_IN_NEED,
    "careleaver": InvolvementKind.CARE_LEAVER,
    "earlyhelp": InvolvementKind.EARLY_HELP,
    "otherassessment": InvolvementKind.ASSESSMENT,
    "assessment": InvolvementKind.ASSESSMENT,
}
# Single contacts and paperwork are events.
EVENTS = {"facetofacecontact", "remotecontact", "admin"}
EPISODES: Mapping[InvolvementKind | None, str] = {
    None: "provision.miscellaneous",
    InvolvementKind.EARLY_HELP: "assessment.early-help",
    InvolvementKind.REFERRAL: "assessment",
    InvolvementKind.ASSESSMENT: "assessment.other-assessment",
    InvolvementKind.ENQUIRY: "assessment.section-47",
    InvolvementKind.CHILD_IN_NEED: "plan.cin-plan",
    InvolvementKind.CHILD_PROTECTION: "plan.cp-plan",
    InvolvementKind.UNBORN_PROTECTION: "plan.cp-plan",
    InvolvementKind.LOOKED_AFTER: "plan.child-looked-after",
    InvolvementKind.CARE_LEAVER: "plan.other-plan",
}
_SCHOOLS = ("primaryschool", "highschool", "senprimaryschool", "senhighschool")
SERVICES: Mapping[str, tuple[ServiceKind, Agency]] = {
    **dict.fromkeys(_SCHOOLS, (ServiceKind.SCHOOL, Agency.EDUCATION)),
    "alternativeprovisionschool": (ServiceKind.SCHOOL, Agency.EDUCATION),
    "learningeducationemployment": (ServiceKind.OTHER, Agency.EDUCATION),
    "youthoffending": (ServiceKind.YOUTH_JUSTICE, Agency.YOUTH_JUSTICE),
    "camhs": (ServiceKind.MENTAL_HEALTH, Agency.HEALTH),
}
ORGANISATIONS: Mapping[str, Agency] = {"nhstrust": Agency.HEALTH, "policeforce": Agency.POLICE}
AUTHORITY = "localauthority"
SERVICE_OF_KIND = {ServiceKind.MENTAL_HEALTH: "CAMHS", ServiceKind.YOUTH_JUSTICE: "youth-offending"}
SERVICE_OF_AGENCY = {
    Agency.SOCIAL_CARE: "social-care",
    Agency.EDUCATION: "learning-education-employment",
}
OTHER_SERVICE = "other-professional-support"
OF_AN_AUTHORITY = (Agency.SOCIAL_CARE, Agency.EARLY_HELP, Agency.YOUTH_JUSTICE)

SUBJECTS = {"SBJ", "RCT", ""}
PARTS: Mapping[str, Part] = {
    "PPRF": Part.ALLOCATED_WORKER,
    "PRF": Part.ALLOCATED_WORKER,
    "RESP": Part.ALLOCATED_WORKER,
    "SPRF": Part.CO_WORKER,
}
PERFORMERS = {Part.CO_WORKER: "SPRF"}


def code(text: str) -> str:
    """The code that a text stands for: plan.cin-plan, cin-plan, epc:CinPlan and its IRI are cinplan."""
    return re.split(r"[.#/:]", text)[-1].replace("-", "").casefold()
