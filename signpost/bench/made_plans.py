"""Made-up plans of CP-IS in FHIR, and service episodes of SocialCareData in JSON."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from signpost.bench.crowds import CONTENT, Crowd, Person

_NHS = "https://fhir.nhs.uk/Id/nhs-number"
_SNOMED = "http://snomed.info/sct"
_PLANS = ("342191000000101", "818901000000100", "764841000000100")
_DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"
_TEAMS = ("SFD1 - SHEFFIELD CITY COUNCIL", "E08000035", "Bradford", "Hull")
_FILE = 5_000  # Bundles
_XML = """<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>
<entry><fullUrl value="urn:uuid:c{n}"/><resource><CarePlan>
<status value="active"/>
<category><coding><code value="{code}"/><display value="{content}"/></coding></category>
<subject><reference value="urn:uuid:p{n}"/></subject>
<period><start value="{since}"/></period>
<careTeam><reference value="urn:uuid:t{n}"/></careTeam>
</CarePlan></resource></entry>
<entry><fullUrl value="urn:uuid:t{n}"/><resource><CareTeam>
<name value="{team}"/>
<telecom><value value="0114 496 0101"/><use value="work"/></telecom>
</CareTeam></resource></entry>
<entry><fullUrl value="urn:uuid:p{n}"/><resource><Patient>
<identifier><system value="{nhs}"/><value value="{number}"/></identifier>
<name><family value="{family}"/><given value="{given}"/></name>
<birthDate value="{born}"/>
<address><line value="{content}"/></address>
</Patient></resource></entry>
</Bundle>
"""
_CONTEXT = "https://github.com/SocialCareData/ontology/releases/latest/download/context.jsonld"


def write_cpis(folder: Path, crowd: Crowd) -> Path:
    """Write Bundles of CP-IS, one for every child whose NHS number is known, in a few files."""
    folder.mkdir(parents=True, exist_ok=True)
    known = (one for one in crowd if one.nhs)
    number = 0
    while some := list(islice(known, _FILE)):
        path = folder / f"plans {number:03}.json"
        text = "\n".join(json.dumps(_bundle(one), indent=1) for one in some)
        path.write_text(text, encoding="utf-8")
        number += 1
    return folder


def write_cpis_xml(folder: Path, crowd: Crowd) -> Path:
    """Write the same in XML, a file for each child."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in crowd:
        if one.nhs:
            n = one.number
            said = {"n": n, "code": _PLANS[n % 3], "content": CONTENT, "since": one.since}
            said |= {"nhs": _NHS, "number": one.nhs, "family": one.family, "given": one.given}
            text = _XML.format(**said, born=one.born, team=_TEAMS[n % 4])
            (folder / f"plan {n:05}.xml").write_text(text, encoding="utf-8")
    return folder


