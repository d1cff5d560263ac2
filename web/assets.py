"""The files that every page loads: style, script and icon, named by their content."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

from web.permission import open_to_all

STATIC = Path(__file__).parent / "static"
assets = Blueprint("assets", __name__)


@assets.get("/static/<path:name>")
@open_to_all("style, script and icon, the same for everybody")
def static(name: str) -> Response:
    """One file; kept for good where its address names its content, else for an hour."""
    response = send_from_directory(STATIC, name, max_age=3600)
    if "v" in request.args:
        response.cache_control.max_age = 31_536_000
        response.cache_control.immutable = True
    return response


def asset(name: str) -> str:
    """The address of a file, with a digest, so that a new version is fetched at once."""
    return url_for("assets.static", name=name, v=_digest(name))


@lru_cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
