"""What every view works with: one per app, found through the app and never through a global."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import current_app

from graph import Graph, Settings
from web.people import Example, Person

NAME = "signpost"


@dataclass(frozen=True)
class Desk:
    """The graph behind its door, the settings, and at a demo the people and children to try."""

    graph: Graph
    settings: Settings
    people: Mapping[str, Person] = field(default_factory=dict)
    examples: Sequence[Example] = ()


def desk() -> Desk:
    """The desk of the app that handles this request."""
    return current_app.extensions[NAME]
