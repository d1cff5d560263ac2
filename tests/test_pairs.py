"""Possible duplicates: found by loads, judged by stewards, undone, and never a way round shielding."""

import itertools
import random
from typing import Any

import pytest

from graph import (
    BadQuestion,
    ChildRow,
    FindChild,
    Graph,
    Judgement,
    NotAllowed,
    NotVisible,
    Outcome,
    PairOf,
    PossibleDuplicates,
    Reviewed,
    ReviewShield,
    Role,
    ServiceMapOf,
    Shields,
    ShieldVerdict,
    Verdict,
    Viewer,
)
from tests.test_door import records
from tests.world import (
    CHIDI,
    LEEDS,
    NOBODY,
    NOW,
    NURSE,
    SHIELDED,
    SOURCES,
    STEWARD,
    World,
    bradford,
    child,
    involvement,
    leeds,
    span,
)

SECOND = Viewer(id="steward.two", role=Role.STEWARD)
EMPTY: dict[str, Any] = {"homes": [], "involvements": [], "allocations": []}
OKAFOR = {"family_name": "Okafor", "given_name": "Chidi", "birth_date": "2015-06-09"}
NEAR = {"family_name": "Okafor", "birth_date": "2015-06-09", "postcode": "LS1 4AP"}
ZOFIA = {"family_name": "Nowak", "given_name": "Zofia", "birth_date": "2012-02-29"}


def add(world: World, *rows: ChildRow, **more: Any) -> int:
    """Load children from Bradford health beside what is there; how many pairs are for review."""
    batch = bradford(children=list(rows), involvements=[], full=False, **more)
    return world.graph.load(STEWARD, batch).for_review


def pairs(graph: Graph, judgement: Verdict = Verdict.OPEN) -> list[str]:
    """Handles of the pairs of that judgement."""
    return [p.handle for p in graph.ask(STEWARD, PossibleDuplicates(judgement=judgement)).pairs]


def judge(graph: Graph, verdict: Verdict, judgement: Verdict = Verdict.OPEN) -> str:
    """Judge the only pair there is."""
    [pair] = pairs(graph, judgement)
    NOW.forward(minutes=1)
    graph.judge(STEWARD, Judgement(pair=pair, verdict=verdict))
    return pair


def lift(graph: Graph, steward: Viewer) -> Reviewed:
    """Say that the only shield there is may go."""
    [shield] = graph.ask(steward, Shields()).shields
    return graph.ask(steward, ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT))


def domain(bare) -> list[dict[str, Any]]:
    """Every node and edge but the records of access, the lock and the history of pairs."""
    nodes = bare(
        "MATCH (n) WHERE NOT n:Access AND NOT n:Lock RETURN labels(n) AS l, properties(n) AS p"
    )
    edges = bare(
        "MATCH (a)-[r]->(b) WHERE NOT r:MAY_BE OR r.key IS NOT NULL"
        " RETURN type(r) AS l, coalesce(a.id, a.number, a.token) AS a,"
        " coalesce(b.id, b.number, b.token) AS b, properties(r) AS p"
    )
    for row in edges:
        if row["l"] == "MAY_BE":
            kept = ("key", "judgement", "score", "author")[
                : 3 if row["p"]["judgement"] == "open" else 4
            ]
            row["p"] = {k: row["p"].get(k) for k in kept}
    return sorted([*nodes, *edges], key=str)


def test_a_record_that_agrees_in_all_is_joined_and_says_who_did_it(world: World, bare) -> None:
    assert add(world, child("9", **OKAFOR)) == 0
    [line] = world.graph.ask(STEWARD, PossibleDuplicates(judgement=Verdict.SAME)).pairs
    assert line.author == "Signpost"
    assert line.score >= 0.95
    assert set(line.sources) == {"Leeds social care", "Bradford health"}
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 3}]


