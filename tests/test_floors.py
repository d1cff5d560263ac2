"""Floors: an arrow points to what may be imported, never back. See DESIGN, "Floors"."""

import ast
from pathlib import Path

import pytest

import graph

ROOT = Path(__file__).parent.parent
FLOORS = (
    ("accounts", "sessions"),
    ("door",),
    ("answering", "verifying", "shielding"),
    (
        "loading",
        "judging",
        "duplicates",
        "exporting",
        "sources",
        "directory",
        "looks",
        "own_looks",
        "break_glass",
        "misuse",
        "deferral",
        "replaying",
        "crossing",
        "introductions",
        "brokering",
        "corrections",
        "correcting",
        "calls",
        "caseload",
    ),
    ("questions",),
    ("finding",),
    (
        "map_rows",
        "changes",
        "children",
        "planning",
        "upkeep",
        "rematch",
        "erasure",
        "withdrawal",
        "retention",
        "rotation",
        "namesakes",
    ),
    ("plan", "pairing", "digest"),
    ("drafting",),
    ("asking", "nearby", "spool", "compaction", "anchors", "users", "backup", "restoring"),
    ("strands", "layers"),
    ("store",),
    (
        "catalog",
        "access",
        "audit",
        "sealing",
        "blocks",
        "boundaries",
        "sides",
        "messages",
        "contacts",
        "hours",
        "authorities",
        "areas",
    ),
    ("matching",),
    ("holding",),
    ("comparing",),
    ("naming", "weights"),
    ("rows", "answers", "explain", "drift", "unread"),
    ("admin",),
    ("embedded",),
    ("process", "server_files", "swap", "machine", "jars", "settings"),
    ("recipients",),
    ("private_files", "anchorage", "credentials"),
    ("model",),
    ("fields", "errors", "keeping", "ahead"),
)
ONLY_IN = {
    "neo4j": {"graph/store.py"},
    "pyvis": {"web/draw", "signpost/bench"},
    "flask": {"web"},
    "click": {"signpost"},
    "rich": {"signpost"},
    "flask_limiter": {"web"},
    "authlib": {"web"},
    "smtplib": {"signpost/mail_server.py"},
}
FILES = [
    path
    for folder in ("graph", "web", "loaders", "signpost")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def imports(path: Path) -> list[tuple[str, ast.stmt]]:
    """Every module that a file imports, wherever the line stands."""
    tree = ast.parse(path.read_text())
    found: list[tuple[str, ast.stmt]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module == "graph"
            and path.parent.name == "graph"
        ):
            found += [(f"graph.{alias.name}", node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_arrow_points_up(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    folder, stem = here.split("/")[0], path.stem
    allowed = {
        "graph": (),
        "web": ("graph",),
        "loaders": ("graph",),
        "signpost": ("graph", "web", "loaders"),
    }
    for name, _ in imports(path):
        top = name.split(".")[0]
        if top in allowed and top != folder:
            assert top in allowed[folder], f"{here} imports {name}"
        assert top != "tests", f"{here} imports {name}"
        for package, homes in ONLY_IN.items():
            if top in (package, f"{package}_wtf", f"{package}_openapi3"):
                assert any(here.startswith(home) for home in homes), f"{here} imports {name}"
        if folder == "graph" and top == "graph" and stem != "__init__":
            assert floor(name.split(".")[1]) >= floor(stem), (
                f"{here} imports {name}, which is above it"
            )


def floor(stem: str) -> int:
    """How far down a module of graph/ lives."""
    found = [level for level, names in enumerate(FLOORS) if stem in names]
    assert found, f"graph/{stem}.py stands on no floor; give it one in FLOORS"
    return found[0]


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.relative_to(ROOT).parts[0] != "graph"], ids=lambda p: p.name
)
def test_above_the_domain_only_public_names_are_used(path: Path) -> None:
    """Only the bench, which measures the bare driver beside the door, and training look behind it."""
    here = path.relative_to(ROOT).as_posix()
    if here.startswith("signpost/bench") or here in (
        "signpost/jars_lock.py",
        "signpost/training.py",
    ):
        return
    assert [name for name, _ in imports(path) if name.startswith("graph.")] == [], here


def test_public_names_are_what_they_say() -> None:
    assert all(hasattr(graph, name) for name in graph.__all__)


def test_no_module_is_called_by_a_name_that_says_nothing() -> None:
    assert not {path.stem for path in FILES} & {"utils", "helpers", "manager", "common", "misc"}
