"""Who comes in: passwords, one-time codes, locks, sessions that end at once."""

from datetime import timedelta

import pyotp
import pytest
from pydantic import ValidationError

from graph import (
    Accounts,
    BadQuestion,
    Graph,
    NewUser,
    NotAllowed,
    NotSignedIn,
    NotVisible,
    Origin,
    Purpose,
    Role,
    Secrets,
    ServiceMapOf,
    Sessions,
    Viewer,
)
from graph.store import Transaction
from tests.world import BRADFORD, LEEDS, NOW, STEWARD, World

PASSWORD = "tractor lemon quiet harbour"
NADIA = NewUser(id="nadia.one", name="Nadia One", role=Role.PRACTITIONER, authority=LEEDS)
LENA = NewUser(id="lena.lead", name="Lena Lead", role=Role.LEAD, authority=LEEDS)
LEAD = LENA.viewer()
REFUSED = """
MATCH (r:Access {question: 'SignIn', outcome: 'not signed in'})
RETURN r.user AS user ORDER BY r.at, r.id
"""


def code(given: Secrets) -> str:
    """What Nadia's authenticator shows now."""
    return pyotp.TOTP(given.otp).at(NOW.at)


@pytest.fixture
def accounts(graph: Graph) -> Accounts:
    return Accounts(graph)


@pytest.fixture
def sessions(graph: Graph) -> Sessions:
    return Sessions(graph)


@pytest.fixture
def given(accounts: Accounts) -> Secrets:
    return accounts.add(STEWARD, NADIA, PASSWORD)


def outcomes(bare, question: str) -> list[str]:
    rows = bare(
        "MATCH (r:Access {question: $question}) RETURN r.outcome AS outcome ORDER BY r.at, r.id",
        question=question,
    )
    return [row["outcome"] for row in rows]


def test_a_user_comes_in_by_password_and_code_and_goes(sessions: Sessions, given: Secrets, bare):
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))

    found = sessions.signed_in(held)
    assert found is not None
    assert (found.viewer, found.origin, found.proved) == (NADIA.viewer(), Origin.OWN, True)
    sessions.sign_out(held)
    assert sessions.signed_in(held) is None
    assert outcomes(bare, "SignIn") == ["done"]


def test_what_does_not_fit_is_told_in_the_same_words(sessions: Sessions, given: Secrets):
    tries = [
        ("nobody.here", PASSWORD, code(given)),
        ("nadia.one", "another password altogether", code(given)),
        ("nadia.one", PASSWORD, "000000"),
        ("nadia.one", PASSWORD, ""),
        ("nadia.one", "", code(given)),
    ]
    said = set()
    for user, password, typed in tries:
        with pytest.raises(NotSignedIn) as refused:
            sessions.sign_in(user, password, typed)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_code_does_once_and_a_recovery_code_too(sessions: Sessions, given: Secrets):
    shown = code(given)
    sessions.sign_in("nadia.one", PASSWORD, shown)
    with pytest.raises(NotSignedIn):
        sessions.sign_in("nadia.one", PASSWORD, shown)
    one, other, *_ = given.recovery
    sessions.sign_in("nadia.one", PASSWORD, one.upper())
    with pytest.raises(NotSignedIn):
        sessions.sign_in("nadia.one", PASSWORD, one)
    sessions.sign_in("nadia.one", PASSWORD, f" {other} ")


def test_after_five_failures_even_what_is_right_is_refused_for_a_while(
    sessions: Sessions, given: Secrets, bare
):
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sessions.sign_in("nadia.one", "another password altogether", code(given))
    with pytest.raises(NotSignedIn, match="not right"):
        sessions.sign_in("nadia.one", PASSWORD, code(given))
    NOW.forward(minutes=16)
    assert sessions.signed_in(sessions.sign_in("nadia.one", PASSWORD, code(given)))
    assert outcomes(bare, "SignIn") == [*["not signed in"] * 4, "locked", "locked", "done"]


def test_who_is_not_known_is_recorded_without_what_they_typed(
    sessions: Sessions, given: Secrets, bare
):
    with pytest.raises(NotSignedIn):
        sessions.sign_in("nadia.on", PASSWORD, code(given))
    [row] = bare(
        "MATCH (r:Access {question: 'SignIn'}) RETURN r.user AS user, r.outcome AS outcome"
    )
    assert row == {"user": "unknown", "outcome": "not signed in"}


