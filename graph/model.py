"""What Signpost holds: frozen models, unknown fields refused, no free text.

Names follow Working Together to Safeguard Children (2023) and the SocialCareData vocabulary.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.fields import (
    AuthorityNumber,
    BirthDate,
    Day,
    Hours,
    Label,
    NhsNumber,
    PersonName,
    Postcode,
    RecordId,
    RegisterCode,
    Signature,
    SourceId,
    Telephone,
    Upn,
    WorkEmail,
)
from graph.keeping import KEEP_YEARS, MOST_KEEP_YEARS

_put = object.__setattr__  # a Model is frozen


class Model(BaseModel):
    """A frozen value; a field that is not declared is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True
    )

    @classmethod
    def checked(cls, **values: Any) -> Self:
        """One of values that were checked before they entered the graph; nothing is checked again.

        values: all fields, in their order. It does what model_construct does, without looking for aliases
        and defaults, which took a tenth of what an answer computes.
        """
        made = cls.__new__(cls)
        _put(made, "__dict__", values)
        _put(made, "__pydantic_fields_set__", set(values))
        _put(made, "__pydantic_extra__", None)
        _put(made, "__pydantic_private__", None)
        return made


class Agency(StrEnum):
    """The seven agencies between which a boundary may lie."""

    SOCIAL_CARE = "social care"
    HEALTH = "health"
    POLICE = "police"
    EDUCATION = "education"
    YOUTH_JUSTICE = "youth justice"
    EARLY_HELP = "early help"
    VOLUNTARY = "voluntary"


class ServiceKind(StrEnum):
    """What a service does, from a fixed list so that no name can say more."""

    FRONT_DOOR = "front door"
    ASSESSMENT = "assessment team"
    CHILD_IN_NEED = "child in need team"
    CHILD_PROTECTION = "child protection team"
    LOOKED_AFTER = "looked-after children team"
    LEAVING_CARE = "leaving care team"
    DISABILITY = "disabled children team"
    EMERGENCY_DEPARTMENT = "emergency department"
    HEALTH_VISITING = "health visiting"
    SCHOOL_NURSING = "school nursing"
    MIDWIFERY = "midwifery"
    COMMUNITY_HEALTH = "community health"
    MENTAL_HEALTH = "mental health"
    SEXUAL_HEALTH = "sexual health"
    SUBSTANCE_MISUSE = "substance misuse"
    POLICE_PROTECTION = "police child protection unit"
    SCHOOL = "school"
    EDUCATION_WELFARE = "education welfare"
    YOUTH_JUSTICE = "youth justice team"
    EARLY_HELP = "early help hub"
    FAMILY_SUPPORT = "family support"
    OTHER = "other"


class Profession(StrEnum):
    """What a practitioner is."""

    SOCIAL_WORKER = "social worker"
    HEALTH_VISITOR = "health visitor"
    SCHOOL_NURSE = "school nurse"
    MIDWIFE = "midwife"
    NURSE = "nurse"
    DOCTOR = "doctor"
    PSYCHOLOGIST = "psychologist"
    POLICE_OFFICER = "police officer"
    TEACHER = "teacher"
    EDUCATION_WELFARE_OFFICER = "education welfare officer"
    YOUTH_JUSTICE_WORKER = "youth justice worker"
    FAMILY_WORKER = "family worker"
    PERSONAL_ADVISER = "personal adviser"
    OTHER = "other"


class Part(StrEnum):
    """What a practitioner is to a child in one allocation."""

    LEAD_PROFESSIONAL = "lead professional"
    ALLOCATED_WORKER = "allocated worker"
    CO_WORKER = "co-worker"
    PERSONAL_ADVISER = "personal adviser"


class InvolvementKind(StrEnum):
    """What an involvement is in law or in practice, where the source says so; never why.

    Children Act 1989, sections 17, 20, 31 and 47; Working Together to Safeguard Children (2023).
    """

    EARLY_HELP = "early help"
    REFERRAL = "referral"
    ASSESSMENT = "assessment"
    ENQUIRY = "section 47 enquiry"
    CHILD_IN_NEED = "child in need"
    CHILD_PROTECTION = "child protection plan"
    UNBORN_PROTECTION = "child protection plan, unborn"
    LOOKED_AFTER = "looked after"
    CARE_LEAVER = "care leaver"


class PointerKind(StrEnum):
    """How a source points to another authority, which it may or may not name."""

    REFERRED_BY = "referred by another authority"
    TRANSFERRED_TO = "transferred to another authority"
    CARE_TAKEN_OVER = "care taken over by another authority"
    PLACED_WITH = "placed with a carer of another authority"
    PLAN_OF = "a plan of another authority"
    EARLIER_CARE = "cared for earlier by another authority"


class ChangeReason(StrEnum):
    """Why the worker changed, by the codes of SW_REASON in the SSDA903 return (DfE, 2024).

    It stands where the source has it: with the worker who came, not with the one who left.
    """

    MANAGE = "MANAGE"
    FCONTA = "FCONTA"
    LEFTRL = "LEFTRL"
    ORGRST = "ORGRST"
    TSPROC = "TSPROC"
    ABSENC = "ABSENC"
    CHCHAN = "CHCHAN"
    PCCHAN = "PCCHAN"
    SWDIED = "SWDIED"
    OTHERS = "OTHERS"