def _bundle(one: Person) -> dict[str, Any]:
    parts = {
        "Flag": _flag(),
        "CarePlan": _plan(one),
        "CareTeam": _team(one),
        "Patient": _patient(one),
    }
    entries = [
        {"fullUrl": f"{kind}/{said['id']}", "resource": {"resourceType": kind, **said}}
        for kind, said in parts.items()
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _flag() -> dict[str, Any]:
    return {
        "id": "F1",
        "status": "active",
        "code": _coded("child-protection-information-system-flag"),
        "subject": {"reference": "Patient/P1", "display": CONTENT},
        "extension": [{"url": _DETAIL, "valueReference": {"reference": "CarePlan/C1"}}],
    }


def _plan(one: Person) -> dict[str, Any]:
    return {
        "id": "C1",
        "status": "active",
        "intent": "plan",
        "category": [_coded(_PLANS[one.number % 3])],
        "subject": {"reference": "Patient/P1"},
        "period": {"start": f"{one.since}T09:00:00Z"},
        "careTeam": [{"reference": "CareTeam/T1"}],
        "note": [{"text": CONTENT}],
    }


def _team(one: Person) -> dict[str, Any]:
    lines = [{"system": "phone", "value": "0114 496 0101", "use": "work"}]
    lines.append({"system": "phone", "value": "0114 496 0102", "use": "mobile"})
    return {"id": "T1", "status": "active", "name": _TEAMS[one.number % 4], "telecom": lines}


def _patient(one: Person) -> dict[str, Any]:
    return {
        "id": "P1",
        "identifier": [{"system": _NHS, "value": one.nhs}],
        "name": [{"use": "official", "family": one.family, "given": [one.given]}],
        "gender": "male" if one.sex == "M" else "female",
        "birthDate": str(one.born),
        "address": [{"line": [CONTENT], "postalCode": one.postcode}],
    }


def _coded(code: str) -> dict[str, Any]:
    return {"coding": [{"system": _SNOMED, "code": code, "display": CONTENT}], "text": CONTENT}


def write_episodes(folder: Path, crowd: Crowd) -> Path:
    """Write service episodes; of every child one, with its professional."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "episodes.json"
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"@context": "{_CONTEXT}", "@graph": [\n')
        for n, node in enumerate(_nodes(crowd)):
            file.write((",\n" if n else "") + json.dumps(node, indent=1))
        file.write("\n]}\n")
    return path


def _nodes(crowd: Crowd) -> Iterator[dict[str, Any]]:
    for n in range(crowd.teams):
        yield _named_team(n, crowd)
    for n in range(crowd.workers):
        yield _professional(n, crowd)
    for one in crowd:
        yield _person(one)
        yield _episode(one, crowd)


def _named_team(n: int, crowd: Crowd) -> dict[str, Any]:
    contact = [{"@type": "Contact", "name": "Duty Desk", "telephone": ["0113 496 0101"]}]
    said = {"name": f"{crowd.team} {n}", "type": ["social-worker-support"], "contact": contact}
    return {"@type": "Service", "identifier": [_ref(f"SVC-{n}")], **said}


def _professional(n: int, crowd: Crowd) -> dict[str, Any]:
    given, family = crowd.worker.split()
    return {
        "@type": "Professional",
        "identifier": [_ref(f"SW{n:06}", "registration")],
        "name": {"@type": "Name", "familyName": [family], "givenName": [given]},
        "role": ["Social Worker"],
        "contact": {"email": ["amina@example.org"], "telephone": ["0113 496 0107"]},
        "relatedService": [_ref(f"SVC-{n % crowd.teams}")],
    }


def _person(one: Person) -> dict[str, Any]:
    known = [_ref(one.nhs, _NHS)] if one.nhs else []
    return {
        "@type": "Person",
        "identifier": [*known, _ref(f"LA-{one.number}", "local-authority-id")],
        "name": [{"familyName": [one.family], "givenName": [one.given], "use": "official"}],
        "dateOfBirth": {"@type": "PartialDate", "date": str(one.born), "accuracyIndicator": "AAA"},
        "genderCode": "1" if one.sex == "M" else "2",
        "address": [{"line1": CONTENT, "postcode": one.postcode, "use": "home"}],
    }


def _episode(one: Person, crowd: Crowd) -> dict[str, Any]:
    n = one.number
    named = {
        "professional": _ref(f"SW{n % crowd.workers:06}", "registration"),
        "involvement": "PPRF",
    }
    about = {"person": _ref(f"LA-{n}", "local-authority-id"), "involvement": "SBJ"}
    return {
        "@type": "ServiceEpisode",
        "identifier": [_ref(f"EP-{n}", "episode")],
        "type": ["plan.cin-plan"],
        "subjectPerson": [about],
        "relatedProfessional": [named],
        "relatedService": [_ref(f"SVC-{n % crowd.teams}")],
        "timeInformation": [{"@type": "Timing", "startDateTime": f"{one.since}T09:30:00Z"}],
        "location": [CONTENT],
    }


def _ref(value: str, system: str = "service") -> dict[str, Any]:
    known = system if ":" in system else f"https://example.org/Id/{system}"
    return {"@type": "Identifier", "value": value, "system": known}