def test_a_right_code_beside_a_wrong_password_is_not_spent(sessions: Sessions, given: Secrets):
    for user, password in (("nadia.one", "another password altogether"), ("nobody.here", PASSWORD)):
        with pytest.raises(NotSignedIn):
            sessions.sign_in(user, password, code(given))
    assert sessions.sign_in("nadia.one", PASSWORD, code(given))


def test_as_many_statements_run_whatever_does_not_fit(
    sessions: Sessions, given: Secrets, monkeypatch: pytest.MonkeyPatch
):
    ran: list[str] = []
    run = Transaction.run

    def noting(self: Transaction, name: str, /, **params: object):
        ran.append(name)
        return run(self, name, **params)

    monkeypatch.setattr(Transaction, "run", noting)
    seen = set()
    tries = [
        ("nobody.here", PASSWORD, code(given)),
        *[("nadia.one", "another password altogether", code(given))] * 2,
        *[("nadia.one", PASSWORD, "000000")] * 4,
        ("nadia.one", PASSWORD, code(given)),
    ]
    for user, password, typed in tries:
        ran.clear()
        with pytest.raises(NotSignedIn):
            sessions.sign_in(user, password, typed)
        seen.add(tuple(ran))
    assert len(seen) == 1


def test_a_session_ends_when_it_is_idle_and_after_twelve_hours(sessions: Sessions, given: Secrets):
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))
    for _ in range(26):
        NOW.forward(minutes=27)
        assert sessions.signed_in(held)
    NOW.forward(minutes=31)
    assert sessions.signed_in(held) is None
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))
    for _ in range(26):
        NOW.forward(minutes=27)
        sessions.signed_in(held)
    NOW.forward(minutes=20)
    assert sessions.signed_in(held) is None


def test_when_access_is_taken_away_every_session_ends_at_once(
    accounts: Accounts, sessions: Sessions, given: Secrets
):
    first = sessions.sign_in("nadia.one", PASSWORD, code(given))
    second = sessions.sign_in("nadia.one", PASSWORD, given.recovery[0])
    accounts.end(LEAD, "nadia.one")
    assert (sessions.signed_in(first), sessions.signed_in(second)) == (None, None)
    with pytest.raises(NotSignedIn, match="was ended"):
        sessions.sign_in("nadia.one", PASSWORD, given.recovery[1])


def test_access_that_nobody_confirms_ends_after_four_months(
    accounts: Accounts, sessions: Sessions, given: Secrets
):
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))
    NOW.forward(days=115)
    [nadia] = accounts.listed(LEAD)
    assert (nadia.due, nadia.open) == (True, True)
    accounts.confirm(LEAD, "nadia.one")
    NOW.forward(days=115)
    sessions.sign_in("nadia.one", PASSWORD, code(given))
    NOW.forward(days=9)
    with pytest.raises(NotSignedIn, match="not confirmed"):
        sessions.sign_in("nadia.one", PASSWORD, code(given))
    assert sessions.signed_in(held) is None
    [nadia] = accounts.listed(LEAD)
    assert not nadia.open


def test_a_lead_confirms_others_of_their_area_and_nobody_else(accounts: Accounts, given: Secrets):
    accounts.add(STEWARD, LENA, PASSWORD)
    elsewhere = Viewer(id="lead.two", role=Role.LEAD, authority=BRADFORD)
    assert accounts.listed(elsewhere) == []
    for viewer, user in ((elsewhere, "nadia.one"), (LEAD, "lena.lead"), (LEAD, "nobody.here")):
        with pytest.raises(BadQuestion, match="yours to confirm"):
            accounts.confirm(viewer, user)
    accounts.confirm(STEWARD, "lena.lead")
    for viewer in (NADIA.viewer(), Viewer(id="audrey", role=Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            accounts.confirm(viewer, "lena.lead")
    with pytest.raises(NotAllowed):
        accounts.add(LEAD, NADIA, PASSWORD)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12"),
        ("x" * 200, "at most 128"),
        ("passwordpassword", "too easy"),
        ("nadia.one2026!", "too easy"),
        ("qwertyuiop[]", "too easy"),
        ("Liverpool1234", "too easy"),
    ],
)
def test_a_password_that_is_easy_is_refused(accounts: Accounts, password: str, says: str):
    with pytest.raises(BadQuestion, match=says):
        accounts.add(STEWARD, NADIA, password)


@pytest.mark.parametrize("user", ["unknown", "cli.root", "x", "Nadia One"])
def test_nobody_is_called_as_records_call_others(user: str):
    with pytest.raises(ValidationError):
        NewUser.model_validate({**NADIA.model_dump(), "id": user})


