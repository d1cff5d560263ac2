"""Take the GOV.UK look and vis-network from unpacked packages, without what is not ours to give.

    npm pack govuk-frontend@6.3 && mkdir look && tar -xzf govuk-frontend-6.3.*.tgz -C look
    npm pack vis-network@10.1.5 && mkdir vis && tar -xzf vis-network-10.1.5.tgz -C vis
    python -m web.vendor look/package vis/package

The code of govuk-frontend is MIT. The GDS Transport font, the crown and the crest are not, and stay behind.
vis-network is MIT, or Apache 2.0 for whoever wants that.
"""

import hashlib
import re
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
SUMS = "SHA256SUMS"
_GONE = (r"@font-face\{[^}]*\}", r'"?GDS Transport"?,', r"/\*.*?\*/", r"url\(/assets/[^)]*\)")
_LOOK = ("dist/govuk/govuk-frontend.min.css", "dist/govuk/govuk-frontend.min.js")
_NETWORK = ("dist/vis-network.min.js",)


def take(look: Path, network: Path) -> None:
    """Copy what we use of two packages, stripped, and write the list of digests."""
    lines = []
    for path in (*(look / name for name in _LOOK), *(network / name for name in _NETWORK)):
        text = path.read_text()
        text = style(text) if path.suffix == ".css" else script(text)
        (VENDOR / path.name).write_text(text)
        lines.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {path.name}\n")
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
    take(Path(sys.argv[1]), Path(sys.argv[2]))
