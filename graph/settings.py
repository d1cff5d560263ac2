"""Settings from the environment: name, default, sentence. docs/settings.md is made from SETTINGS."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from graph import machine
from graph.errors import BadSetting

_DAY = 24 * 60
_MOST_PROXIES = 9
_MOST_WORKERS, _MOST_UNASKED = 16, 4
LOOPBACK = ("127.0.0.1", "::1", "localhost")
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One name that the environment may set, its default, and what it is for."""

    name: str
    default: str
    sentence: str


SETTINGS = (
    Setting("SIGNPOST_HOME", ".signpost", "Folder of what this machine keeps: server, keys, data."),
    Setting(
        "SIGNPOST_PORT", "8400", "Port of the web app, on 127.0.0.1 unless SIGNPOST_HOST says."
    ),
    Setting("SIGNPOST_HOST", "127.0.0.1", "Address on which the web app listens."),
    Setting(
        "SIGNPOST_URL",
        "",
        "Address that browsers use, as https://signpost.example.org where a proxy with TLS stands before "
        "the app (and compresses what it passes on, which the app does not); empty: "
        "http://127.0.0.1:SIGNPOST_PORT, or https:// and SIGNPOST_HOST where that is not this machine "
        "alone.",
    ),
    Setting(
        "SIGNPOST_PROXIES",
        "0",
        "How many proxies before the app add, each at the end of X-Forwarded-For, by whom they were asked "
        "(docs/sign-in.md); 0: that header is not believed.",
    ),
    Setting(
        "SIGNPOST_WORKERS",
        "",
        "How many processes answer, from 1 to 16, each of some 80 MB; empty: one for each core, at most 4.",
    ),
    Setting("SIGNPOST_DEMO", "off", "on: demo people may sign in by name. Never with real data."),
    Setting("SIGNPOST_DB_PORT", "7400", "Port of the embedded Neo4j, always on 127.0.0.1."),
    Setting("SIGNPOST_DB_MEMORY", "1g", "Heap of the embedded Neo4j, as Java writes it."),
    Setting("SIGNPOST_NEO4J_URI", "", "Your own Neo4j (bolt:// or neo4j://); empty: the embedded."),
    Setting("SIGNPOST_NEO4J_USER", "neo4j", "User at your own Neo4j."),
    Setting("SIGNPOST_NEO4J_PASSWORD_FILE", "", "File that holds that user's password, mode 600."),
    Setting("SIGNPOST_NEO4J_DATABASE", "neo4j", "Database at your own Neo4j."),
    Setting("SIGNPOST_KEYRING_FILE", "", "Keyring; empty: keys/keyring.json in SIGNPOST_HOME."),
    Setting(
        "SIGNPOST_SESSION_KEY_FILE", "", "Web session key; empty: keys/session in SIGNPOST_HOME."
    ),
    Setting(
        "SIGNPOST_OIDC_ISSUER",
        "",
        "Your organisation's OpenID Connect issuer, as https://login.example.org; empty: people sign in "
        "by password and one-time code.",
    ),
    Setting("SIGNPOST_OIDC_CLIENT", "signpost", "Client id of Signpost at that issuer."),
    Setting("SIGNPOST_OIDC_SECRET_FILE", "", "File that holds the client's secret, mode 600."),
    Setting(
        "SIGNPOST_OIDC_CLAIMS_FILE",
        "",
        "Table from the issuer's claims to roles, services and authorities (docs/sign-in.md).",
    ),
    Setting(
        "SIGNPOST_ANCHORS",
        "",
        "Where anchors of the access record go: a folder, or s3://bucket/path; empty: anchors in "
        "SIGNPOST_HOME. Best where nobody of this machine can delete.",
    ),
    Setting(
        "SIGNPOST_ANCHOR_KEY_FILE",
        "",
        "Key that signs anchors; empty: keys/anchor in SIGNPOST_HOME.",
    ),
    Setting("SIGNPOST_ANCHOR_MINUTES", "5", "Minutes from one anchor to the next."),
    Setting(
        "SIGNPOST_BACKUP_RECIPIENT",
        "",
        "Whom backups are encrypted to, as `signpost keys recipient` prints it (age1...).",
    ),
    Setting(
        "SIGNPOST_BROKER_LINE", "01632 960999", "Telephone of the broker line (demo: fictional)."
    ),
    Setting(
        "SIGNPOST_MAIL_SERVER",
        "",
        "Mail server that sends messages (docs/messages.md), as smtp://mail.example.org:587 or smtps://, "
        "perhaps with a user; empty: no message is sent.",
    ),
    Setting("SIGNPOST_MAIL_PASSWORD_FILE", "", "File that holds that user's password, mode 600."),
    Setting("SIGNPOST_MAIL_FROM", "", "Address that messages are from."),
    Setting(
        "SIGNPOST_MAIL_TO_FILE",
        "",
        "CSV of mailboxes, to,address: an authority's DfE number, or broker, and where its messages go.",
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force, read once at the start.

    Attributes are the names of SETTINGS in lower case without the prefix; ports and counts are int, files are
    absolute paths, `demo` is bool.
    """

    home: Path
    port: int
    host: str
    url: str
    proxies: int
    workers: int
    demo: bool
    db_port: int
    db_memory: str
    neo4j_uri: str
    neo4j_user: str
    neo4j_password_file: Path | None
    neo4j_database: str
    keyring_file: Path
    session_key_file: Path
    oidc_issuer: str
    oidc_client: str
    oidc_secret_file: Path | None
    oidc_claims_file: Path | None
    anchors: str
    anchor_key_file: Path
    anchor_minutes: int
    backup_recipient: str
    broker_line: str
    mail_server: str
    mail_password_file: Path | None
    mail_from: str
    mail_to_file: Path | None

    @classmethod
    def read(cls, environ: dict[str, str] | None = None) -> "Settings":
        """Read the settings.

        environ: the environment; the process's own when None.
        Raises BadSetting with the name and what to write instead.
        """
        env = dict(os.environ) if environ is None else environ
        text = {s.name: env.get(s.name, "").strip() or s.default for s in SETTINGS}
        unknown = sorted(n for n in env if n.startswith("SIGNPOST_") and n not in text)
        if unknown:
            raise BadSetting(f"{unknown[0]} is not a setting; docs/settings.md lists them all.")
        home = _path(text["SIGNPOST_HOME"], CHECKOUT)
        return cls(
            home=home,
            port=_port(text, "SIGNPOST_PORT"),
            host=text["SIGNPOST_HOST"],
            url=_url(text),
            proxies=_proxies(text, "SIGNPOST_PROXIES"),
            workers=_workers(text, "SIGNPOST_WORKERS"),
            demo=_switch(text, "SIGNPOST_DEMO"),
            db_port=_port(text, "SIGNPOST_DB_PORT"),
            db_memory=text["SIGNPOST_DB_MEMORY"],
            neo4j_uri=text["SIGNPOST_NEO4J_URI"],
            neo4j_user=text["SIGNPOST_NEO4J_USER"],
            neo4j_password_file=_file(text["SIGNPOST_NEO4J_PASSWORD_FILE"]),
            neo4j_database=text["SIGNPOST_NEO4J_DATABASE"],
            keyring_file=_path(text["SIGNPOST_KEYRING_FILE"] or "keys/keyring.json", home),
            session_key_file=_path(text["SIGNPOST_SESSION_KEY_FILE"] or "keys/session", home),
            oidc_issuer=text["SIGNPOST_OIDC_ISSUER"].rstrip("/"),
            oidc_client=text["SIGNPOST_OIDC_CLIENT"],
            oidc_secret_file=_file(text["SIGNPOST_OIDC_SECRET_FILE"]),
            oidc_claims_file=_file(text["SIGNPOST_OIDC_CLAIMS_FILE"]),
            anchors=_place(text["SIGNPOST_ANCHORS"] or "anchors", home),
            anchor_key_file=_path(text["SIGNPOST_ANCHOR_KEY_FILE"] or "keys/anchor", home),
            anchor_minutes=_minutes(text, "SIGNPOST_ANCHOR_MINUTES"),
            backup_recipient=text["SIGNPOST_BACKUP_RECIPIENT"],
            broker_line=text["SIGNPOST_BROKER_LINE"],
            mail_server=text["SIGNPOST_MAIL_SERVER"],
            mail_password_file=_file(text["SIGNPOST_MAIL_PASSWORD_FILE"]),
            mail_from=text["SIGNPOST_MAIL_FROM"],
            mail_to_file=_file(text["SIGNPOST_MAIL_TO_FILE"]),
        )


def _path(text: str, base: Path) -> Path:
    return (base / Path(text).expanduser()).absolute()


def _file(text: str) -> Path | None:
    return _path(text, Path.cwd()) if text else None


def _url(text: dict[str, str]) -> str:
    host, url = text["SIGNPOST_HOST"], text["SIGNPOST_URL"].rstrip("/")
    if url and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", url):
        raise BadSetting("SIGNPOST_URL must be http:// or https:// and a host, with no path.")
    if url:
        return url
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{text['SIGNPOST_PORT']}" if host in LOOPBACK else f"https://{shown}"


def _place(text: str, base: Path) -> str:
    return text if "://" in text else str(_path(text, base))


def _minutes(text: dict[str, str], name: str) -> int:
    value = text[name]
    if not value.isdecimal() or not 0 < int(value) <= _DAY:
        raise BadSetting(f"{name} must be a whole number of minutes, from 1 to {_DAY}.")
    return int(value)


def _proxies(text: dict[str, str], name: str) -> int:
    value = text[name]
    if not value.isdecimal() or int(value) > _MOST_PROXIES:
        raise BadSetting(f"{name} must be a whole number, from 0 to {_MOST_PROXIES}.")
    return int(value)


def _workers(text: dict[str, str], name: str) -> int:
    value = text[name] or str(min(machine.cores(), _MOST_UNASKED))
    if not value.isdecimal() or not 0 < int(value) <= _MOST_WORKERS:
        raise BadSetting(f"{name} must be a whole number, from 1 to {_MOST_WORKERS}.")
    return int(value)


def _port(text: dict[str, str], name: str) -> int:
    value = text[name]
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise BadSetting(f"{name} must be a port, a whole number from 1 to 65535.")
    return int(value)


def _switch(text: dict[str, str], name: str) -> bool:
    if text[name] not in ("on", "off"):
        raise BadSetting(f"{name} must be on or off.")
    return text[name] == "on"
