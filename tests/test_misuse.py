"""Signs of misuse: each pattern by one who shows it, not by one just under it, and never of which child."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from string import ascii_lowercase

import pytest

from graph import (
    EmbeddedNeo4j,
    Emergency,
    Explained,
    Explanation,
    FindChild,
    Graph,
    Keyring,
    MisuseSign,
    MisuseSigns,
    NotAllowed,
    Pattern,
    Purpose,
    Role,
    ServiceMapOf,
    Source,
    UnexplainedUses,
    Viewer,
)
from tests.web_clients import Client, crowd
from tests.world import (
    AUDITOR,
    BROKER,
    CHIDI,
    FAR_LEAD,
    LEAD,
    LEEDS,
    NOW,
    SHIELDED,
    STEWARD,
    World,
    involvement,
    leeds,
    service,
    span,
)
from web.words import misused

pytest_plugins = ("tests.web_fixtures",)
SignIn = Callable[[str], Client]

T1, T2, T3, NIGHTS = (f"leeds-social-care:{one}" for one in ("T1", "T2", "T3", "T4"))
_NAMES = ["".join(letters) for letters in product("bdg", ascii_lowercase, "ru")]


def user(who: str, of: str | None = "elsewhere:1", **more: object) -> Viewer:
    """A practitioner in Leeds, who states a purpose."""
    stated = {"purpose": Purpose.ENQUIRY, "reference": f"{who}-1", **more}
    return Viewer.model_validate(
        {"id": who, "role": Role.PRACTITIONER, "service": of, "authority": LEEDS, **stated}
    )


def signs(world: World, pattern: Pattern, days: int = 30) -> list[MisuseSign]:
    """What the lead sees of one pattern; what an auditor sees is the same, another lead sees nothing."""
    ask = world.graph.ask
    found = [s for s in ask(LEAD, MisuseSigns(days=days)).signs if s.pattern is pattern]
    for viewer, expected in ((AUDITOR, found), (FAR_LEAD, [])):
        seen = ask(viewer, MisuseSigns(days=days)).signs
        assert [s for s in seen if s.pattern is pattern] == expected
    return found


def look_daily(world: World, times: dict[str, int], of: str | None = "elsewhere:1") -> None:
    """Users open Chidi once a day, each on so many days."""
    for day in range(max(times.values())):
        for name, days in times.items():
            if day < days:
                world.map(viewer=user(name, of))
        NOW.forward(days=1)


def test_looks_that_nothing_followed(world: World) -> None:
    more = {"services": [*leeds().services, service("T3", "Leeds Assessment", LEEDS)]}
    world.graph.load(STEWARD, leeds(**more))
    began = NOW.at
    for day in range(3):
        for name, of in (("idle.one", "elsewhere:1"), ("busy.one", T3)):
            world.map(viewer=user(name, of))
        if day:
            world.map(viewer=user("seldom.one"))
            world.map(viewer=user("none.one", None))
        NOW.forward(days=1)
    NOW.forward(days=40)
    came = involvement("I9", "C1", "T3", span("2026-12-20"))
    today = NOW.at.date()
    later = leeds(involvements=[*leeds().involvements, came], extracted=today, **more)
    world.graph.load(STEWARD, later)
    assert signs(world, Pattern.NO_INVOLVEMENT) == []  # nobody has had the time yet
    NOW.at = began + timedelta(days=62)
    [sign] = signs(world, Pattern.NO_INVOLVEMENT)
    assert (sign.users, sign.count, sign.references) == (["idle.one"], 3, ["idle.one-1"])
    assert (sign.first, sign.last) == (began, began + timedelta(days=2))
    assert sign.why == (
        "Of 3 looks for a stated purpose 3 were followed by no involvement of their service"
        " within 60 days."
    )
    NOW.forward(days=31)
    assert signs(world, Pattern.NO_INVOLVEMENT) == []


def test_an_involvement_that_was_over_is_none_that_followed(world: World) -> None:
    """It is no ground any more either: its source keeps six years."""
    over = involvement("I9", "C1", "T3", span("2019-01-01", "2020-11-24"))
    more = {"services": [*leeds().services, service("T3", "Leeds Assessment", LEEDS)]}
    world.graph.load(STEWARD, leeds(involvements=[*leeds().involvements, over], **more))
    NOW.forward(days=3)
    began = NOW.at
    look_daily(world, {"idle.one": 3}, T3)
    NOW.at = began + timedelta(days=62)
    [sign] = signs(world, Pattern.NO_INVOLVEMENT)
    assert (sign.users, sign.count) == (["idle.one"], 3)


def test_their_own_family_name(world: World, bare) -> None:
    for who, name in (("okafor.one", "Nadia Okafor"), ("other.one", "Nadia Other")):
        world.handle(viewer=user(who, name=name))
    world.handle(viewer=user("double.one", name="Nadia Eze-Smith"))
    own, double = sorted(signs(world, Pattern.NAMESAKES), key=lambda s: s.users[0], reverse=True)
    assert (own.users, own.count, own.references) == (["okafor.one"], 1, ["okafor.one-1"])
    assert double.users == ["double.one"]
    rows = bare("MATCH (r:Access {question: 'FindChild'}) RETURN r.namesake AS mark")
    marks = [row["mark"] for row in rows]
    assert len(set(marks)) == 3
    assert {len(mark) for mark in marks} == {49}  # which of them say yes only a keyring tells


def test_a_shielded_child_of_their_own_name_is_a_sign_like_any(world: World) -> None:
    world.handle(SHIELDED, viewer=user("nowak.one", name="Nadia Nowak"))
    [sign] = signs(world, Pattern.NAMESAKES)
    assert (sign.users, "restricted" in sign.why) == (["nowak.one"], False)


def test_a_common_name_is_no_sign(world: World, server: EmbeddedNeo4j, keyring: Keyring) -> None:
    world.graph.load(STEWARD, SOURCE)
    world.graph.load(STEWARD, crowd(25))
    world.graph.match(STEWARD)
    fresh = World(Graph(server.connection(), keyring, BROKER, clock=lambda: NOW.at))
    fresh.handle("9990001006", viewer=user("many.one", name="Mary Many"))
    fresh.handle(viewer=user("okafor.one", name="Nadia Okafor"))
    [sign] = signs(fresh, Pattern.NAMESAKES)
    fresh.graph.close()
    assert sign.users == ["okafor.one"]


SOURCE = Source.model_validate(
    {
        "id": "leeds-health",
        "name": "Leeds health",
        "authority": LEEDS,
        "agency": "health",
        "basis": "public task",
    }
)


def test_many_at_one_child(world: World) -> None:
    names = [f"user.{letter}" for letter in "abcd"]
    for name in names:
        world.map(viewer=user(name))
        world.map(viewer=user(name))
    world.map(viewer=user("mind.one", T2))  # of a service that works with the child
    world.handle(viewer=user("finds.one"))  # who does not open it
    assert signs(world, Pattern.SAME_CHILD) == []
    world.map(viewer=user("later.one", T3))
    assert len(signs(world, Pattern.SAME_CHILD)) == 1
    services = [*leeds().services, service("T3", "Leeds Assessment", LEEDS)]
    came = [*leeds().involvements, involvement("I9", "C1", "T3", span("2026-11-22"))]
    world.graph.load(STEWARD, leeds(services=services, involvements=came))
    assert signs(world, Pattern.SAME_CHILD) == []
    NOW.forward(days=29)
    world.map(viewer=user("user.e"))
    [sign] = signs(world, Pattern.SAME_CHILD, days=7)
    assert (sign.users, sign.count) == ([*names, "user.e"], 5)
    assert sign.last - sign.first == timedelta(days=29)
    assert sign.references[0] == "user.e-1"


def test_many_at_one_child_over_a_longer_time_are_none(world: World) -> None:
    for letter in "abcd":
        world.map(viewer=user(f"user.{letter}"))
    NOW.forward(days=30)
    world.map(viewer=user("user.e"))
    assert signs(world, Pattern.SAME_CHILD, days=365) == []


def test_by_night(world: World) -> None:
    kept = {"T1": "Mo-Fr 09:00-17:00", "T3": "24/7", "T4": "Mo-Su 20:00-08:00"}
    services = [service(local, f"Leeds {local}", LEEDS, hours=h) for local, h in kept.items()]
    world.graph.load(STEWARD, leeds(services=[*leeds().services[1:], *services]))
    works_for = {
        "late.one": T1,
        "twice.one": T1,
        "always.one": T3,
        "shift.one": NIGHTS,
        "none.one": None,
    }
    for night in range(3):
        NOW.forward(hours=12)  # 22:30
        for who, of in works_for.items():
            if night < (2 if who == "twice.one" else 3):
                world.map(viewer=user(who, of))
                world.map(viewer=user(who, of))
        NOW.forward(hours=12)
    [sign] = signs(world, Pattern.ODD_HOURS)
    assert (sign.users, sign.count) == (["late.one"], 3)
    assert sign.why == (
        "They opened 3 children between 22:00 and 06:00, when their service is closed."
    )


def test_far_more_than_their_peers(world: World) -> None:
    peers = {f"peer.{letter}": 2 for letter in "abcd"}
    look_daily(world, {"many.one": 20, "more.one": 19, **peers}, T1)
    look_daily(world, {"alone.one": 5}, "elsewhere:1")
    [sign] = signs(world, Pattern.OVER_PEERS)
    assert (sign.users, sign.count) == (["many.one"], 20)
    assert sign.why == (
        "20 looks in 30 days, where 2 are usual among 5 peers of the same role and kind of service."
    )


def test_among_too_few_peers_nobody_is_far_over_them(world: World) -> None:
    peers = {f"peer.{letter}": 1 for letter in "abcd"}
    look_daily(world, {"many.one": 21, **peers}, T1)
    assert signs(world, Pattern.OVER_PEERS) == []


def test_break_glass_not_explained(world: World) -> None:
    hurried = {"purpose": None, "emergency": Emergency.LIFE}
    for name in ("silent.one", "silent.one", "tells.one"):
        world.map(viewer=user(name, **hurried))
        NOW.forward(minutes=1)
    tells = user("tells.one", **hurried)
    use = world.graph.ask(tells, UnexplainedUses()).uses[0].handle
    said = Explanation(use=use, explained=Explained.MADE_SAFE, reference="C-12")
    world.graph.explain(tells, said)
    NOW.forward(hours=23)
    world.map(viewer=user("fresh.one", **hurried))
    assert signs(world, Pattern.UNEXPLAINED) == []
    NOW.forward(hours=1)
    [sign] = signs(world, Pattern.UNEXPLAINED)
    assert (sign.users, sign.count, sign.references) == (["silent.one"], 2, ["silent.one-1"])


def search(world: World, who: Viewer, times: int, minutes: int = 2) -> None:
    """Search by names that nobody has."""
    for name in _NAMES[:times]:
        world.graph.ask(who, FindChild(family_name=f"Xq{name}", given_name="Sam"))
        NOW.forward(minutes=minutes)


def test_searches_that_walk_through_names(world: World) -> None:
    search(world, user("walks.one"), 16)
    NOW.forward(hours=2)
    search(world, user("under.one"), 14)
    opened = world.graph.ask(user("under.one"), FindChild(family_name="Okafor", given_name="Chidi"))
    world.graph.ask(user("under.one"), ServiceMapOf(child=opened.children[0].handle))
    NOW.forward(hours=2)
    search(world, user("slow.one"), 15, minutes=5)
    for _ in range(15):
        world.graph.ask(user("number.one"), FindChild(nhs_number="9990000034"))
    [sign] = signs(world, Pattern.WALKS)
    assert (sign.users, sign.count) == (["walks.one"], 16)
    assert sign.last - sign.first == timedelta(minutes=30)


def test_no_sign_tells_a_child(world: World, bare) -> None:
    for letter in "abcde":
        world.map(viewer=user(f"user.{letter}", name="Nadia Okafor"))
    found = world.graph.ask(LEAD, MisuseSigns())
    ids = [row["id"] for row in bare("MATCH (c:Child) RETURN c.id AS id")]
    text = found.model_dump_json()
    assert found.total[Pattern.SAME_CHILD] == 1
    assert [word for word in (*ids, CHIDI, "Okafor", "Chidi") if word in text] == []
    rows = bare("MATCH (r:Access {question: 'MisuseSigns'}) RETURN r.days AS d, r.shown AS s")
    assert rows == [{"d": 30, "s": len(found.signs)}]


def test_looks_at_a_restricted_record_are_no_sign_of_a_child(world: World) -> None:
    """Whether anything followed, and how many others looked, could tell that a child is shielded."""
    for letter in "abcde":
        world.map(SHIELDED, viewer=user(f"user.{letter}"))
    assert signs(world, Pattern.SAME_CHILD) == []


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ANALYST, Role.STEWARD])
def test_only_a_lead_or_an_auditor_may_ask(world: World, role: Role) -> None:
    with pytest.raises(NotAllowed):
        world.graph.ask(LEAD.model_copy(update={"role": role}), MisuseSigns())


def test_in_plain_words() -> None:
    sign = MisuseSign(
        pattern=Pattern.UNEXPLAINED,
        users=["nurse.one"],
        count=2,
        why="They did not explain it.",
        first=NOW.at,
        last=NOW.at + timedelta(days=1),
        references=["ED-7"],
    )
    assert misused(sign) == (
        "nurse.one: They did not explain it. From 23 November 2026 at 10:30 to 24 November 2026"
        " at 10:30. Their references: ED-7."
    )


def test_the_page_and_the_program_say_the_same(sign_in: SignIn) -> None:
    lead, auditor = sign_in("lead.one"), sign_in("auditor.one")
    assert "No sign in these days" in lead.get("/misuse").text
    nurse = sign_in("nurse.two")
    for name in _NAMES[:15]:
        nurse.post("/api/find", {"family_name": f"Xq{name}", "given_name": "Sam"})
    assert "No sign in these days" in lead.get("/misuse").text
    shown = auditor.get("/misuse?days=7").text
    for said in ("nurse.two", "Searches that walk through names", "15 searches by name"):
        assert said in shown
    [sign] = auditor.get("/api/misuse?days=7").json["signs"]
    assert (sign["users"], sign["count"]) == (["nurse.two"], 15)
    assert auditor.get("/misuse?days=0").status_code == 422
    assert auditor.get("/api/misuse?days=Okafor").status_code == 422
    assert nurse.get("/misuse").status_code == 403
