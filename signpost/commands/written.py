"""signpost docs: the pages that are made from the code, so that they cannot lie."""

from pathlib import Path

import click

from graph import (
    CHECKOUT,
    KEEPING,
    POLICY,
    POLICY_VERSION,
    SETTINGS,
    BadSetting,
    Emergency,
    Ground,
    Purpose,
    Role,
    catalogue,
)
from signpost.screen import out

GROUNDS = {
    Ground.OWN_SERVICE: "the service they work for is or was involved with the child, "
    "or somebody is or was named there for the child",
    Ground.OWN_AREA: "the child lives or lived, or a service that is or was involved, "
    "or that somebody named works for, works or worked, in the lead's own area",
    Ground.PURPOSE: "they state a purpose from the fixed list, with a case reference",
    Ground.BREAK_GLASS: "an emergency, with a reference, by somebody in an area, whose leads see it; "
    "for an hour, and to be explained within a day",
    Ground.ROLE: "their role is enough; no child is opened",
}


def pages() -> dict[str, str]:
    """Every made page: name in docs/ to text."""
    return {"settings.md": _settings(), "access.md": _access(), "queries.md": _queries()}


@click.command()
@click.option("--check", is_flag=True, help="Only say whether the pages are as the code says.")
def docs(check: bool) -> None:
    """Write docs/settings.md, docs/access.md and docs/queries.md from the code."""
    folder = CHECKOUT / "docs"
    stale = [name for name, text in pages().items() if _differs(folder / name, text)]
    if check and stale:
        raise BadSetting(f"Not as the code says: {', '.join(stale)}. Run: signpost docs")
    for name in stale:
        (folder / name).write_text(pages()[name])
    out.print(
        f"{'Checked' if check else 'Wrote'}: {', '.join(pages() if check else stale) or 'none'}"
    )


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text() != text


def _settings() -> str:
    rows = [
        f"| `{s.name}` | {f'`{s.default}`' if s.default else ''} | {s.sentence} |" for s in SETTINGS
    ]
    head = ["# Settings", "", "Made by `signpost docs` from graph/settings.py.", ""]
    return "\n".join([*head, "| name | default | what |", "|---|---|---|", *rows, ""])


def _access() -> str:
    head = [
        "# Who may do what",
        "",
        f"Made by `signpost docs` from the table POLICY in graph/access.py, version {POLICY_VERSION}.",
        "An empty cell is a refusal: what is not in the table is refused.",
        "",
        f"| | {' | '.join(role.value for role in Role)} |",
        f"|---|{'---|' * len(Role)}",
    ]
    rows = [
        f"| {permission.value} | "
        + " | ".join(" or ".join(g.value for g in row.get(role, ())) for role in Role)
        + " |"
        for permission, row in POLICY.items()
    ]
    grounds = [f"- **{ground.value}**: {sentence}." for ground, sentence in GROUNDS.items()]
    kept = [f"| {what} | {time} |" for what, time in KEEPING.items()]
    return "\n".join(
        [*head, *rows, "", "## Grounds", "", *grounds, *_stated(), *_RULES, *_KEPT, *kept, ""]
    )


def _stated() -> list[str]:
    """The fixed lists from which a purpose or an emergency is stated."""
    lists = (("Purposes", Purpose), ("Emergencies", Emergency))
    return [
        line
        for name, of in lists
        for line in ("", f"## {name}", "", *(f"- {one.value}" for one in of))
    ]


_KEPT = [
    "## How long",
    "",
    "From graph/keeping.py, a part of the version above.",
    "",
    "| what | how long |",
    "|---|---|",
]


_RULES = [
    "",
    "The first two hold from the first day of what is told, and once it has ended for as long as its source",
    "keeps what has ended, deleted or not. So a lead may know a child who left the area for that long.",
    "",
    "## Rules that stand above every ground",
    "",
    "- A **shielded** child shows nothing but that a restricted record exists, and the broker line;",
    "  to a viewer without a ground the child is absent.",
    "- A **sensitive** service shows as a sensitive service, without name, kind, agency, source or",
    "  people, unless consent is recorded and holds: until its last day, and where it is for some",
    "  agencies only, for who works for a service of theirs; or the viewer works for that service.",
    "  So does one whose code is sensitive at another source, and one that is known by who is named alone.",
    "- A lead confirms the telephones of services that work in their own area, or in what came after it,",
    "  and of no sensitive one; a steward, who is the broker, those of all.",
    "- **Refused looks like absent**: the same status, words and statements, at the same fixed moments.",
    "- Every question leaves a record: who, role, question, child, on, known at, ground, purpose,",
    "  emergency, reference, outcome, how many shown, when, and the version of this table.",
    "",
]


def _queries() -> str:
    lines = ["# The queries", "", "Made by `signpost docs` from the headers of cypher/.", ""]
    for query in catalogue().values():
        lines += [f"## {query.name}", "", query.sentence, ""]
        lines += [f"- `${name}` {type_}: {what}" for name, (type_, what) in query.params.items()]
        if query.returns:
            lines += [f"- returns {', '.join(query.returns)}"]
        lines += [""] if query.params or query.returns else []
    return "\n".join(lines)
