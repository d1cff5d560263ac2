"""Children whose lives are written and not drawn, so that every demo, however small, has them.

Times are days before today. A stay is a feed, a team, from, to; to is None while open.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from signpost.demo.events import home
from signpost.demo.lives import BIRTH_DATE, NAME, NUMBER, Child, Country, Named, Stay

OpenOrDays = int | None


@dataclass(frozen=True, slots=True)
class Story:
    """One written life.

    age: days since birth; homes: areas, each with the day of moving in, the first from birth.
    consent: for its sensitive stays; left: its workers have left; odd: what one feed has otherwise.
    """

    age: int
    homes: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, str, int, OpenOrDays], ...]
    consent: str = ""
    left: bool = False
    shielded: bool = False
    twins: bool = False
    odd: tuple[str, frozenset[str]] | None = None


STORIES = (
    Story(
        3400,
        (("bradford", 3400), ("leeds", 410)),
        (
            ("leeds-early-help", "F1", 380, 200),
            ("bradford-education", "E1", 230, None),
            ("bradford-police", "L1", 52, None),
            ("bradford-health", "H1", 53, 53),
            ("leeds-health", "H4", 300, None),
            ("leeds-social-care", "T1", 34, None),
        ),
    ),
    Story(
        2900,
        (("leeds", 2900), ("bradford", 195)),
        (
            ("leeds-early-help", "F1", 760, 520),
            ("leeds-social-care", "T2", 519, 190),
            ("bradford-social-care", "T1", 128, None),
        ),
    ),
    Story(
        1500,
        (("leeds", 1500), ("bradford", 100)),
        (("leeds-health", "H2", 1480, 104), ("leeds-social-care", "T4", 420, 96)),
    ),
    Story(
        2600,
        (("hackney", 2600),),
        (("hackney-social-care", "T5", 700, None), ("hackney-health", "H4", 500, None)),
        shielded=True,
    ),
    Story(
        5600,
        (("manchester", 5600),),
        (("manchester-police", "L1", 80, None), ("manchester-health", "H7", 70, None)),
    ),
    Story(
        5100,
        (("leeds", 5100), ("manchester", 800)),
        (
            ("leeds-social-care", "T2", 1300, 790),
            ("manchester-social-care", "T1", 780, 735),
            ("manchester-health", "H3", 400, None),
        ),
        consent="given",
    ),
    Story(
        4000,
        (("salford", 4000), ("leeds", 700)),
        (("salford-social-care", "T1", 760, 690), ("leeds-social-care", "T2", 678, None)),
        left=True,
    ),
    Story(
        1300,
        (("kirklees", 1300), ("leeds", 260)),
        (("kirklees-health", "H2", 1290, 250), ("leeds-health", "H2", 240, None)),
        twins=True,
    ),
    Story(
        4700,
        (("bradford", 4700), ("haringey", 1200)),
        (
            ("bradford-social-care", "T2", 1600, 1195),
            ("haringey-social-care", "T2", 1185, 700),
            ("haringey-police", "L1", 900, 870),
        ),
    ),
    Story(
        3100,
        (("leeds", 3100),),
        (("leeds-social-care", "T1", 45, None), ("bradford-health", "H1", 60, 60)),
        odd=("bradford-health", frozenset({NUMBER, NAME})),
    ),
    Story(
        2500,
        (("manchester", 2500),),
        (("manchester-social-care", "T3", 40, None), ("salford-health", "H1", 90, 90)),
        odd=("salford-health", frozenset({BIRTH_DATE})),
    ),
    Story(
        5500,
        (("bradford", 5500),),
        (("bradford-youth-justice", "Y1", 330, None), ("bradford-social-care", "T2", 310, 150)),
    ),
    Story(
        5900,
        (("cumberland", 5900), ("leeds", 600)),
        (("cumberland-social-care", "T2", 1500, 595), ("leeds-social-care", "T2", 570, None)),
    ),
)


def tell(rng: Random, country: Country, child: Child, story: Story) -> None:
    """Give a child the homes and stays of its story; every feed writes it as it is, but the odd one."""
    child.shielded = story.shielded
    child.odd = dict([story.odd]) if story.odd else {}
    moved_in = [(slug, _day(country, ago)) for slug, ago in story.homes]
    moved_in[0] = story.homes[0][0], child.born
    areas = {area.slug: area for area in country.areas}
    for (slug, from_), (_, next_) in zip(moved_in, [*moved_in[1:], ("", None)], strict=True):
        child.homes.append(home(rng, areas[slug], from_, next_ and next_ - timedelta(days=1)))
    for feed, team, from_, to in story.stays:
        child.stays.append(_stay(country, story, feed, team, (from_, to)))


def _stay(
    country: Country, story: Story, feed: str, team: str, days: tuple[int, OpenOrDays]
) -> Stay:
    from_, to = (None if days_ is None else _day(country, days_) for days_ in days)
    found = next(t for t in country.feeds[feed].teams if t.work.id == team)
    extracted = found.feed.extracted
    assert from_, "every stay has a beginning"
    assert extracted, "a story plays where feeds come from"
    stay = Stay(found, from_, to if to and to <= extracted else None)
    if found.work.sensitive:
        stay.consent = story.consent
    left = story.left and to is None
    posts = [post for post in found.posts if left and post.to] or found.posts[:1]
    part = "lead professional" if found.work.agency == "social care" else "allocated worker"
    stay.named.append(Named(posts[-1].worker, part, max(from_, posts[-1].from_), stay.to))
    return stay


def _day(country: Country, ago: int) -> date:
    return country.today - timedelta(days=ago)
