"""Warnings that are alike: a few are listed, and the rest counted."""

from graph import Fault
from loaders.tally import MOST_ALIKE, Tally


def test_alike_warnings_are_listed_up_to_a_number_and_then_counted():
    warnings = [Fault(file="a.csv", line=1, sentence="was there before")]
    tally = Tally(warnings)
    for line in range(2, MOST_ALIKE + 1_234 + 2):
        tally.add("a.csv", line, "name", "is odd")
        tally.add("a.csv", line, "code", "is unknown", most=1)
    tally.add("a.csv", 9, "name", "is cut", most=1)
    tally.end()
    assert len(warnings) == 1 + MOST_ALIKE + 1 + 1
    odd = [one for one in warnings if one.sentence.startswith("is odd")]
    assert [one.line for one in odd] == list(range(2, MOST_ALIKE + 2))
    assert odd[-1].sentence == "is odd (1,234 more of these)"
    assert {one.sentence for one in odd[:-1]} == {"is odd"}
    (unknown,) = (one for one in warnings if one.column == "code")
    assert (unknown.line, unknown.sentence) == (2, "is unknown (1,333 more of these)")
    assert warnings[-1].sentence == "is cut"


def test_what_is_counted_is_counted_anew_after_each_end():
    warnings: list[Fault] = []
    tally = Tally(warnings)
    for file in ("a.csv", "b.csv"):
        tally.add(file, 1, "", "is left out", most=1)
        tally.add(file, 2, "", "is left out", most=1)
        tally.end()
    assert [(one.file, one.sentence) for one in warnings] == [
        ("a.csv", "is left out (1 more of these)"),
        ("b.csv", "is left out (1 more of these)"),
    ]