def test_a_joined_child_is_one_on_the_map_and_two_again_when_it_is_taken_back(
    world: World, bare
) -> None:
    rows = [child("9", **OKAFOR)]
    seen = [involvement("5", "9", "A9", span("2025-01-01", "2025-01-02"))]
    world.graph.load(STEWARD, bradford(children=rows, involvements=seen, full=False))
    by_name = FindChild.model_validate(OKAFOR)
    [one] = world.graph.ask(NURSE, by_name).children
    joined = world.graph.ask(NURSE, ServiceMapOf(child=one.handle)).involvements
    assert len(joined) == len(world.map().involvements) == 4
    assert len(records(bare)[-1]["children"]) == 2
    judge(world.graph, Verdict.DIFFERENT, Verdict.SAME)
    assert len(world.map().involvements) == 3
    found = world.graph.ask(NURSE, by_name)
    assert (found.outcome, len(found.children)) == (Outcome.SEVERAL, 2)
    apart = [
        len(world.graph.ask(NURSE, ServiceMapOf(child=one.handle)).involvements)
        for one in found.children
    ]
    assert sorted(apart) == [1, 3]


def test_what_was_judged_different_is_never_joined_again(world: World) -> None:
    add(world, child("9", **OKAFOR))
    judge(world.graph, Verdict.DIFFERENT, Verdict.SAME)
    add(world, child("9", **OKAFOR, postcode="LS1 4AP"))
    world.graph.match(STEWARD)
    assert len(pairs(world.graph, Verdict.DIFFERENT)) == 1
    assert pairs(world.graph, Verdict.SAME) == []


@pytest.mark.parametrize("verdict", [Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE])
def test_a_judgement_outlives_loads_and_matching(world: World, verdict: Verdict) -> None:
    assert add(world, child("9", **NEAR)) == 1
    judge(world.graph, verdict)
    add(world, child("9", **{**NEAR, "postcode": "LS1 4AQ"}))
    world.graph.load(STEWARD, leeds())
    world.graph.match(STEWARD)
    assert len(pairs(world.graph, verdict)) == 1
    assert pairs(world.graph) == []


def test_merge_then_undo_is_identity_on_the_whole_graph(world: World, bare) -> None:
    add(world, child("9", **NEAR), child("10", line=3, **{**NEAR, "sex": "M"}))
    world.graph.match(STEWARD)
    rng = random.Random(4)
    for _ in range(4):
        before, maps = domain(bare), world.map()
        found = world.graph.ask(STEWARD, PossibleDuplicates()).pairs
        pair = rng.choice(found).handle
        world.graph.judge(STEWARD, Judgement(pair=pair, verdict=Verdict.SAME))
        assert domain(bare) != before
        world.graph.judge(STEWARD, Judgement(pair=pair, verdict=Verdict.OPEN))
        assert domain(bare) == before
        assert world.map().involvements == maps.involvements


def test_matching_all_anew_changes_nothing_the_second_time(world: World, bare) -> None:
    add(world, child("9", **OKAFOR), child("10", line=3, **NEAR), child("11", line=4, **ZOFIA))
    world.graph.match(STEWARD)
    before = domain(bare)
    NOW.forward(days=1)
    found = world.graph.match(STEWARD)
    assert (found.opened, found.joined) == (0, 0)
    after = domain(bare)
    assert [r for r in after if "Frequencies" not in r["l"]] == [
        r for r in before if "Frequencies" not in r["l"]
    ]


def test_twins_are_never_joined_without_a_steward(world: World) -> None:
    twin = {**NEAR, "given_name": "Emeka"}
    assert add(world, child("9", **twin)) == 0
    assert (
        add(world, child("10", line=3, nhs_number=NOBODY, **{**NEAR, "given_name": "Chidike"})) == 1
    )
    assert pairs(world.graph, Verdict.SAME) == []
    [pair] = pairs(world.graph)
    assert set(shown(world.graph, pair)) == {"Chidi", "Chidike"}
    nobody = child("11", line=4, **NEAR)
    assert add(world, nobody) == 3
    holds = [h for p in pairs(world.graph) for h in world.graph.ask(STEWARD, PairOf(pair=p)).holds]
    assert any("brother or a sister" in sentence for sentence in holds)


def shown(graph: Graph, pair: str) -> list[str | None]:
    """Given names on both sides of a pair."""
    found = graph.ask(STEWARD, PairOf(pair=pair))
    return [known.identity.given_name for known in (*found.one, *found.other)]


