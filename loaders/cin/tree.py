"""The elements of the Children in Need census: those that are read, and those that never are.

Names and codes are those of the DfE's schemas for the census, CIN_schema_2017.xsd to CIN_schema_2026.xsd.
"""

from dataclasses import dataclass

from graph import InvolvementKind, PointerKind

KEPT = {
    "Header": ("CollectionDetails", "Source"),
    "CollectionDetails": ("Collection", "Year", "ReferenceDate"),
    "Source": ("LEA",),
    "Child": ("ChildIdentifiers", "CINdetails"),
    "ChildIdentifiers": (
        "LAchildID",
        "UPN",
        "FormerUPN",
        "PersonBirthDate",
        "ExpectedPersonBirthDate",
        "GenderCurrent",
        "Sex",
    ),
    "CINdetails": (
        "CINreferralDate",
        "ReferralSource",
        "CINclosureDate",
        "ReasonForClosure",
        "ReferralNFA",
        "Assessments",
        "Section47",
        "ChildProtectionPlans",
    ),
    "Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "Section47": ("S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired"),
    "ChildProtectionPlans": ("CPPstartDate", "CPPendDate"),
}
# Content of a case, and what says nothing that is needed. DateOfInitialCPC is read in Section47 alone.
NEVER = {
    "SourceLevel", "SoftwareCode", "Release", "SerialNo", "DateTime", "UPNunknown", "PersonDeathDate",
    "ChildCharacteristics", "PrimaryNeedCode", "DateOfInitialCPC", "InitialCPCtarget",
    "AssessmentInternalReviewDate", "FactorsIdentifiedAtAssessment", "CINPlanDates",
    "InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP", "Reviews",
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """An element that becomes an involvement: its kind, its dates, and how its records are named."""

    element: str
    mark: str
    kind: InvolvementKind
    start: str
    end: str


CASE = Shape(
    "CINdetails", "CIN", InvolvementKind.CHILD_IN_NEED, "CINreferralDate", "CINclosureDate"
)
ASSESSMENT = Shape(
    "Assessments",
    "ASM",
    InvolvementKind.ASSESSMENT,
    "AssessmentActualStartDate",
    "AssessmentAuthorisationDate",
)
ENQUIRY = Shape(
    "Section47", "S47", InvolvementKind.ENQUIRY, "S47ActualStartDate", "DateOfInitialCPC"
)
PLAN = Shape(
    "ChildProtectionPlans", "CPP", InvolvementKind.CHILD_PROTECTION, "CPPstartDate", "CPPendDate"
)
# Codes that point to another authority, of the elements whose other codes are content of the case.
POINTS = {
    "ReferralSource": {"5C": PointerKind.REFERRED_BY},
    "ReasonForClosure": {"RC5": PointerKind.TRANSFERRED_TO},
}
