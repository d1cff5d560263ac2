"""Who signs in at the demo: one of each role, and a lead where each of the practitioners works."""

from typing import Any

from signpost.demo.england import Made
from signpost.demo.tries import tries

PEOPLE = (
    (
        "Amina Yusuf",
        "practitioner",
        "leeds-social-care:T1",
        "383",
        "Social worker, Leeds Front Door",
    ),
    ("Marek Kowalczyk", "practitioner", "bradford-health:H1", "380", "A&E nurse, Bradford"),
    (
        "Joanne Whitaker",
        "practitioner",
        "manchester-police:L1",
        "352",
        "Police officer, Manchester",
    ),
    ("Grace Adeyemi", "lead", None, "383", "Safeguarding lead, Leeds"),
    ("Imran Siddiqui", "lead", None, "380", "Safeguarding lead, Bradford"),
    ("Ruth Entwistle", "lead", None, "352", "Safeguarding lead, Manchester"),
    ("Tom Llewellyn", "analyst", None, None, "Analyst: counts and Cypher, never a name"),
    ("Harpreet Gill", "steward", None, None, "Data steward: loads, duplicates, shielding"),
    ("Ewan Sinclair", "auditor", None, None, "Auditor: who looked, when and why"),
)


def people_file(made: Made) -> dict[str, list[dict[str, Any]]]:
    """Say who can sign in, and which children are worth trying."""
    people = [
        {
            "id": ".".join(name.lower().split()),
            "name": name,
            "role": role,
            "service": service,
            "authority": authority,
            "sentence": sentence,
        }
        for name, role, service, authority, sentence in PEOPLE
    ]
    return {"people": people, "try": tries(made)}