def test_two_numbers_are_never_joined_without_a_steward(world: World) -> None:
    assert add(world, child("9", nhs_number=NOBODY, **OKAFOR)) == 1
    assert pairs(world.graph, Verdict.SAME) == []
    pair = judge(world.graph, Verdict.SAME)
    assert world.graph.ask(STEWARD, PairOf(pair=pair)).judgement is Verdict.SAME
    assert len(world.graph.ask(NURSE, FindChild(nhs_number=NOBODY)).children) == 1


def test_nobody_joins_two_through_a_third_who_agrees_with_both(world: World, bare) -> None:
    add(world, child("9", nhs_number=NOBODY, **OKAFOR))
    add(world, child("10", line=3, **OKAFOR))
    clusters = bare(
        "MATCH (c:Child) MATCH (c)-[p:MAY_BE {judgement: 'same'}]-() WHERE p.key IS NOT NULL"
        " RETURN c.id AS id, count(p) AS n"
    )
    assert all(row["n"] == 1 for row in clusters)
    first, second = (
        world.graph.ask(NURSE, FindChild(nhs_number=n)).children[0].identity
        for n in (CHIDI, NOBODY)
    )
    assert first
    assert second
    assert first.nhs_number != second.nhs_number


def test_nobody_can_make_one_through_a_third_what_was_judged_different(world: World) -> None:
    add(world, child("9", **NEAR), child("10", line=3, **{**NEAR, "sex": "M"}))
    first, second, third = pairs(world.graph)
    for pair, verdict in ((first, Verdict.DIFFERENT), (second, Verdict.SAME)):
        NOW.forward(minutes=1)
        world.graph.judge(STEWARD, Judgement(pair=pair, verdict=verdict))
    assert pairs(world.graph) == []
    with pytest.raises(NotVisible):
        world.graph.judge(STEWARD, Judgement(pair=third, verdict=Verdict.SAME))
    assert len(pairs(world.graph, Verdict.SAME)) == 1


def test_a_steward_sees_identities_and_no_service(world: World) -> None:
    add(world, child("9", **NEAR))
    [pair] = pairs(world.graph)
    text = world.graph.ask(STEWARD, PairOf(pair=pair)).model_dump_json()
    assert "Chidi" in text
    assert "Leeds Front Door" not in text
    assert "involvement" not in text
    listed = world.graph.ask(STEWARD, PossibleDuplicates()).model_dump_json()
    assert "Okafor" not in listed


def test_an_unjudged_pair_shows_neither_sides_services_on_the_other(world: World) -> None:
    rows = [child("9", **NEAR)]
    seen = [involvement("5", "9", "A9", span("2025-01-01"))]
    before = world.map().involvements
    world.graph.load(STEWARD, bradford(children=rows, involvements=seen, full=False))
    assert world.map().involvements == before


def test_only_a_steward_judges_and_only_what_is_there(world: World, bare) -> None:
    add(world, child("9", **NEAR))
    [pair] = pairs(world.graph)
    with pytest.raises(NotAllowed):
        world.graph.judge(NURSE, Judgement(pair=pair, verdict=Verdict.SAME))
    with pytest.raises(NotAllowed):
        world.graph.ask(NURSE, PossibleDuplicates())
    other = STEWARD.model_copy(update={"id": "steward.two"})
    for handle in ("hnothing", pair):
        with pytest.raises(NotVisible):
            world.graph.judge(other, Judgement(pair=handle, verdict=Verdict.SAME))
        with pytest.raises(NotVisible):
            world.graph.ask(other, PairOf(pair=handle))
    assert pairs(world.graph) != []


