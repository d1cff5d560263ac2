"""Take the GOV.UK look from an unpacked govuk-frontend package, without what is not ours to give.

    npm pack govuk-frontend@6.3 && tar -xzf govuk-frontend-6.3.*.tgz && python -m web.vendor package

The code is MIT. The GDS Transport font, the crown and the crest are not, and stay behind.
"""

import hashlib
import re
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
SUMS = "SHA256SUMS"
_GONE = (r"@font-face\{[^}]*\}", r'"?GDS Transport"?,', r"/\*.*?\*/", r"url\(/assets/[^)]*\)")
_FILES = ("govuk-frontend.min.css", "govuk-frontend.min.js")


def take(package: Path) -> None:
    """Copy what we use from `package`, stripped, and write the list of digests."""
    lines = []
    for name in _FILES:
        text = (package / "dist" / "govuk" / name).read_text()
        text = style(text) if name.endswith(".css") else script(text)
        (VENDOR / name).write_text(text)
        lines.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n")
    (VENDOR / SUMS).write_text("".join(lines))


def style(text: str) -> str:
    """The same style without fonts, pictures and notes."""
    for pattern in _GONE:
        gone = "none" if pattern.startswith("url") else ""
        text = re.sub(pattern, gone, text, flags=re.DOTALL)
    return text.strip() + "\n"


def script(text: str) -> str:
    """The same script without its source map."""
    return re.sub(r"//# sourceMappingURL=\S+", "", text).strip() + "\n"


if __name__ == "__main__":
    take(Path(sys.argv[1]))
