"""Every error that Signpost raises on purpose.

SignpostError                  500  something went wrong here
├── BadSetting                 500  the environment says what cannot be
├── BadCatalogue               500  a query file breaks its own header
├── BadKeyring                 500  the keys are missing, unreadable or open to others
├── BadServer                  500  the embedded Neo4j cannot be fetched, started or stopped
├── DatabaseAway               503  no answer from Neo4j
├── AnchorsAway                503  anchors of the access record cannot be read or written
├── NotVisible                 404  refused or absent: nobody is told which
├── NotSignedIn                401  whoever this is, they may not come in
├── NotAllowed                 403  this role may never do this
├── BadQuestion                422  what was asked cannot be
├── BadInput                   422  a file cannot be read at all
└── LoadStopped                409  the load was stopped; run it again when put right
    ├── UnknownSource          409  nothing loads from a source that is not registered
    ├── OldExtract             409  a newer snapshot of the same feed is loaded already
    ├── DropTooLarge           409  the extract would end too much of what is open
    └── KeysChanging           409  tokens are being made anew, and nobody else may write any

A message is a sentence that says what to do and never holds a personal value.
"""


class SignpostError(Exception):
    """Something went wrong here."""

    status = 500


class BadSetting(SignpostError):
    """The environment says what cannot be."""


class BadCatalogue(SignpostError):
    """A query file breaks its own header."""


class BadKeyring(SignpostError):
    """The keys are missing, unreadable or open to others."""


class BadServer(SignpostError):
    """The embedded Neo4j cannot be fetched, started or stopped."""


class DatabaseAway(SignpostError):
    """No answer from Neo4j."""

    status = 503


class AnchorsAway(SignpostError):
    """Anchors of the access record cannot be read or written."""

    status = 503


class NotVisible(SignpostError):
    """Refused or absent: nobody is told which."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "There is no such record, or it is not for you to see. "
            "Find the child again, and state your purpose."
        )


class NotSignedIn(SignpostError):
    """Whoever this is, they may not come in."""

    status = 401


class NotAllowed(SignpostError):
    """This role may never do this."""

    status = 403


class BadQuestion(SignpostError):
    """What was asked cannot be."""

    status = 422


class BadInput(SignpostError):
    """A file cannot be read at all."""

    status = 422


class LoadStopped(SignpostError):
    """The load was stopped; run it again when what is wrong was put right."""

    status = 409


class UnknownSource(LoadStopped):
    """Nothing loads from a source that is not registered."""


class OldExtract(LoadStopped):
    """A newer snapshot of the same feed is loaded already."""


class DropTooLarge(LoadStopped):
    """The extract would end too much of what is open."""


class KeysChanging(LoadStopped):
    """Tokens are being made anew, and nobody else may write any."""