def test_a_judgement_has_an_author_a_time_and_an_end(world: World, bare) -> None:
    add(world, child("9", **NEAR))
    pair = judge(world.graph, Verdict.SAME)
    NOW.forward(minutes=1)
    world.graph.judge(STEWARD, Judgement(pair=pair, verdict=Verdict.UNSURE))
    history = world.graph.ask(STEWARD, PairOf(pair=pair)).history
    assert [(h.judgement, h.author) for h in history] == [
        (Verdict.UNSURE, "steward.one"),
        (Verdict.SAME, "steward.one"),
        (Verdict.OPEN, None),
    ]
    assert [h.until is None for h in history] == [True, False, False]
    done = bare("MATCH (r:Access {question: 'Judge'}) RETURN r.verdict AS v, size(r.children) AS n")
    assert sorted(row["v"] for row in done) == ["same", "unsure"]
    assert {row["n"] for row in done} == {2}


def test_a_number_that_is_corrected_parts_the_record_and_its_edges(world: World) -> None:
    rows = [
        child(
            "77",
            nhs_number=NOBODY,
            family_name="Okafor-Eze",
            given_name="Chidi",
            birth_date="2015-06-09",
        )
    ]
    report = world.graph.load(STEWARD, bradford(children=rows))
    assert report.for_review == 1
    assert {i.authority.number for i in world.map().involvements} == {LEEDS}
    assert [i.authority.number for i in world.map(NOBODY).involvements] == ["380"]


def test_the_same_number_with_another_birth_and_name_is_for_review(world: World, bare) -> None:
    odd = child(
        "9", nhs_number=CHIDI, family_name="Malik", given_name="Zara", birth_date="2019-01-01"
    )
    assert add(world, odd) == 1
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 3}]


SHIELD = [
    ("leeds-social-care", child("Z1", shielded=True, nhs_number=SHIELDED, **ZOFIA)),
    ("bradford-health", child("Z2", **ZOFIA)),
    ("bradford-health", child("Z3", **{**ZOFIA, "given_name": "Zosia"})),
    (
        "bradford-police",
        child("Z4", family_name="NOWAK", given_name="Zofia", birth_date="2012-02-28"),
    ),
    ("bradford-police", child("Z5", nhs_number=SHIELDED, family_name="Novak")),
]
ORDERS = random.Random(1).sample(list(itertools.permutations(range(len(SHIELD)))), 12)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(map(str, order)))
def test_no_order_of_feeds_leaves_a_record_of_a_shielded_child_visible(
    graph: Graph, bare, order: tuple[int, ...]
) -> None:
    for source in SOURCES:
        graph.load(STEWARD, source)
    for step, turn in enumerate(order):
        source, row = SHIELD[turn]
        batch = leeds(
            source=source, children=[row], services=[], practitioners=[], full=False, **EMPTY
        )
        graph.load(STEWARD, batch)
        if 0 in order[: step + 1]:
            open_ = bare("MATCH (c:Child) WHERE NOT c.shielded RETURN count(c) AS n")
            assert open_ == [{"n": 0}], order[: step + 1]
    for typed in (ZOFIA, {**ZOFIA, "given_name": "Zosia"}):
        found = graph.ask(NURSE, FindChild.model_validate(typed))
        assert all(one.restricted for one in found.children)


def test_shielding_that_came_over_a_pair_goes_when_a_steward_judges_different(
    world: World, bare
) -> None:
    near = child("9", family_name="Nowak", given_name="Zofia", birth_date="2012-02-28")
    add(world, near)
    hidden = "MATCH (c:Child {shielded: true}) RETURN count(c) AS n"
    assert bare(hidden) == [{"n": 2}]
    judge(world.graph, Verdict.DIFFERENT)
    assert bare(hidden) == [{"n": 2}]
    with pytest.raises(BadQuestion, match="another steward"):
        lift(world.graph, STEWARD)
    assert lift(world.graph, SECOND).lifted
    assert bare(hidden) == [{"n": 1}]
    judge(world.graph, Verdict.SAME, Verdict.DIFFERENT)
    assert bare(hidden) == [{"n": 2}]


