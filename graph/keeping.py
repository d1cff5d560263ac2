"""How long what is kept, and until when what is asked or opened holds: one table, a part of the policy."""

from collections.abc import Mapping
from datetime import timedelta

from dateutil.relativedelta import relativedelta

# What a source said and what has ended since, in years, where it is registered with no other number.
KEEP_YEARS, MOST_KEEP_YEARS = 25, 75
# A request to the broker, and a report of something wrong, answered or not.
ASKED_FOR = timedelta(days=90)
# How long whoever asked is shown what came of it.
TOLD_FOR = timedelta(days=28)
# A look is kept back from the family's report until a review; what is over is listed so long.
DEFERRED_DAYS = 90
DEFERRED_LISTED = timedelta(days=30)
# Working days until a shield that people asked for is looked at again.
REVIEW_DAYS = 20
# Who has not looked at their list for so long, or never, is told what changed in this time.
CHANGES_FOR = timedelta(days=28)
# Somebody confirms as often that a user still needs it, or their access ends.
CONFIRMED_FOR = relativedelta(months=4)
# A session, without a request and in all; a second factor; a lock after wrong passwords.
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
PROVED_FOR = timedelta(minutes=10)
LOCKED_FOR = timedelta(minutes=15)

KEEPING: Mapping[str, str] = {
    "what a source said, once it has ended": f"{KEEP_YEARS} years, or what the source is registered with, "
    f"0 to {MOST_KEEP_YEARS} (`signpost retention run` deletes it)",
    "a request to the broker, a report of something wrong": f"{ASKED_FOR.days} days, answered or not "
    "(deleted by the same command)",
    "the answer to either, for whoever asked": f"shown for {TOLD_FOR.days} days",
    "a look kept back from the family's report": f"at most {DEFERRED_DAYS} days until its review; one "
    f"that is over is listed for {DEFERRED_LISTED.days} days",
    "a shield that people asked for": "until two stewards lift it; reviewed within "
    f"{REVIEW_DAYS} working days",
    "changes in the list of one's children": f"since one last looked, at most {CHANGES_FOR.days} days",
    "a user's access": f"{CONFIRMED_FOR.months} months, unless it is confirmed",
    "a session": f"{IDLE.seconds // 60} idle minutes, at most {LONGEST.seconds // 3600} hours; a second "
    f"factor counts for {PROVED_FOR.seconds // 60} minutes, a lock lasts {LOCKED_FOR.seconds // 60}",
    "the record of access": "always; nothing deletes it",
}