def test_an_id_is_one_users_and_a_service_must_be_there(
    accounts: Accounts, given: Secrets, world: World
):
    for user in (NADIA, NADIA.model_copy(update={"id": "omar", "service": "leeds:none"})):
        with pytest.raises(BadQuestion, match="is taken, or there is no service"):
            accounts.add(STEWARD, user, PASSWORD)
    there = NADIA.model_copy(update={"id": "omar", "service": "leeds-social-care:T1"})
    accounts.add(STEWARD, there, PASSWORD)


def test_new_secrets_end_the_sessions_and_the_old_ones(
    accounts: Accounts, sessions: Sessions, given: Secrets
):
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))
    renewed = accounts.renew(STEWARD, "nadia.one", "four other quiet pigeons")
    assert sessions.signed_in(held) is None
    NOW.forward(minutes=1)
    for password, typed in ((PASSWORD, code(renewed)), ("four other quiet pigeons", code(given))):
        with pytest.raises(NotSignedIn):
            sessions.sign_in("nadia.one", password, typed)
    sessions.sign_in("nadia.one", "four other quiet pigeons", code(renewed))
    with pytest.raises(BadQuestion):
        accounts.renew(STEWARD, "nobody.here", "four other quiet pigeons")
    with pytest.raises(BadQuestion, match="too easy"):
        accounts.renew(STEWARD, "nadia.one", "nadia one nadia one")


def test_a_second_factor_counts_for_ten_minutes(sessions: Sessions, given: Secrets):
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))
    NOW.forward(minutes=11)
    found = sessions.signed_in(held)
    assert found is not None
    assert not found.proved
    assert not sessions.prove(held, found.viewer, "000000")
    assert sessions.prove(held, found.viewer, code(given))
    assert sessions.signed_in(held).proved


def test_whom_an_organisation_brings_is_one_user_even_by_a_new_name(
    accounts: Accounts, sessions: Sessions, given: Secrets, bare
):
    omar = NADIA.model_copy(update={"id": "omar.two", "name": "Omar Two"})
    sessions.bring(omar, Origin.ORGANISATION, "idp|17")
    renamed = omar.model_copy(update={"id": "omar.new", "role": Role.LEAD})
    held = sessions.bring(renamed, Origin.ORGANISATION, "idp|17")
    found = sessions.signed_in(held)
    assert found is not None
    assert found.viewer == renamed.model_copy(update={"id": "omar.two"}).viewer()
    assert not found.proved
    assert {one.id for one in accounts.listed(STEWARD)} == {"nadia.one", "omar.two"}
    # Nor does it make them somebody else where they are called as another is here.
    held = sessions.bring(NADIA, Origin.ORGANISATION, "idp|17")
    assert sessions.signed_in(held).viewer.id == "omar.two"
    for taken in (NADIA, omar):
        with pytest.raises(NotSignedIn, match="Somebody else"):
            sessions.bring(taken, Origin.ORGANISATION, "idp|18")
    assert [row["user"] for row in bare(REFUSED)] == ["unknown"] * 2
    sessions.bring(renamed, Origin.ORGANISATION, "idp|19")
    assert {one.id for one in accounts.listed(STEWARD)} == {"nadia.one", "omar.two", "omar.new"}
    accounts.end(STEWARD, "omar.two")
    assert sessions.signed_in(held) is None
    with pytest.raises(NotSignedIn, match="was ended"):
        sessions.bring(renamed, Origin.ORGANISATION, "idp|17")


def test_whoever_comes_under_a_former_name_gets_nothing_of_who_had_it(
    sessions: Sessions, world: World
):
    """A child's handle of the day opens for one user, and a user is one person."""
    first = NADIA.model_copy(update={"id": "omar.two"})
    viewer = sessions.signed_in(sessions.bring(first, Origin.ORGANISATION, "idp|17")).viewer
    handle = world.handle(viewer=viewer.stating(purpose=Purpose.MISSING, reference="M-1"))
    sessions.bring(NADIA, Origin.ORGANISATION, "idp|17")
    with pytest.raises(NotSignedIn, match="Somebody else"):
        sessions.bring(first, Origin.ORGANISATION, "idp|18")
    other = NADIA.model_copy(update={"id": "omar.too"})
    other = sessions.signed_in(sessions.bring(other, Origin.ORGANISATION, "idp|18")).viewer
    assert world.graph.ask(viewer, ServiceMapOf(child=handle))
    with pytest.raises(NotVisible):
        world.graph.ask(other, ServiceMapOf(child=handle))


