"""Which hosts are answered, and what every answer tells the browser to refuse."""

from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.exceptions import BadRequest

from graph import LOOPBACK
from web.desk import desk

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def check_host() -> None:
    """Refuse a Host that is not ours, so that no other site's name can be pointed at this server."""
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:
        host = None
    settings = desk().settings
    if host not in (*LOOPBACK, settings.host, urlsplit(settings.url).hostname):
        raise BadRequest


def add_headers(response: Response) -> Response:
    """Add the headers; nothing is kept by a cache unless the view said so."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    # Behind a proxy each request is plain HTTP, and only the settings know what the browser sees.
    if desk().settings.url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
