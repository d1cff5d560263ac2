"""What must be right on this machine, looked at one by one, with what to do where it is not."""

import ipaddress
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from graph import (
    BadServer,
    BadSetting,
    Settings,
    SignpostError,
    jars,
    machine,
    process,
    server_files,
)
from signpost.parts import mail_of

NEEDED_PYTHON = (3, 11)


@dataclass(frozen=True)
class Check:
    """One thing looked at; where it is not ok the sentence says what to do."""

    name: str
    ok: bool
    sentence: str


def examine(settings: Settings) -> list[Check]:
    """Look at all that a start needs and return one Check for each; raises nothing of ours."""
    mark = process.running(settings.home / "server")
    own = bool(settings.neo4j_uri)
    looks = [_python, _web_port, _keyring_file, _anchor_key_file, _demo, _messages]
    looks += [_own_password_file, _own_database] if own else EMBEDDED
    return [_check(look, settings, mark) for look in looks]


Look = Callable[[Settings, process.Mark | None], str]
"""Returns a sentence when all is well, raises a SignpostError when not; its name names the check."""


def _check(look: Look, settings: Settings, mark: process.Mark | None) -> Check:
    name = look.__name__.strip("_").removeprefix("own_").replace("_", " ")
    try:
        return Check(name, True, look(settings, mark))
    except SignpostError as error:
        return Check(name, False, str(error))


def _python(settings: Settings, mark: process.Mark | None) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < NEEDED_PYTHON:
        raise BadSetting(f"Python is {version}: run `make PYTHON=/path/to/python3.11 clean run`.")
    return f"Python {version}."


def _java(settings: Settings, mark: process.Mark | None) -> str:
    machine.require_java()
    return "Java runs."


def _disk(settings: Settings, mark: process.Mark | None) -> str:
    first = server_files.is_new(settings.home / "server") or _missing()
    needed = machine.DISK_FIRST if first else machine.DISK_LATER
    for folder in (settings.home, jars.cache()):
        machine.require_disk(folder, needed)
    return f"At least {needed / 1e9:.1f} GB free."


def _memory(settings: Settings, mark: process.Mark | None) -> str:
    heap = machine.heap(settings.db_memory)
    if mark:
        return "The database has its memory."
    machine.require_memory(heap + machine.MEMORY_BESIDE_HEAP)
    return f"Enough for a heap of {settings.db_memory}."


def _web_port(settings: Settings, mark: process.Mark | None) -> str:
    if mark and not mark.detached:
        return f"Left to the Signpost that runs (process {mark.owner})."
    machine.require_port(settings.port, "SIGNPOST_PORT")
    return f"Port {settings.port} is free."


def _database_port(settings: Settings, mark: process.Mark | None) -> str:
    if mark:
        return f"Port {mark.port} is held by our own database."
    machine.require_port(settings.db_port, "SIGNPOST_DB_PORT")
    return f"Port {settings.db_port} is free."


def _second_copy(settings: Settings, mark: process.Mark | None) -> str:
    if not mark:
        return "None runs on this home."
    if mark.detached:
        return f"A database started by itself (process {mark.pid}); Signpost will join it."
    if not psutil.pid_exists(mark.owner):
        raise BadServer(
            f"The database (process {mark.pid}) has lost its Signpost: end that process."
        )
    return f"One runs here (process {mark.owner}); another needs a SIGNPOST_HOME of its own."


def _jars(settings: Settings, mark: process.Mark | None) -> str:
    missing = _missing()
    whole = [jar for jar in jars.read_lock() if jar not in missing]
    broken = jars.broken(whole, jars.cache())
    if broken:
        raise BadServer(f"{broken[0].name} is damaged: delete {jars.cache()} and start again.")
    if missing:
        size = sum(jar.size for jar in missing) / 1e6
        return f"{len(missing)} of {len(jars.read_lock())} come at the next start ({size:.0f} MB)."
    return f"All {len(whole)} are there, each with its digest."


def _registry(settings: Settings, mark: process.Mark | None) -> str:
    if not _missing():
        return "Not needed: every jar is there."
    jars.require_registry()
    return "It answers."


def _keyring_file(settings: Settings, mark: process.Mark | None) -> str:
    said = _private(settings.keyring_file)
    if settings.keyring_file.is_relative_to(settings.home):
        return f"{said} Who takes the disk takes keys and data: SIGNPOST_KEYRING_FILE may name another."
    return said


def _anchor_key_file(settings: Settings, mark: process.Mark | None) -> str:
    return _private(settings.anchor_key_file)


def _password_file(settings: Settings, mark: process.Mark | None) -> str:
    return _private(settings.home / "keys" / "neo4j")


def _own_password_file(settings: Settings, mark: process.Mark | None) -> str:
    file = settings.neo4j_password_file
    if not file or not file.is_file():
        raise BadSetting(
            "SIGNPOST_NEO4J_PASSWORD_FILE must name the file with the password of your Neo4j."
        )
    return _private(file, 0o007)  # a secret that a group may read is common where it is mounted


def _database(settings: Settings, mark: process.Mark | None) -> str:
    if not mark:
        return "It does not run; `signpost run` or `signpost db start` starts it."
    if not process.bolt_answers(mark.port):
        raise BadServer(
            f"The database (process {mark.pid}) does not answer: wait half a minute, then look "
            f"into {settings.home / 'server' / 'logs'}."
        )
    return f"It answers on port {mark.port}."


def _own_database(settings: Settings, mark: process.Mark | None) -> str:
    address = urlsplit(settings.neo4j_uri)
    try:
        socket.create_connection((address.hostname or "", address.port or 7687), 5).close()
    except (OSError, ValueError):
        raise BadServer(
            "Your Neo4j cannot be reached: see that it runs, and that SIGNPOST_NEO4J_URI is right."
        ) from None
    return "Your Neo4j can be reached."


def _demo(settings: Settings, mark: process.Mark | None) -> str:
    if settings.demo and not _loopback(settings.host):
        raise BadSetting(
            f"SIGNPOST_DEMO is on and SIGNPOST_HOST is {settings.host}: anyone there may sign in "
            "as anybody; set SIGNPOST_DEMO to off, or SIGNPOST_HOST to 127.0.0.1."
        )
    return "On, for this machine only." if settings.demo else "Off."


def _messages(settings: Settings, mark: process.Mark | None) -> str:
    if not settings.mail_server:
        return "None is sent: SIGNPOST_MAIL_SERVER is empty."
    return f"Mailboxes: {len(mail_of(settings)[1])}; `signpost messages try` sends each a test."


def _missing() -> list[jars.Jar]:
    return jars.missing(jars.read_lock(), jars.cache())


def _private(file: Path, others: int = 0o077) -> str:
    if not file.exists():
        return "Not made yet."
    if file.stat().st_mode & others:
        raise BadServer(f"{file} is open to other users: run `chmod 600 {file}`.")
    return "Closed to other users."


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


EMBEDDED: list[Look] = [
    _java,
    _disk,
    _memory,
    _database_port,
    _second_copy,
    _jars,
    _registry,
    _password_file,
    _database,
]
