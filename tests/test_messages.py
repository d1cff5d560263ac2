"""Messages: who is told that something waits once it is written; never of what, and nobody waits for it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from neo4j.exceptions import TransientError

from graph import (
    BROKER,
    AskBroker,
    BadQuestion,
    BreakGlassUses,
    EmbeddedNeo4j,
    Emergency,
    FindChild,
    Graph,
    Keyring,
    Message,
    NotVisible,
    ServiceMapOf,
    Settings,
    untold,
)
from graph.strands import Pen
from signpost import post as posts
from signpost.letters import waits
from signpost.parts import posting
from signpost.post import Post
from tests.mail import FAR_LEADS, LEADS, LINE, SENDER, URL, Inbox, post_to, served
from tests.test_commands import machine, run
from tests.test_explain import HURRIED, PLAIN
from tests.test_slowed import fails
from tests.web_clients import PEOPLE, Client
from tests.world import BROKER as TELEPHONE
from tests.world import CHIDI, LEAD, LEEDS, NOBODY, NOW, NURSE, SHIELDED, World
from web import create_app

pytest_plugins = ("tests.web_fixtures",)
__all__ = ["machine"]
LONG = 60.0


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A mail server that takes everything."""
    with served(Inbox()) as made:
        yield made


@pytest.fixture
def post(inbox: Inbox) -> Iterator[Post]:
    """A post that sends to it."""
    made = post_to(inbox)
    yield made
    made.close(LONG)


@pytest.fixture
def telling(world: World, server: EmbeddedNeo4j, keyring: Keyring, post: Post) -> Iterator[World]:
    """The small world behind a door that tells."""
    own = Graph(server.connection(), keyring, TELEPHONE, clock=lambda: NOW.at, tell=post.send)
    yield World(own)
    own.close()


def hear(telling: World) -> None:
    """State an emergency that opens a child."""
    telling.handle(viewer=HURRIED)


def test_an_emergency_is_told_once_to_the_leads_of_the_area_and_to_the_broker(
    telling: World, post: Post, inbox: Inbox
) -> None:
    handle = telling.handle(viewer=HURRIED)
    for _ in range(3):
        NOW.forward(minutes=1)
        telling.graph.ask(PLAIN, ServiceMapOf(child=handle))
    post.close(LONG)
    assert inbox.told == [LEADS, LINE]


def test_an_emergency_that_opened_a_restricted_record_is_told_too(
    telling: World, post: Post, inbox: Inbox
) -> None:
    [child] = telling.graph.ask(HURRIED, FindChild(nhs_number=SHIELDED)).children
    assert child.restricted
    post.close(LONG)
    assert inbox.told == [LEADS, LINE]


def test_what_opened_nothing_or_needed_no_emergency_is_not_told(
    telling: World, post: Post, inbox: Inbox
) -> None:
    assert not telling.graph.ask(HURRIED, FindChild(nhs_number=NOBODY)).children
    nowhere = HURRIED.model_copy(update={"authority": None})
    assert not telling.graph.ask(nowhere, FindChild(nhs_number=CHIDI)).children
    own = HURRIED.model_copy(update={"service": "leeds-social-care:T1"})
    assert telling.map(viewer=own).involvements
    assert telling.map(viewer=NURSE).involvements
    with pytest.raises(NotVisible):
        telling.graph.ask(PLAIN, ServiceMapOf(child=telling.handle(viewer=NURSE)))
    post.close(LONG)
    assert inbox.told == []


def test_a_request_to_the_broker_is_told_to_the_broker_and_not_again_while_it_waits(
    telling: World, post: Post, inbox: Inbox
) -> None:
    question = AskBroker(child=telling.handle(), telephone="01632 960201", reference="ED-1042")
    assert telling.graph.ask(NURSE, question).introductions == 1
    assert telling.graph.ask(NURSE, question).waiting == 1
    hidden = question.model_copy(update={"child": telling.handle(SHIELDED)})
    assert telling.graph.ask(NURSE, hidden).introductions == 0
    mind = NURSE.model_copy(update={"id": "mind.one", "service": "leeds-social-care:T2"})
    own = question.model_copy(update={"child": telling.handle(viewer=mind)})
    with pytest.raises(BadQuestion):
        telling.graph.ask(mind, own)
    post.close(LONG)
    assert inbox.told == [LINE]


