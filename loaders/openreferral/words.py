"""What the texts of a slim service say: without markup, its status, its areas, its terms."""

import html
import re
from typing import Any

from graph import authority_of
from loaders.cells import words
from loaders.openreferral.shape import each

_MOST = 2_000
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?(</\1\s*>|$)|</?[a-z!][^>]*>")
_GSS = re.compile(r"(?<![A-Z0-9])E\d{8}(?!\d)", re.ASCII)


def plain(text: Any) -> str:
    """Text without the markup that some publishers leave in it, or hide in it."""
    found = html.unescape(html.unescape(str("" if text is None else text)[:_MOST]))
    return words(_MARKUP.sub(" ", found))


def status_of(service: dict[str, Any]) -> str:
    """Its status, in small letters; empty where it says none."""
    return plain(service.get("status")).casefold().replace("_", " ")


def organisation_of(service: dict[str, Any]) -> str:
    """The name of its organisation; empty where there is none."""
    return next((plain(one.get("name")) for one in each(service.get("organization"))), "")


def areas_of(service: dict[str, Any]) -> list[str | None]:
    """The authorities in whose areas it works; only None, the source's own, where none is known."""
    found: set[str] = set()
    for area in each(service.get("service_areas")):
        names = (plain(area.get(key)) for key in ("name", "service_area"))
        for text in (*names, *_GSS.findall(str(area.get("uri") or ""))):
            known = authority_of(text) if text else None
            found |= {known.number} if known else set()
    return list(sorted(found)) or [None]


def terms_of(service: dict[str, Any]) -> list[str]:
    """Its taxonomy terms."""
    found = []
    for key, inside in (("attributes", "taxonomy_term"), ("service_taxonomys", "taxonomy")):
        for link in each(service.get(key)):
            for term in each(link.get(inside)):
                found += [plain(term[name]) for name in ("name", "term") if term.get(name)]
    return found
