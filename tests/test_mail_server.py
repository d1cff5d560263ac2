"""How mail leaves: TLS, a user, and settings that cannot be, each with what to write instead."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPNotSupportedError

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from graph import BadInput, BadSetting, Settings, SignpostError
from signpost.doctor import examine
from signpost.letters import trial
from signpost.mail_server import MailServer
from signpost.parts import mail_of
from tests.mail import LEADS, SENDER, URL, Inbox, served

LETTER = trial(SENDER, LEADS, datetime(2026, 11, 23, 10, 30, tzinfo=UTC), URL)
SECRET = "tractor lemon"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine's, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    there = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(there, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    path = tmp_path / "server.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(key.private_bytes(pem, kind, plain) + made.public_bytes(pem))
    return path


@pytest.fixture
def sealed(certificate: Path) -> Iterator[Inbox]:
    """A mail server that offers STARTTLS, and takes mail of its user only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with served(Inbox(), context) as made:
        yield made


def test_a_user_signs_in_by_tls(
    sealed: Inbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    known = replace(sealed.server(), user="sign@post", password=SECRET)
    assert known.take(LEADS, LETTER) == "250 taken as 17"
    with pytest.raises(SMTPAuthenticationError):
        replace(known, password="guessed").take(LEADS, LETTER)
    assert sealed.told == [LEADS]


def test_a_certificate_that_nobody_knows_gets_nothing(sealed: Inbox) -> None:
    known = replace(sealed.server(), user="sign@post", password=SECRET)
    with pytest.raises(ssl.SSLCertVerificationError):
        known.take(LEADS, LETTER)
    assert (sealed.taken, sealed.users) == ([], [])


def test_no_password_is_sent_without_tls() -> None:
    with served(Inbox()) as inbox, pytest.raises(SMTPNotSupportedError):
        replace(inbox.server(), user="sign@post", password=SECRET).take(LEADS, LETTER)
    assert (inbox.taken, inbox.users) == ([], [])


GOOD = "to,address\n383,leads@example.org\nbroker,line@example.org\n"


def settings(folder: Path, table: str = GOOD, **said: str) -> Settings:
    """Settings of a machine that sends messages."""
    (folder / "mailboxes.csv").write_text(table)
    usual = {
        "SIGNPOST_HOME": str(folder / "home"),
        "SIGNPOST_MAIL_SERVER": "smtp://mail.example.org",
        "SIGNPOST_MAIL_FROM": SENDER,
        "SIGNPOST_MAIL_TO_FILE": str(folder / "mailboxes.csv"),
    }
    return Settings.read(
        {**usual, **{f"SIGNPOST_MAIL_{name}": text for name, text in said.items()}}
    )


@pytest.mark.parametrize(
    ("address", "host", "port", "tls", "user"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, False, ""),
        ("smtps://mail.example.org/", "mail.example.org", 465, True, ""),
        ("smtp://127.0.0.1:25", "127.0.0.1", 25, False, ""),
        ("smtp://sign%40post@mail.example.org:2525", "mail.example.org", 2525, False, "sign@post"),
        ("smtps://[::1]:465", "::1", 465, True, ""),
    ],
)
def test_an_address_of_a_mail_server(
    tmp_path: Path, address: str, host: str, port: int, tls: bool, user: str
) -> None:
    read = MailServer.read(settings(tmp_path, SERVER=address))
    assert read == MailServer(host, port, tls, SENDER, user)


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:0",
        "smtp://mail.example.org:65536",
        "smtp://mail.example.org:x",
        "smtp://signpost:hunter2@mail.example.org",
        "smtp://mail.example.org/inbox",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSetting, match="SIGNPOST_MAIL_SERVER must be smtp://") as caught:
        mail_of(settings(tmp_path, SERVER=address))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "line 1: must be: to,address"),
        ("to,adress\n", "line 1: must be: to,address"),
        ("to,address\n383,leads@example.org\n", "line 3, column to: a row for broker is missing"),
        (GOOD + "383,other@example.org\n", "line 4, column to: stands above already"),
        (GOOD + "999,other@example.org\n", "line 4, column to: is neither the DfE number"),
        (GOOD + "Leeds,other@example.org\n", "line 4, column to: is neither the DfE number"),
        (GOOD + "380,other\n", "line 4, column address: is not an e-mail address, as leads@"),
        (GOOD + '380,"other@example.org, x@example.org"\n', "column address: is not an e-mail"),
        (
            GOOD + '380,"other@example.org\nBcc: x@example.org"\n',
            "column address: is not an e-mail",
        ),
        (GOOD + "380,öther@example.org\n", "column address: is not an e-mail"),
        (GOOD + "380,other@example.org,x\n", "line 4: must have two cells"),
        (GOOD + '380,"other@example.org\n', "line 4: a quote is opened here"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_its_place_and_without_its_value(
    tmp_path: Path, table: str, said: str
) -> None:
    with pytest.raises((BadSetting, BadInput), match=r"mailboxes\.csv") as caught:
        mail_of(settings(tmp_path, table))
    assert said in str(caught.value)
    assert "other" not in str(caught.value)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    for said, sentence in (
        ({"FROM": ""}, "SIGNPOST_MAIL_FROM must be an e-mail address"),
        ({"FROM": "Signpost <signpost@example.org>"}, "SIGNPOST_MAIL_FROM must be"),
        ({"TO_FILE": ""}, "SIGNPOST_MAIL_TO_FILE must name the table"),
        ({"TO_FILE": str(tmp_path / "nowhere.csv")}, "cannot be read; SIGNPOST_MAIL_TO_FILE"),
        ({"SERVER": "smtp://signpost@mail.example.org"}, "SIGNPOST_MAIL_PASSWORD_FILE must name"),
    ):
        with pytest.raises(SignpostError, match=sentence):
            mail_of(settings(tmp_path, **said))


def test_a_password_comes_from_a_file_that_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    (tmp_path / "password").chmod(0o644)
    wanted = settings(
        tmp_path,
        SERVER="smtp://signpost@mail.example.org",
        PASSWORD_FILE=str(tmp_path / "password"),
    )
    with pytest.raises(BadSetting, match="chmod 600"):
        mail_of(wanted)
    (tmp_path / "password").chmod(0o600)
    server, mailboxes = mail_of(wanted)
    assert (server.user, server.password) == ("signpost", SECRET)
    assert SECRET not in repr(server)
    assert mailboxes == {"383": "leads@example.org", "broker": "line@example.org"}


def test_the_doctor_looks_at_it(tmp_path: Path) -> None:
    for table, ok, said in (
        (GOOD, True, "Mailboxes: 2; `signpost messages try` sends each a test."),
        ("to\n", False, "line 1: must be: to,address"),
    ):
        [check] = [c for c in examine(settings(tmp_path, table)) if c.name == "messages"]
        assert (check.ok, said in check.sentence) == (ok, True)