def test_who_was_one_with_a_shielded_child_keeps_a_shield_that_two_stewards_lift(
    world: World, bare
) -> None:
    add(world, child("9", family_name="Nowak", given_name="Zofia", birth_date="2012-02-28"))
    pair = judge(world.graph, Verdict.SAME)
    # Taken back in between, it was joined all the same.
    for verdict in (Verdict.OPEN, Verdict.DIFFERENT, Verdict.OPEN, Verdict.DIFFERENT):
        NOW.forward(minutes=1)
        world.graph.judge(STEWARD, Judgement(pair=pair, verdict=verdict))
        assert bare(HIDDEN) == [{"n": 2}]
    [shield] = world.graph.ask(STEWARD, Shields()).shields
    assert (shield.asked_by, shield.lift_by) == (STEWARD.id, None)
    assert shield.reason == "judged to be another than a shielded child"
    assert not lift(world.graph, STEWARD).lifted
    add(world, child("9", family_name="Malik", given_name="Zara", birth_date="2019-05-05"))
    world.graph.match(STEWARD)
    assert bare(HIDDEN) == [{"n": 2}]
    assert lift(world.graph, SECOND).lifted
    assert bare(HIDDEN) == [{"n": 1}]
    assert world.map(SHIELDED).restricted


def test_nobody_who_was_hidden_with_the_other_is_freed_by_one_steward(world: World, bare) -> None:
    near = {"family_name": "Nowak", "given_name": "Zofia", "birth_date": "2012-02-28"}
    add(
        world, child("9", nhs_number=NOBODY, **near), child("10", line=3, nhs_number=NOBODY, **near)
    )
    source(world.graph, POLICE, child("P", nhs_number=NOBODY, **near))
    before = bare(HIDDEN)
    for pair in pairs(world.graph):
        NOW.forward(minutes=1)
        world.graph.judge(STEWARD, Judgement(pair=pair, verdict=Verdict.DIFFERENT))
    assert bare(HIDDEN) == before
    assert lift(world.graph, SECOND).lifted
    assert bare(HIDDEN) == [{"n": 1}]


def test_taking_a_judgement_back_gives_what_signpost_had_joined(world: World) -> None:
    add(world, child("9", **OKAFOR))
    pair = judge(world.graph, Verdict.DIFFERENT, Verdict.SAME)
    world.graph.judge(STEWARD, Judgement(pair=pair, verdict=Verdict.OPEN))
    [line] = world.graph.ask(STEWARD, PossibleDuplicates(judgement=Verdict.SAME)).pairs
    assert line.author == "Signpost"


def test_a_pair_is_found_by_whichever_source_says_most(world: World) -> None:
    """One source knows little and nothing holds it back; another says more, and is held back."""
    rows = [child("77", nhs_number=CHIDI, given_name="Chidi")]
    world.graph.load(STEWARD, bradford(children=rows, involvements=[], full=False))
    assert add(world, child("9", nhs_number=NOBODY, **OKAFOR)) == 1


def source(graph: Graph, name: str, *rows: ChildRow, feed: str = "csv") -> int:
    """A partial load of these children only; how many pairs are for review."""
    batch = leeds(
        source=name, feed=feed, children=rows, services=[], practitioners=[], full=False, **EMPTY
    )
    return graph.load(STEWARD, batch).for_review


@pytest.fixture
def registered(graph: Graph) -> Graph:
    """Three sources and nobody yet."""
    for one in SOURCES:
        graph.load(STEWARD, one)
    return graph


LEEDS_SC, BRADFORD_HEALTH, POLICE = (one.id for one in SOURCES)
HIDDEN = "MATCH (c:Child {shielded: true}) RETURN count(c) AS n"


def test_two_of_one_batch_meet_though_only_one_looks_under_the_others_token(
    registered: Graph, bare
) -> None:
    first = child(
        "A", shielded=True, family_name="Okafor", given_name="Hamza", birth_date="2015-06-09"
    )
    other = child("B", line=3, family_name="Okafor", given_name="Hamsa", birth_date="2015-09-06")
    source(registered, LEEDS_SC, first, other)
    assert bare(HIDDEN) == [{"n": 2}]
    live = "MATCH ()-[p:MAY_BE]->() WHERE p.key IS NOT NULL RETURN p.key AS k, p.judgement AS j"
    before = bare(live)
    assert before
    registered.match(STEWARD)
    assert bare(live) == before


FIRST_UPN, SECOND_UPN = "X383200012345", "A383200054321"


