"""Names workers for a child: one after the other, and some who left without anybody saying so."""

from datetime import date, timedelta
from random import Random

from signpost.demo.lives import Named, Stay
from signpost.demo.places import Team
from signpost.demo.workers import Post

FORGOTTEN = 0.3  # of workers who left, the share still named as if they were there
CHANGES = 0.3  # of long allocations, those that pass to a colleague
LONG = 240
TOGETHER = 0.08
LEADS = ("social care", "early help")


def name_workers(rng: Random, stay: Stay) -> None:
    """Name one worker after another for an involvement, and for some a co-worker beside them."""
    last = stay.to or stay.team.feed.extracted or stay.from_
    start = min(stay.from_ + timedelta(days=rng.randrange(10)), last)
    part = _part(rng, stay.team)
    first = start
    while start <= last:
        post = post_on(rng, stay.team, start)
        end = _end(rng, stay, post, start, last)
        stay.named.append(Named(post.worker, part, start, end))
        if end is None or end >= last:
            break
        start = end + timedelta(days=1 + rng.randrange(15))
    if rng.random() < TOGETHER:
        _co_worker(rng, stay, first)


def post_on(rng: Random, team: Team, day: date) -> Post:
    """Choose a worker who is in the team on this day; its first never left."""
    for _ in range(6):
        post = rng.choice(team.posts)
        if post.holds(day):
            return post
    return team.posts[0]


def _end(rng: Random, stay: Stay, post: Post, start: date, last: date) -> date | None:
    if post.to and post.to < last:
        forgotten = stay.to is None and rng.random() < FORGOTTEN
        return None if forgotten else post.to
    if (last - start).days > LONG and rng.random() < CHANGES:
        return start + timedelta(days=rng.randrange(90, (last - start).days))
    return stay.to


def _co_worker(rng: Random, stay: Stay, day: date) -> None:
    post = post_on(rng, stay.team, day)
    if all(named.worker is not post.worker for named in stay.named):
        to = min(filter(None, (stay.to, post.to)), default=None)
        stay.named.append(Named(post.worker, "co-worker", day, to))


def _part(rng: Random, team: Team) -> str:
    if team.work.profession == "personal adviser":
        return "personal adviser"
    if team.work.agency in LEADS and rng.random() < 0.7:
        return "lead professional"
    return "allocated worker"