def test_who_is_slowed_down_is_told_to_their_leads_once_an_hour(
    telling: World, post: Post, inbox: Inbox, settings: Settings, bare
) -> None:
    client = Client(create_app(telling.graph, settings, PEOPLE), "nurse.two")
    asked = {"family_name": "Nobody", "given_name": "Known"}
    for _ in range(32):
        found = client.post("/api/find", asked)
    for _ in range(62):
        opened = client.get("/api/children/x/service-map")
    assert (found.status_code, opened.status_code) == (429, 429)
    [row] = bare("MATCH (r:Access {outcome: 'slowed down'}) RETURN count(r) AS records")
    assert row["records"] == 2
    post.close(LONG)
    assert inbox.told == [LEADS]


def test_the_broker_is_told_of_addresses_that_fail_to_sign_in_once_an_hour(
    telling: World, post: Post, inbox: Inbox, settings: Settings, bare
) -> None:
    app = create_app(telling.graph, settings, PEOPLE)
    for address in ("192.0.2.7", "198.51.100.9"):
        assert fails(app, 62, address)[-1] == 429
    [row] = bare("MATCH (r:Access {outcome: 'slowed down'}) RETURN count(r) AS records")
    assert row["records"] == 2
    post.close(LONG)
    assert inbox.told == [LINE]


def test_a_message_says_that_something_waits_and_nothing_else(
    telling: World, post: Post, inbox: Inbox
) -> None:
    hear(telling)
    question = AskBroker(child=telling.handle(), telephone="01632 960201", reference="ED-1042")
    telling.graph.ask(NURSE, question)
    post.close(LONG)
    assert inbox.told == [LEADS, LINE, LINE]
    for to, letter in inbox.taken:
        assert letter.get_content().splitlines() == [
            "Since 10:30 on 23 November 2026 something waits for you in Signpost.",
            "Sign in to see it:",
            "",
            URL,
            "",
            "This message says no more, as others may read this mailbox.",
            "Do not answer it.",
        ]
        said = {name: str(value) for name, value in letter.items()}
        assert said.pop("Message-ID").endswith("@example.org>")
        assert said == {
            "From": SENDER,
            "To": to,
            "Subject": "Something waits for you in Signpost",
            "Date": "Mon, 23 Nov 2026 10:30:00 +0000",
            "Auto-Submitted": "auto-generated",
            "Content-Type": 'text/plain; charset="utf-8"',
            "Content-Transfer-Encoding": "7bit",
            "MIME-Version": "1.0",
        }


def test_the_hour_is_that_of_london() -> None:
    letter = waits(SENDER, LEADS, datetime(2026, 7, 1, 23, 15, tzinfo=UTC), URL)
    assert "Since 00:15 on 2 July 2026 something waits" in letter.get_content()