class LawfulBasis(StrEnum):
    """On what a source may share (UK GDPR, Articles 6(1) and 9(2)); consent can be withdrawn."""

    PUBLIC_TASK = "public task"
    LEGAL_OBLIGATION = "legal obligation"
    VITAL_INTERESTS = "vital interests"
    CONSENT = "consent"


class Sex(StrEnum):
    """As the census codes it from 2025: M, F, U."""

    MALE = "M"
    FEMALE = "F"
    UNKNOWN = "U"


class Period(Model):
    """From one day to another, both included.

    from_: first day; None where the source does not know it.
    to: last day; None while open as of the extract, not for ever.
    to_exact: False where the source stopped sending the row, so that `to` is the latest it can be.
    """

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    to_exact: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("to is before from")
        return self

    @property
    def open(self) -> bool:
        """True while there is no end."""
        return self.to is None

    def holds(self, day: date) -> bool:
        """True where `day` is inside; an unknown start reaches back without limit."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)

    def overlaps(self, other: "Period") -> bool:
        """True where the two share at least one day."""
        return (self.from_ or date.min) <= (other.to or date.max) and (other.from_ or date.min) <= (
            self.to or date.max
        )

    def gap_days(self, later: "Period") -> int | None:
        """Days without either, from the end of this to the start of `later`.

        Return 0 where they touch or overlap; None where this is open or `later` has no known start.
        """
        if self.to is None or later.from_ is None:
            return None
        return max(0, (later.from_ - self.to).days - 1)


class Identity(Model):
    """Enough to know the child, and no more; it stands in the graph only sealed.

    former_names: family names that the child had; expected_date: of birth, while unborn;
    former_upns: pupil numbers that the child had.
    """

    nhs_number: NhsNumber | None = None
    upn: Upn | None = None
    family_name: PersonName | None = None
    given_name: PersonName | None = None
    birth_date: BirthDate | None = None
    sex: Sex = Sex.UNKNOWN
    postcode: Postcode | None = None
    former_names: tuple[PersonName, ...] = ()
    expected_date: BirthDate | None = None
    former_upns: tuple[Upn, ...] = ()

    @classmethod
    def kept(cls, said: dict[str, Any]) -> "Identity":
        """One that was checked before it was sealed, which need not be done for all who stand near.

        said: as model_dump(mode="json") gave it.
        """
        for name in ("birth_date", "expected_date"):
            if said.get(name):
                said[name] = date.fromisoformat(said[name])
        for name in ("former_names", "former_upns"):
            said[name] = tuple(said.get(name, ()))
        said["sex"] = Sex(said.get("sex", Sex.UNKNOWN))
        return cls.checked(**{name: said.get(name, blank) for name, blank in _NOBODY.items()})

    def as_of(self, day: date) -> "Identity":
        """The same; a birth that is still to come on `day` is an expected one."""
        if self.birth_date is None or self.birth_date <= day:
            return self
        return self.model_copy(update={"birth_date": None, "expected_date": self.birth_date})

    def __repr__(self) -> str:
        return "Identity(...)"

    __str__ = __repr__


_NOBODY = dict(Identity())


class Authority(Model):
    """A local authority by its DfE number, which survives boundary changes."""

    number: AuthorityNumber
    name: Label
    region: Label | None = None


SENSITIVE = {ServiceKind.MENTAL_HEALTH, ServiceKind.SEXUAL_HEALTH, ServiceKind.SUBSTANCE_MISUSE}


class Service(Model):
    """A team or establishment that works with children.

    hours: as "Mo-Fr 09:00-17:00; Sa 10:00-12:00" or "24/7", Europe/London.
    sensitive: shown as "a sensitive service" and reached through the broker unless there is consent;
    always so for the kinds in SENSITIVE.
    code: its number in a public register, as urn:107130 or ods:RR8; confirmed_by: who last checked
    the telephones, on confirmed_on.
    """

    id: str
    name: Label
    kind: ServiceKind = ServiceKind.OTHER
    agency: Agency
    sensitive: bool = False
    duty_line: Telephone | None = None
    out_of_hours_line: Telephone | None = None
    hours: Hours | None = None
    confirmed_on: Day | None = None
    confirmed_by: Signature | None = None
    code: RegisterCode | None = None

    @model_validator(mode="before")
    @classmethod
    def _sensitive_by_kind(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("kind") in SENSITIVE:
            return {**data, "sensitive": True}
        return data


class Practitioner(Model):
    """A person at work; nothing of their private life."""

    id: str
    name: PersonName
    profession: Profession = Profession.OTHER
    registration: RecordId | None = None
    work_phone: Telephone | None = None
    work_email: WorkEmail | None = None
    confirmed_on: Day | None = None


class Source(Model):
    """Who sends: one agency's feed for one authority, or a national register.

    authority: None for a register of services that is not one authority's own.
    every_days: how often an extract should come; silent when twice that has passed.
    basis: on what it shares; keep_years: how long what has ended stays.
    """

    id: SourceId
    name: Label
    authority: AuthorityNumber | None = None
    agency: Agency
    basis: LawfulBasis
    keep_years: Annotated[int, Field(ge=0, le=MOST_KEEP_YEARS)] = KEEP_YEARS
    every_days: Annotated[int, Field(ge=1, le=366)] = 7