@pytest.mark.parametrize("turned", [False, True])
def test_a_former_pupil_number_joins_records_without_names_in_either_order(
    registered: Graph, bare, turned: bool
) -> None:
    before = child("A", upn=FIRST_UPN, birth_date="2015-06-09")
    after = child("B", upn=SECOND_UPN, former_upns=(FIRST_UPN,), birth_date="2015-06-09")
    sends = [(LEEDS_SC, before), (BRADFORD_HEALTH, after)]
    for name, row in reversed(sends) if turned else sends:
        source(registered, name, row)
    assert bare("MATCH ()-[p:MAY_BE]->() RETURN p.judgement AS j") == [{"j": "same"}]


def test_a_former_pupil_number_of_another_birth_date_joins_nobody(registered: Graph, bare) -> None:
    source(registered, LEEDS_SC, child("A", upn=FIRST_UPN, birth_date="2015-06-09"))
    after = child("B", upn=SECOND_UPN, former_upns=(FIRST_UPN,), birth_date="2012-01-30")
    source(registered, BRADFORD_HEALTH, after)
    assert bare("MATCH ()-[p:MAY_BE {judgement: 'same'}]->() RETURN p.key AS k") == []


def test_a_record_that_leaves_a_shielded_child_stays_hidden_until_judged(
    world: World, bare
) -> None:
    copy = child("Z", nhs_number=SHIELDED, **ZOFIA)
    source(world.graph, BRADFORD_HEALTH, copy)
    adopted = child(
        "C2", nhs_number=NOBODY, family_name="Harris", given_name="Emily", birth_date="2012-02-29"
    )
    source(world.graph, LEEDS_SC, adopted)
    assert world.map(NOBODY).restricted
    world.graph.match(STEWARD)
    assert world.map(NOBODY).restricted
    judge(world.graph, Verdict.DIFFERENT)
    assert world.map(NOBODY).restricted
    assert lift(world.graph, SECOND).lifted
    assert not world.map(NOBODY).restricted
    assert world.map(SHIELDED).restricted


def test_no_feed_ends_a_pair_that_shields(world: World, bare) -> None:
    near = child("9", family_name="Nowak", given_name="Zofia", birth_date="2012-02-28")
    add(world, near)
    assert bare(HIDDEN) == [{"n": 2}]
    source(
        world.graph,
        BRADFORD_HEALTH,
        child("9", family_name="Malik", given_name="Zara", birth_date="2019-05-05"),
    )
    assert bare(HIDDEN) == [{"n": 2}]
    judge(world.graph, Verdict.DIFFERENT)
    assert lift(world.graph, SECOND).lifted
    assert bare(HIDDEN) == [{"n": 1}]


def test_who_fits_two_that_cannot_be_one_is_joined_to_neither(world: World) -> None:
    add(world, child("9", nhs_number=NOBODY, **OKAFOR))
    assert add(world, child("10", line=3, **OKAFOR)) == 2
    assert pairs(world.graph, Verdict.SAME) == []


def test_a_node_with_two_numbers_is_joined_with_neither(registered: Graph) -> None:
    rows = [child("A", nhs_number=CHIDI, **OKAFOR), child("B", line=3, nhs_number=CHIDI, **OKAFOR)]
    source(registered, LEEDS_SC, *rows)
    source(registered, BRADFORD_HEALTH, child("9", nhs_number=NOBODY, **OKAFOR))
    source(registered, LEEDS_SC, child("B", line=3, nhs_number=NOBODY, **OKAFOR))
    assert pairs(registered, Verdict.SAME) == []


@pytest.mark.parametrize(
    "order", list(itertools.permutations(range(3))), ids=lambda o: "".join(map(str, o))
)
def test_shielding_reaches_as_far_in_any_order(
    registered: Graph, bare, order: tuple[int, ...]
) -> None:
    about = {"family_name": "Nowak", "given_name": "Zuzanna"}
    rows = [
        (LEEDS_SC, child("S", shielded=True, postcode="LS1 4AP", **ZOFIA)),
        (BRADFORD_HEALTH, child("M", postcode="LS1 4AP", birth_date="2012-02-29", **about)),
        (POLICE, child("X", postcode="BD1 1AA", birth_date="2010-12-12", **about)),
    ]
    for turn in order:
        source(registered, *rows[turn])
    assert bare(HIDDEN) == [{"n": 2}]


