"""Where all parts meet: from settings to a keyring, a database, a graph."""

import getpass
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from graph import (
    AT_THE_MACHINE,
    Anchors,
    BadSetting,
    Connection,
    EmbeddedNeo4j,
    Graph,
    Keyring,
    Role,
    Settings,
    Tell,
    Viewer,
    untold,
)
from signpost.mail_server import MailServer
from signpost.mailboxes import read_mailboxes
from signpost.post import Post
from signpost.screen import progress_bars
from web.people import Person, read_people


def keyring(settings: Settings) -> Keyring:
    """The machine's keyring; made where there is none and nothing was sealed yet.

    Raises BadKeyring where the file is no keyring or open to others.
    """
    first = not settings.neo4j_uri and not (settings.home / "server" / "data").exists()
    if first and not settings.keyring_file.exists():
        Keyring.new().write(settings.keyring_file)
    return Keyring.read(settings.keyring_file)


def embedded(settings: Settings) -> EmbeddedNeo4j:
    """This machine's own Neo4j.

    Raises BadSetting where SIGNPOST_NEO4J_URI names another.
    """
    if settings.neo4j_uri:
        raise BadSetting(
            "SIGNPOST_NEO4J_URI names your own Neo4j; start and stop it where it runs."
        )
    return EmbeddedNeo4j(settings.home, settings.db_port, settings.db_memory)


def connection(settings: Settings) -> Connection:
    """How to reach the database that the settings name."""
    if not settings.neo4j_uri:
        return embedded(settings).connection()
    password = _password("SIGNPOST_NEO4J_PASSWORD_FILE", settings.neo4j_password_file)
    return Connection(settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database)


def _password(setting: str, path: Path | None) -> str:
    if path is None or not path.is_file():
        raise BadSetting(f"{setting} must name the file that holds the password.")
    if stat.S_IMODE(path.stat().st_mode) & 0o007:
        raise BadSetting(f"{path} is open to everyone; close it with: chmod 600 {path}")
    return path.read_text().strip()


def open_graph(settings: Settings, tell: Tell = untold) -> Graph:
    """The graph behind its door, on the database that the settings name; tell: takes its messages away."""
    return Graph(connection(settings), keyring(settings), settings.broker_line, tell=tell)


def mail_of(settings: Settings) -> tuple[MailServer, Mapping[str, str]]:
    """The mail server that sends messages, and the mailboxes by whom they are for.

    Raises BadSetting and BadInput where something of it cannot be.
    """
    server = MailServer.read(settings)
    mailboxes = read_mailboxes(settings.mail_to_file)
    if not server.user:
        return server, mailboxes
    password = _password("SIGNPOST_MAIL_PASSWORD_FILE", settings.mail_password_file)
    return replace(server, password=password), mailboxes


@contextmanager
def posting(settings: Settings) -> Iterator[Tell]:
    """What takes messages away, until the end, which waits for those on their way.

    Without SIGNPOST_MAIL_SERVER none is sent. Raises as mail_of does.
    """
    if not settings.mail_server:
        yield untold
        return
    post = Post(*mail_of(settings), settings.url)
    try:
        yield post.send
    finally:
        post.close()


def anchors_of(settings: Settings) -> Anchors:
    """Where anchors of the access record are kept, and the key that signs them.

    Raises AnchorsAway where they cannot be reached, BadKeyring where the key is none.
    """
    return Anchors(settings.anchors, settings.anchor_key_file)


@contextmanager
def running_graph(settings: Settings) -> Iterator[Graph]:
    """The graph for one command; the embedded Neo4j is started for it where it does not run."""
    keys = keyring(settings)
    with posting(settings) as tell, _served(settings) as made:
        graph = Graph(made, keys, settings.broker_line, tell=tell)
        try:
            with progress_bars() as progress:
                graph.set_up(progress)
            yield graph
        finally:
            graph.close()


@contextmanager
def _served(settings: Settings) -> Iterator[Connection]:
    """The database; the embedded one is started where it does not run, and stopped again."""
    server = None if settings.neo4j_uri else embedded(settings)
    started = server is not None and not server.status().running
    if server is not None and started:
        with progress_bars() as progress:
            server.start(progress)
    try:
        yield connection(settings)
    finally:
        if server is not None and started:
            server.stop()


def people_file(settings: Settings) -> Path:
    """Where the demo people of this machine are written."""
    return settings.home / "demo" / "people.json"


def people(settings: Settings) -> list[Person]:
    """The demo people; none where no demo was made."""
    path = people_file(settings)
    return list(read_people(path)[0]) if path.exists() else []


def operator(role: Role) -> Viewer:
    """Whoever works at this machine: its keyring is readable to them, so they are who they are."""
    user = re.sub(r"[^a-z0-9._-]", "-", getpass.getuser().lower())
    return Viewer(id=f"{AT_THE_MACHINE}{user}"[:48], name="At the command line", role=role)


def viewer(settings: Settings, user: str | None, role: Role) -> Viewer:
    """The person called `user`, else whoever works here, in that role.

    Raises BadSetting for a user who is not known here.
    """
    if user is None:
        return operator(role)
    found = [person for person in people(settings) if person.id == user]
    if not found:
        known = ", ".join(person.id for person in people(settings)) or "nobody; run: signpost demo"
        raise BadSetting(f"Nobody here is called {user}. Known here: {known}.")
    return found[0].viewer()
