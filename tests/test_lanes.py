"""Lanes: the picture of who was involved when says what the table says, and its words never overlap."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from tests.busy import BUSY, SOURCE, busy
from tests.test_pages import enter, faults, find, open_map, tab_to, too_wide
from tests.world import CHIDI, EXTRACTED, LEEDS, STEWARD, World
from tests.world import leeds as leeds_batch
from web.as_of import AsOf, AsOfForm
from web.draw import Bar, Chart, Row
from web.draw.lanes import levelled
from web.draw.scale import MARGIN, NEAR, Scale
from web.map_page import MapPage

pytest_plugins = ("tests.web_fixtures",)
TODAY = date(2026, 11, 23)


def drawn(world: World, number: str = CHIDI, **asked: date) -> Chart:
    """The picture of a child's map."""
    chart = MapPage(world.map(number, **asked), AsOf(), AsOfForm()).chart
    assert chart
    return chart


def rows(chart: Chart, lane: str) -> dict[str, Row]:
    """The rows of a lane, by their labels."""
    [one] = [one for one in chart.lanes if one.name == lane]
    return {row.label: row for row in (*one.rows, *one.folded)}


def bar(left: float, right: float) -> Bar:
    return Bar(left, right - left, 0, "", "#")


@pytest.mark.parametrize("days", [0, 20, 200, 700, 3_000, 40_000])
def test_days_stand_in_their_order_and_marks_do_not_crowd(days: int) -> None:
    first = TODAY - timedelta(days=days)
    scale = Scale.over([None, first], TODAY)
    assert scale.at(TODAY) == 100 - MARGIN
    places = [scale.at(TODAY - timedelta(days=days * n // 7)) for n in range(8)]
    assert places == sorted(places, reverse=True)
    assert min(places) >= MARGIN
    assert scale.at(first - timedelta(days=9_000)) == MARGIN
    marks = [mark.at for mark in scale.marks(TODAY)]
    assert len(marks) <= 7
    assert all(later - one >= 10 for one, later in pairwise(marks))
    assert all(abs(at - scale.at(TODAY)) >= NEAR for at in marks)


def test_a_day_to_come_stands_after_today() -> None:
    later = TODAY + timedelta(days=90)
    scale = Scale.over([later], TODAY)
    assert scale.at(later) == 100 - MARGIN > scale.at(TODAY)


def test_bars_that_overlap_stand_under_each_other() -> None:
    found = levelled([bar(0, 50), bar(50, 60), bar(20, 30), bar(25, 70)])
    assert [(one.left, one.level) for one in found] == [(0, 0), (20, 1), (25, 2), (50, 0)]


def test_a_lane_for_each_authority_and_a_bar_for_each_involvement(app: OpenAPI, world: World):
    chart = drawn(world)
    assert [lane.name for lane in chart.lanes] == ["Where the child lived", "Leeds", "Bradford"]
    leeds = rows(chart, "Leeds")
    assert list(leeds) == ["A sensitive service", "Leeds Front Door", "Leeds Health Visiting"]
    door, visiting = leeds["Leeds Front Door"].bars[0], leeds["Leeds Health Visiting"].bars[0]
    assert door.text == "Leeds Front Door: since 6 January 2020, open on 20 November 2026"
    assert door.right == chart.today
    assert door.fades
    assert door.left < door.fades < door.right
    assert visiting.text == "Leeds Health Visiting: until 10 January 2026"
    assert (visiting.ragged_start, visiting.left, visiting.fades) == (True, 0.0, None)
    assert leeds["A sensitive service"].look == "withheld"
    assert "Mind" not in str(chart)
    gap = rows(chart, "Bradford")["89 days with nobody"]
    assert gap.bars[0].text == (
        "Health: 89 days with nobody after 10 January 2026, until 10 April 2026"
    )
    assert (gap.bars[0].left, gap.look) == (visiting.right, "gap")
    assert [move.text for move in chart.moves] == ["4 March 2026: to Bradford"]
    assert chart.on is None


def test_where_nothing_was_opened_the_gap_has_a_lane_and_goes_on(app: OpenAPI, world: World):
    found = world.map()
    in_leeds = [one for one in found.involvements if one.authority.number == LEEDS]
    open_gap = [one.model_copy(update={"opened": None}) for one in found.handovers]
    still = found.model_copy(update={"involvements": in_leeds, "handovers": open_gap})
    chart = MapPage(still, AsOf(), AsOfForm()).chart
    assert chart
    gap = rows(chart, "Bradford")["89 days with nobody"]
    assert (gap.open, gap.bars[0].right) == (True, chart.today)
    assert gap.bars[0].text.endswith("so far")


def test_another_day_that_is_asked_for_is_a_line(app: OpenAPI, world: World):
    chart = drawn(world, on=date(2026, 2, 1))
    assert chart.on
    assert rows(chart, "Leeds")["Leeds Front Door"].bars[0].left < chart.on < chart.today


def test_what_a_source_stopped_sending_has_a_ragged_end(world: World) -> None:
    kept = [one for one in leeds_batch().involvements if one.record != "I1"]
    later = EXTRACTED + timedelta(days=1)
    world.graph.load(STEWARD, leeds_batch(involvements=kept, extracted=later), accept_drop=True)
    door = rows(drawn(world), "Leeds")["Leeds Front Door"].bars[0]
    assert (door.ragged_end, door.fades) == (True, None)


def test_each_bar_leads_to_the_row_that_says_the_same(app: OpenAPI, page: Page):
    enter(page)
    open_map(page)
    bars = page.locator(".sp-chart a[href^='#involvement-']")
    expect(bars).to_have_count(page.locator("tr[id^='involvement-']").count())
    for link in bars.all():
        row = page.locator(link.get_attribute("href") or "")
        name = (link.text_content() or "").strip().split(":")[0]
        expect(row).to_contain_text(name)
    tab_to(page, ".sp-bar[href='#involvement-2']")
    page.keyboard.press("Enter")
    assert page.url.endswith("#involvement-2")
    assert page.evaluate("document.querySelector(':target').textContent").count("Front Door")


def test_without_script_the_same_bars_are_there(app: OpenAPI, plain_page: Page):
    enter(plain_page)
    open_map(plain_page)
    expect(plain_page.locator(".sp-chart .sp-bar")).to_have_count(7)
    expect(plain_page.locator(".sp-chart")).to_contain_text("89 days with nobody")


@pytest.fixture
def many(app: OpenAPI, world: World, page: Page) -> World:
    """The world with a source that can say much of one child, and a nurse at her desk."""
    world.graph.load(STEWARD, SOURCE)
    enter(page)
    return world


# Where two pieces of text share more than a hair's breadth.
OVERLAPS = """() => {
  const boxes = [];
  const texts = document.createTreeWalker(document.querySelector('.sp-chart'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!node.textContent.trim() || node.parentElement.closest('title')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width) boxes.push([box, node.textContent.trim()]);
    }
  }
  boxes.sort((one, other) => one[0].top - other[0].top);
  const found = [];
  boxes.forEach(([one, text], n) => {
    for (let m = n + 1; m < boxes.length && boxes[m][0].top < one.bottom - 3; m++) {
      const [other, its] = boxes[m];
      if (other.left < one.right - 1 && other.right > one.left + 1) found.push(`${text} / ${its}`);
    }
  });
  return [boxes.length, found];
}"""


@pytest.mark.parametrize("involvements", [1, 30, 300, 1_000])
def test_no_words_overlap_however_much_there_is(many: World, page: Page, involvements: int):
    many.graph.load(STEWARD, busy(involvements))
    find(page, BUSY)
    page.get_by_role("button", name="Whom do I ring").click()
    page.locator("body[data-ready]").wait_for()
    expect(page.locator("tr[id^='involvement-']")).to_have_count(involvements)
    folds = page.locator(".sp-fold summary")
    assert (folds.count() > 0) == (involvements > 12)
    for fold in folds.all():
        fold.click()
    for width in (320, 768, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        texts, found = page.evaluate(OVERLAPS)
        assert texts > involvements / 2
        assert found == [], width
    assert too_wide(page) == []
    if involvements <= 30:
        assert faults(page) == []


def test_the_picture_begins_with_the_first_involvement_or_move_and_not_with_birth(
    app: OpenAPI, world: World
):
    found = world.map()
    late = [one for one in found.involvements if one.period.from_ and one.period.from_.year >= 2026]
    chart = MapPage(found.model_copy(update={"involvements": late}), AsOf(), AsOfForm()).chart
    assert chart
    [leeds, bradford] = rows(chart, "Where the child lived").values()
    assert leeds.bars[0].left == 0.0
    assert MARGIN < leeds.bars[0].right < bradford.bars[0].left
    assert [move.at for move in chart.moves] == [bradford.bars[0].left]