def test_when_the_middle_of_a_group_leaves_the_others_stay_one(registered: Graph) -> None:
    for name in (LEEDS_SC, BRADFORD_HEALTH, POLICE):
        source(registered, name, child("1", **OKAFOR))
    assert len(pairs(registered, Verdict.SAME)) == 2
    found = registered.ask(NURSE, FindChild.model_validate(OKAFOR))
    assert found.outcome is Outcome.ONE
    for name in (LEEDS_SC, BRADFORD_HEALTH, POLICE):
        gone = child("1", family_name="Malik", given_name="Zara", birth_date="2019-05-05")
        source(registered, name, gone)
        assert registered.ask(NURSE, FindChild.model_validate(OKAFOR)).outcome in (
            Outcome.ONE,
            Outcome.NONE,
        )
        if name == LEEDS_SC:
            assert len(pairs(registered, Verdict.SAME)) == 1


def test_what_was_parted_is_not_shown_again_as_it_was(world: World) -> None:
    before = NOW.at
    NOW.forward(days=1)
    rows = [
        child(
            "77", nhs_number=NOBODY, family_name="Malik", given_name="Zara", birth_date="2019-05-05"
        )
    ]
    world.graph.load(STEWARD, bradford(children=rows))
    past = world.map(known_at=before)
    assert {i.authority.number for i in past.involvements} == {LEEDS}
    assert "Eze" not in past.model_dump_json()


def test_the_record_names_those_who_were_shown_and_apart_those_who_were_compared(
    registered: Graph, bare
) -> None:
    rows = [
        child(
            f"M{n}", line=n + 2, family_name="Malik", given_name="Zara", birth_date=f"2015-0{n}-11"
        )
        for n in range(1, 9)
    ]
    source(registered, LEEDS_SC, *rows)
    asked = FindChild(family_name="Malik", given_name="Zara", birth_date="2015-03-11")
    assert registered.ask(NURSE, asked).outcome is Outcome.ONE
    last = records(bare)[-1]
    assert (len(last["children"]), last["shown"]) == (1, 1)
    assert last["compared"]


TWINS = [
    ("Louis", "Louise"), ("Simon", "Simone"), ("Alfred", "Frederick"), ("Ben James", "James"),
    ("Lily-Mae", "Ellie-Mae"),
    ("Muhammad Hassan", "Muhammad Husain"), ("Muhammad", "Muhammad Husain"), ("Hassan", "Husain"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_names_that_twins_have_are_not_joined(registered: Graph, one: str, other: str) -> None:
    home = {"family_name": "Okafor", "birth_date": "2015-06-09", "postcode": "LS1 4AP"}
    sexes = ("M", "F") if other in ("Simone", "Louise") else ("M", "M")
    source(registered, LEEDS_SC, child("A", nhs_number=CHIDI, given_name=one, sex=sexes[0], **home))
    source(registered, BRADFORD_HEALTH, child("B", given_name=other, sex=sexes[1], **home))
    assert pairs(registered, Verdict.SAME) == []


@pytest.mark.parametrize("turn", [1, -1])
def test_an_unborn_record_of_a_shielded_child_is_hidden_whichever_comes_first(
    registered: Graph, bare, turn: int
) -> None:
    name = {"family_name": "Brzeczyszczykiewicz", "postcode": "LS1 4AP"}
    rows = [
        (LEEDS_SC, child("S", shielded=True, birth_date="2026-11-10", **name)),
        (BRADFORD_HEALTH, child("U", expected_date="2026-12-01", **name)),
    ]
    for which, row in rows[::turn]:
        source(registered, which, row)
    assert bare(HIDDEN) == [{"n": 2}]
    found = registered.ask(
        NURSE,
        FindChild.model_validate({"family_name": name["family_name"], "birth_date": "2026-11-10"}),
    )
    assert all(one.restricted for one in found.children)