def test_who_is_turned_away_has_no_session_any_more(sessions: Sessions, given: Secrets, bare):
    omar = NADIA.model_copy(update={"id": "omar.two"})
    held = [sessions.bring(omar, Origin.ORGANISATION, "idp|17") for _ in range(2)]
    own = sessions.sign_in("nadia.one", PASSWORD, code(given))
    sessions.turn_away("idp|99")
    assert all(map(sessions.signed_in, held))
    sessions.turn_away("idp|17")
    assert list(map(sessions.signed_in, held)) == [None, None]
    assert sessions.signed_in(own)
    assert [row["user"] for row in bare(REFUSED)] == ["unknown", "omar.two"]


@pytest.mark.parametrize(
    "change",
    ["u.role = 'steward'", "u.service = 'leeds-social-care:T1'", f"u.authority = '{BRADFORD}'"],
)
def test_what_was_written_into_the_database_signs_nobody_in(
    sessions: Sessions, given: Secrets, bare, change: str
) -> None:
    """Not for somebody of this machine's own, nor of an organisation, until that says anew who they are."""
    held = sessions.sign_in(NADIA.id, PASSWORD, given.recovery[0])
    brought = sessions.bring(LENA, Origin.ORGANISATION, "idp|17")
    assert sessions.signed_in(held)
    assert sessions.signed_in(brought)
    bare(f"MATCH (u:User) SET {change}")
    assert (sessions.signed_in(held), sessions.signed_in(brought)) == (None, None)
    with pytest.raises(NotSignedIn):
        sessions.sign_in(NADIA.id, PASSWORD, given.recovery[1])
    anew = sessions.bring(LENA, Origin.ORGANISATION, "idp|17")
    assert sessions.signed_in(anew).viewer == LENA.viewer()


def test_no_session_is_led_to_another_user(
    sessions: Sessions, accounts: Accounts, given: Secrets, bare
) -> None:
    held = sessions.sign_in(NADIA.id, PASSWORD, code(given))
    accounts.add(STEWARD, LENA, PASSWORD)
    bare(
        "MATCH (s:Session)-[was:SESSION_OF]->(), (u:User {id: 'lena.lead'}) DELETE was "
        "CREATE (s)-[:SESSION_OF]->(u)"
    )
    assert sessions.signed_in(held) is None


def test_who_was_changed_there_is_made_anew_with_new_secrets(
    sessions: Sessions, accounts: Accounts, given: Secrets, bare
) -> None:
    bare("MATCH (u:User) REMOVE u.stamp")
    with pytest.raises(NotSignedIn):
        sessions.sign_in(NADIA.id, PASSWORD, given.recovery[0])
    anew = accounts.renew(STEWARD, NADIA.id, PASSWORD)
    assert sessions.signed_in(sessions.sign_in(NADIA.id, PASSWORD, anew.recovery[0]))


def test_a_stolen_graph_holds_no_secret_of_a_user(sessions: Sessions, given: Secrets, bare):
    held = sessions.sign_in("nadia.one", PASSWORD, code(given))
    kept = str(bare("MATCH (n) WHERE n:User OR n:Session OR n:Access RETURN properties(n) AS n"))
    for secret in (PASSWORD, "argon2", given.otp, held, *given.recovery):
        assert secret not in kept


def test_a_new_key_seals_the_secrets_anew(rotating: Graph, bare):
    given, sessions = Accounts(rotating).add(STEWARD, NADIA, PASSWORD), Sessions(rotating)
    rotating.rotate(STEWARD, wait=0)
    [row] = bare("MATCH (u:User) RETURN [u.password, u.otp] + u.recovery AS secrets")
    assert {text.partition(".")[0] for text in row["secrets"]} == {"k2"}
    assert sessions.sign_in("nadia.one", PASSWORD, code(given))
    assert sessions.sign_in("nadia.one", PASSWORD, given.recovery[0])
    with pytest.raises(NotSignedIn):
        sessions.sign_in("nadia.one", PASSWORD, given.recovery[0])


def test_sessions_that_are_over_do_not_stay(sessions: Sessions, given: Secrets, bare):
    sessions.sign_in("nadia.one", PASSWORD, code(given))
    NOW.at += timedelta(hours=1)
    sessions.sign_in("nadia.one", PASSWORD, code(given))
    assert bare("MATCH (s:Session) RETURN count(s) AS n") == [{"n": 1}]