def test_a_transaction_that_is_tried_again_tells_once_and_one_that_fails_never(
    telling: World, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, tries = Pen.write, []

    def once_more(pen: Pen, *said: Any) -> None:
        write(pen, *said)
        tries.append(1)
        if len(tries) < 3:
            raise TransientError

    monkeypatch.setattr(Pen, "write", once_more)
    hear(telling)
    assert len(tries) == 3

    def broken(pen: Pen, *said: Any) -> None:
        write(pen, *said)
        raise KeyError

    monkeypatch.setattr(Pen, "write", broken)
    with pytest.raises(KeyError):
        hear(telling)
    post.close(LONG)
    assert inbox.told == [LEADS, LINE]


def test_an_answer_does_not_wait_for_a_server_that_says_nothing(
    telling: World, post: Post, inbox: Inbox
) -> None:
    inbox.open.clear()
    hear(telling)
    assert inbox.taken == []  # and it says nothing before this line
    inbox.open.set()
    post.close(LONG)
    assert inbox.told == [LEADS, LINE]


def test_a_server_that_is_away_is_told_without_addresses_and_the_pages_show_it(
    world: World, server: EmbeddedNeo4j, keyring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = post_to(Inbox())
    own = Graph(server.connection(), keyring, TELEPHONE, clock=lambda: NOW.at, tell=nobody.send)
    hear(World(own))
    nobody.close(LONG)
    assert capsys.readouterr().err.splitlines() == 2 * [
        "signpost: a message was not sent: ConnectionRefusedError. What waits stands on the pages."
    ]
    assert len(own.ask(LEAD, BreakGlassUses())) == 1
    own.close()


def test_what_a_server_refuses_is_tried_three_times_and_said_without_its_words(
    post: Post, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox.refuses = "550 no such mailbox"
    post.send(Message(LEEDS, NOW.at))
    post.close(LONG)
    assert (inbox.seen, inbox.taken) == (3, [])
    said = capsys.readouterr().err
    assert "not sent: SMTPResponseException 550." in said
    assert "@" not in said


def test_a_server_that_comes_back_gets_what_waited(post: Post, inbox: Inbox) -> None:
    """The first try is refused; before the second the server takes mail again."""
    waited = post_to(inbox, (LONG,))
    inbox.refuses = "451 later"
    waited.send(Message(LEEDS, NOW.at))
    assert inbox.begun.wait(LONG)
    inbox.refuses = ""
    waited.close(LONG)  # nobody waits for a pause any more
    assert (inbox.told, inbox.seen) == ([LEADS], 2)


def test_more_than_may_wait_and_whom_the_table_does_not_name_are_said(
    post: Post, inbox: Inbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "MOST", 0)
    post.send(Message(LEEDS, NOW.at))
    post.send(Message("201", NOW.at))
    said = capsys.readouterr().err
    assert "not sent: too many wait already." in said
    assert "not sent: SIGNPOST_MAIL_TO_FILE has no row for 201." in said
    post.close(LONG)
    assert inbox.taken == []


def test_a_process_that_ends_says_what_it_leaves(
    inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox.open.clear()
    left = post_to(inbox)
    for to in (LEEDS, BROKER):
        left.send(Message(to, NOW.at))
    left.close(0.1)
    assert "the process ends; number of these: 2." in capsys.readouterr().err
    inbox.open.set()
    left.close(LONG)


def test_without_a_setting_nobody_is_told(settings: Settings) -> None:
    with posting(settings) as tell:
        assert tell is untold


def set_mail(inbox: Inbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of a machine that sends messages."""
    table = folder / "mailboxes.csv"
    table.write_text(f"to,address\n{LEEDS},{LEADS}\n380,{FAR_LEADS}\n{BROKER},{LINE}\n")
    monkeypatch.setenv("SIGNPOST_MAIL_SERVER", f"smtp://127.0.0.1:{inbox.port}")
    monkeypatch.setenv("SIGNPOST_MAIL_FROM", SENDER)
    monkeypatch.setenv("SIGNPOST_MAIL_TO_FILE", str(table))


def test_break_glass_on_the_command_line_is_told_too(
    machine: Path, world: World, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(inbox, tmp_path, monkeypatch)
    (machine / "demo").mkdir()
    people = [person.model_dump(mode="json") for person in PEOPLE]
    (machine / "demo" / "people.json").write_text(json.dumps({"people": people, "try": []}))
    words = ["find", "--stdin", "--as", "nurse.two", "--emergency", Emergency.LIFE.value]
    said = run(*words, "--reference", "ED-7", stdin=f"nhs_number={CHIDI}\n")
    assert "One match." in said
    assert inbox.told == [LEADS, LINE]


def test_a_test_goes_to_each_mailbox_and_says_what_the_server_answered(
    home: Path, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(inbox, tmp_path, monkeypatch)
    answer = "250 taken as 17"
    assert run("messages", "try").splitlines() == [
        f"{to}: {answer}" for to in (LEEDS, "380", BROKER)
    ]
    assert inbox.told == sorted([LEADS, FAR_LEADS, LINE])
    assert {letter["Subject"] for _, letter in inbox.taken} == {"A test of Signpost's messages"}
