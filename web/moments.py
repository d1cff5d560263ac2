"""Answers that show nothing leave at fixed moments, so that their time does not tell what is hidden."""

from time import monotonic, sleep

from flask import Flask, Response, g

# Longer than 99 in 100 of such answers take where many ask at once, and short for whoever waits.
STEP = 0.25
_BEGAN, _NOTHING = "signpost_began", "signpost_shows_nothing"


def keep_moments(app: Flask) -> None:
    """Let answers that show nothing leave a whole number of steps after their request began.

    To be called before anything else is done with the app: what was said first about requests is done
    first, and about answers last. By then the transaction is over, and its access record written.
    """
    app.before_request(_begin)
    app.after_request(_wait)


def shows_nothing() -> None:
    """Say that this request is answered by nothing: refused, not there, or nobody found."""
    setattr(g, _NOTHING, True)


def _begin() -> None:
    setattr(g, _BEGAN, monotonic())


def _wait(response: Response) -> Response:
    if g.get(_NOTHING):
        taken = monotonic() - g.get(_BEGAN)
        sleep(STEP - taken % STEP)
    return response
