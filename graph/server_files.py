"""What the embedded Neo4j keeps at home: conf, password, first credential, and how it is written."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph import private_files
from graph.errors import BadServer

USER = "neo4j"
OPENS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)
CONF = """\
# Written by Signpost at every start.
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
# Nothing leaves this machine: no usage report, no broadcast into the local network.
dbms.usage_report.enabled=false
dbms.fleet_manager.enabled=false
server.fleet_discovery.enabled=false
dbms.security.auth_enabled=true
dbms.security.allow_csv_import_from_file_urls=false
# A log of queries would hold their parameters.
db.logs.query.enabled=OFF
# A stop in 1 s, where an idle server would wait 10 s.
internal.server.bolt.thread_pool_shutdown_wait_time=100ms
# Room is taken before a transaction is written, so that a full disk refuses it and breaks nothing. Without it
# half a transaction is in the log, and the database does not start again. An empty home of 70 MB, not 540.
internal.dbms.out_of_disk_space_protection=true
db.tx_log.preallocate=true
db.tx_log.rotation.size=32m
server.memory.heap.initial_size={memory}
server.memory.heap.max_size={memory}
server.memory.pagecache.size=256m
"""


@contextmanager
def writing() -> Iterator[None]:
    """Turn the system's refusal of a file into a BadServer that names the file."""
    try:
        yield
    except OSError as error:
        raise BadServer(
            f"{error.filename} cannot be used ({error.strerror}): give it to this user, or set "
            "SIGNPOST_HOME to another folder."
        ) from None


def folder(path: Path) -> Path:
    """Make a folder that only this user may enter, unless it is there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def is_new(server: Path) -> bool:
    """Say whether the server in this folder has never been started."""
    return not (server / "data" / "databases" / "system").exists()


def prepare(server: Path, password_file: Path, port: int, memory: str) -> None:
    """Write the conf, and before a first start the password and the credential made of it."""
    if not password_file.exists():
        if not is_new(server):
            raise BadServer(
                f"{password_file} is gone but its database is there: put the file back, or delete "
                "the database with `signpost db reset`."
            )
        private_files.write(password_file, secrets.token_urlsafe(24))
    if is_new(server):
        first = credential(password_file.read_text().strip())
        private_files.write(server / "data" / "dbms" / "auth.ini", first)
    write_conf(server, port, memory)


def write_conf(server: Path, port: int, memory: str) -> None:
    """Write the conf of the server in this folder."""
    additional = "".join(f"server.jvm.additional={option}\n" for option in OPENS)
    conf = CONF.format(port=port, memory=memory) + additional
    private_files.write(server / "conf" / "neo4j.conf", conf)


def credential(password: str) -> str:
    """Return what `neo4j-admin dbms set-initial-password` writes, which would show it to any ps.

    It is SHA-256 of salt and password, 1024 times over.
    """
    salt = secrets.token_bytes(32)
    digest = salt + password.encode()
    for _ in range(1024):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex()},{salt.hex()},1024:"
