"""What every view works with: one per app, found through the app and never through a global."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import current_app

from graph import Accounts, Graph, Sessions, Settings
from web.people import Example, Person

NAME = "signpost"


@dataclass(frozen=True)
class Desk:
    """The graph behind its door, the settings, and at a demo the people and children to try."""

    graph: Graph
    settings: Settings
    people: Mapping[str, Person] = field(default_factory=dict)
    examples: Sequence[Example] = ()

    @property
    def sessions(self) -> Sessions:
        """The door for who comes in."""
        return Sessions(self.graph)

    @property
    def accounts(self) -> Accounts:
        """The door for users."""
        return Accounts(self.graph)


def desk() -> Desk:
    """The desk of the app that handles this request."""
    return current_app.extensions[NAME]
