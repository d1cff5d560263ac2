"""The one way in: nothing is answered, loaded or judged without a decision, nothing without its record."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from graph.access import Permission, Viewer, may_ever
from graph.anchors import Anchor, Anchors
from graph.answering import answer
from graph.asking import Asking
from graph.audit import BEGUN, DONE, NOT_ALLOWED, NOT_VISIBLE, NOTHING, access_record
from graph.break_glass import Explanation, use_of
from graph.deferral import Deferral, deferred
from graph.directory import Confirmation, Confirmed, confirm
from graph.embedded import Connection
from graph.errors import BadKeyring, BadQuestion, NotAllowed, NotVisible
from graph.hours import LONDON
from graph.judging import Judgement, judge
from graph.layers import Live
from graph.loading import Loading
from graph.messages import Message, Tell, untold
from graph.model import Source
from graph.questions import Question
from graph.rematch import Matched, match_all, read_frequencies
from graph.retention import Retained, Retention
from graph.rotation import WAIT, Rotated, Rotation
from graph.rows import Batch, LoadReport
from graph.sealing import Keyring
from graph.store import Store, Transaction
from graph.strands import Pen, Strands, ends_since, furthest
from graph.upkeep import build_in_authorities, register
from graph.verifying import Verified, verify
from graph.weights import Frequencies

A = TypeVar("A")
Progress = Callable[[str, int, int], None]
# How common names are is read again after this time: it changes slowly.
_KEPT = timedelta(minutes=10)
# A record says when its transaction began; it stands in the graph a little later.
_SLACK = timedelta(minutes=10)
_EVER = datetime.min.replace(tzinfo=UTC)
# Of the rules by which tokens are made; with another one all children are matched anew.
MATCHING = "1"


def _now() -> datetime:
    return datetime.now(UTC)


def _silent(what: str, done: int, total: int) -> None:
    """No progress is shown."""


class Graph:
    """The graph behind its door: `ask`, `load` and `judge`, each for a viewer, each leaving a record.

    broker_line: telephone of the broker line; clock: gives the time, with its zone; tell: takes each
    message away, that something waits for somebody.
    """

    def __init__(
        self,
        connection: Connection,
        keyring: Keyring,
        broker_line: str,
        clock: Callable[[], datetime] = _now,
        tell: Tell = untold,
    ) -> None:
        self._connection = connection
        self._store = Store(connection)
        self.keyring = keyring
        self._broker_line = broker_line
        self._clock = clock
        self._tell = tell
        self._keys_checked = False
        self._frequencies: tuple[datetime, Frequencies] | None = None
        self._strands = Strands(keyring)
        self._live = Live(keyring)

    def set_up(self, progress: Progress = _silent) -> None:
        """Make the schema and the built-in authorities where they are not as this version has them."""
        wanted = f"{self._store.schema_digest()}/{MATCHING}"
        if self._check_keys() == wanted:
            return
        progress("schema", 0, 2)
        self._store.set_up()
        progress("schema", 1, 2)
        self._store.within(build_in_authorities, seconds=120)
        match_all(self._store, self.keyring, self._clock, progress)
        self._store.within(lambda tx: tx.run("access/prepared", schema=wanted))
        progress("schema", 2, 2)

    def rotate(self, viewer: Viewer, progress: Progress = _silent, wait: float = WAIT) -> Rotated:
        """Add a key to the keyring and its file, and make all anew under it; only a steward may.

        Its record is there before anything is made anew, and another one after. Safe to stop and to run
        again, which goes on, while others ask. wait: seconds until what began before has ended.
        Raises NotAllowed, KeysChanging while a load is under way, BadKeyring.
        """
        self.gate(viewer, "Rotate", Permission.ROTATE)
        self.note(viewer, "Rotate", {}, BEGUN)
        rotated = Rotation(self._store, self.keyring, self._clock, progress, wait).run()
        self.note(viewer, "Rotate", {"key": rotated.key}, DONE)
        return rotated

    def check(self) -> str:
        """The version of the Neo4j that answers; raises DatabaseAway where none does."""
        return self._store.check()

    def close(self) -> None:
        """End all connections."""
        self._store.close()

    def ask(self, viewer: Viewer, question: Question[A]) -> A:
        """Answer a question: grounds, decision, query, access record, commit, in one transaction.

        Raises NotVisible where the child is absent or the viewer has no ground, NotAllowed where the
        role never may, BadQuestion where what is asked cannot be done; all leave their record.
        DatabaseAway without an answer from Neo4j.
        """
        self.gate(viewer, type(question).__name__, question.permission)
        given, told = self.recorded(
            lambda tx, pen: answer(self._asking(tx, viewer), pen, question), question.seconds
        )
        self.tell(told)
        if given is None:
            raise NotVisible
        if isinstance(given, BadQuestion):
            raise given
        return given

    def load(
        self,
        viewer: Viewer,
        batch: Batch | Source,
        accept_drop: bool = False,
        progress: Progress = _silent,
    ) -> LoadReport:
        """Load an extract, or register a source; only a steward may.

        accept_drop: end what is missing even where that is over a fifth of what is open.
        progress: told what is written, rows done, rows in all.
        Raises NotAllowed, UnknownSource, OldExtract and DropTooLarge, having written nothing.
        """
        if isinstance(batch, Source):
            self.gate(viewer, "Register", Permission.REGISTER_SOURCE)
            return self.recorded(lambda tx, pen: self._register(tx, pen, viewer, batch))
        self.gate(viewer, "Load", Permission.LOAD)
        asked = {"source": batch.source, "feed": batch.feed}
        self.note(viewer, "Load", asked, BEGUN)
        loading = Loading(self._store, self.keyring, batch, viewer, self._clock, progress)
        report = loading.run(accept_drop)
        self.note(viewer, "Load", asked, DONE)
        return report

    def judge(self, viewer: Viewer, judgement: Judgement) -> None:
        """Judge whether the two of a pair are one child; only a steward may.

        Raises NotAllowed, NotVisible (no such pair), and BadQuestion where two would be different who are
        one by other judgements; all leave their record.
        """
        self.gate(viewer, "Judge", Permission.JUDGE)
        with self._refusing(viewer, "Judge"):
            if not self.recorded(lambda tx, pen: self._judge(tx, pen, viewer, judgement), 120):
                raise NotVisible

    def confirm(self, viewer: Viewer, confirmation: Confirmation) -> Confirmed:
        """Note that the telephones of a service were checked today; only a steward or a lead may.

        A lead may where it works in their own area, and no sensitive one: others are not there for them.
        Raises NotAllowed, and BadQuestion where there is no such service; both leave their record.
        """
        self.gate(viewer, "Confirm", Permission.CONFIRM_CONTACT)
        confirmed = self.recorded(lambda tx, pen: self._confirm(tx, pen, viewer, confirmation))
        if confirmed is None:
            raise BadQuestion(
                "There is no service of that id. A lead confirms in their own area. The directory has "
                "the id of each service: signpost contacts list AUTHORITY"
            )
        return confirmed

    def explain(self, viewer: Viewer, explanation: Explanation) -> None:
        """Note what came of a use of break-glass; only who broke the glass may, and once.

        Raises NotAllowed, and BadQuestion where no such use of theirs waits for it; both leave their
        record.
        """
        self.gate(viewer, "Explain", Permission.EXPLAIN)
        if not self.recorded(lambda tx, pen: self._explain(tx, pen, viewer, explanation)):
            raise BadQuestion(
                "No use of break-glass of yours waits to be explained under this address. The start page "
                "lists those that do."
            )

    def defer(self, viewer: Viewer, deferral: Deferral) -> None:
        """Keep a look back from the family's report until a review, or end that; only a steward may.

        Raises NotAllowed, NotVisible (no such look), and BadQuestion where it may not be kept back so
        long, or for no service; all leave their record.
        """
        self.gate(viewer, "Defer", Permission.DEFER_LOOKS)
        with self._refusing(viewer, "Defer"):
            if not self.recorded(lambda tx, pen: self._defer(tx, pen, viewer, deferral)):
                raise NotVisible

    def match(self, viewer: Viewer, progress: Progress = _silent) -> Matched:
        """Match all children anew, by what the sources say now; only a steward may.

        Its record is there before anything is matched, and another one after.
        """
        self.gate(viewer, "Match", Permission.JUDGE)
        self.note(viewer, "Match", {}, BEGUN)
        matched = match_all(self._store, self.keyring, self._clock, progress)
        self.note(viewer, "Match", {}, DONE)
        return matched

    def retain(
        self, viewer: Viewer, dry_run: bool = False, progress: Progress = _silent
    ) -> Retained:
        """Delete what is past the time for which its source keeps it; only a steward may.

        dry_run: only count. Its record is there before anything is deleted, and another one after.
        Safe to stop and to run again; not while a load runs, which would find less than it planned for.
        """
        self.gate(viewer, "Retain", Permission.RETAIN)
        self.note(viewer, "Retain", {"dry_run": dry_run}, BEGUN)
        retention = Retention(self._store, self.keyring, self._clock, progress, dry_run)
        retained = retention.run()
        deleted = [f"{what} {count}" for what, count in retained.deleted.items()]
        self.note(viewer, "Retain", {"dry_run": dry_run, "deleted": deleted}, DONE)
        return retained

    def anchor(self, anchors: Anchors) -> Anchor | None:
        """Sign where the access records stand now, outside the database.

        Anyone may, and nothing is learnt by it. Return the anchor; None where nothing was recorded
        since the last one. Raises AnchorsAway, DatabaseAway.
        """
        now = self._clock()
        # A clock may have been ahead when the last one was taken.
        since = min(anchors.latest, now) - _SLACK if anchors.latest else _EVER
        ends = self._store.within(lambda tx: ends_since(tx, since), seconds=120)
        return anchors.take(furthest([*ends, *self._strands.ends()]), now)

    def verify(self, viewer: Viewer, anchors: Anchors, progress: Progress = _silent) -> Verified:
        """Hold every access record to the one before it and to the anchors; only an auditor may.

        Its record is there before anything is read, and another one after. Raises AnchorsAway.
        """
        self.gate(viewer, "Verify", Permission.VERIFY)
        self.note(viewer, "Verify", {}, BEGUN)
        verified = verify(self._store, self._connection, self.keyring, anchors, progress)
        self.note(viewer, "Verify", {"damage": len(verified.damage)}, DONE)
        return verified

    def gate(self, viewer: Viewer, name: str, permission: Permission) -> None:
        """Let pass a viewer whose role the policy names for `permission`; else leave a record.

        name: what was asked for. Raises NotAllowed, BadKeyring.
        """
        if not self._keys_checked:
            self._check_keys()
        if may_ever(viewer, permission):
            return
        self.note(viewer, name, {}, NOT_ALLOWED)
        raise NotAllowed(f"The role of {viewer.role.value} may not {permission.value}.")

    def tell(self, whom: Iterable[str]) -> None:
        """Send a message that something waits; only once it is committed.

        whom: for the leads of which authorities, by DfE number; or BROKER.
        """
        for one in whom:
            self._tell(Message(one, self._clock()))

    def now(self) -> datetime:
        """The time, with its zone."""
        return self._clock()

    def recorded(self, work: Callable[[Transaction, Pen], A], seconds: float = 30) -> A:
        """Run `work` in one transaction, with a pen for the access record that it leaves."""
        with self._strands.pen() as pen:
            return self._store.within(lambda tx: work(tx, pen.afresh()), seconds)

    def note(self, viewer: Viewer, name: str, asked: dict[str, Any], outcome: str) -> None:
        """Leave the record of something that is no answer about a child."""
        record = access_record(viewer, name, asked, outcome, None, (), 0, self._clock())
        self.recorded(lambda tx, pen: pen.write(tx, record))

    @contextmanager
    def _refusing(self, viewer: Viewer, name: str) -> Iterator[None]:
        """A BadQuestion undoes what was written before it, so its record is written after it."""
        try:
            yield
        except BadQuestion:
            self.note(viewer, name, {}, NOTHING)
            raise

    def _check_keys(self) -> str | None:
        """The mark of the schema, where this keyring is the one that made the graph's tokens.

        Another keyring would find nobody, and load everybody anew, unshielded: BadKeyring.
        """
        check = self.keyring.stamp("check")
        said = {
            "newest": self.keyring.current,
            "oldest": self.keyring.oldest,
            "today": self._today(),
        }
        [row] = self._store.within(lambda tx: tx.run("access/keys", check=check, **said))
        if row["check"] != check:
            raise BadKeyring(
                "This keyring is not the one that this database was loaded with. Bring that one back, "
                "or start with an empty database."
            )
        self._live.note(row["keys"])
        self._keys_checked = True
        return row["schema"]

    def _today(self) -> date:
        return self._clock().astimezone(LONDON).date()

    def _judge(self, tx: Transaction, pen: Pen, viewer: Viewer, judgement: Judgement) -> bool:
        now = self._clock()
        key = self._asking(tx, viewer).in_handle(judgement.pair)[0]
        children = judge(tx, self.keyring, viewer, key, judgement.verdict, now)
        asked = {"verdict": judgement.verdict.value, "pair": key}
        outcome = DONE if children else NOT_VISIBLE
        record = access_record(viewer, "Judge", asked, outcome, None, children, 0, now)
        pen.write(tx, record)
        return bool(children)

    def _confirm(
        self, tx: Transaction, pen: Pen, viewer: Viewer, confirmation: Confirmation
    ) -> Confirmed | None:
        now = self._clock()
        confirmed = confirm(tx, viewer, confirmation, now.astimezone(LONDON).date())
        # What is no service's id may be anything that somebody typed.
        asked = {"service": confirmed and confirmed.service}
        outcome = DONE if confirmed else NOTHING
        record = access_record(
            viewer, "Confirm", asked, outcome, None, (), int(bool(confirmed)), now
        )
        pen.write(tx, record)
        return confirmed

    def _explain(self, tx: Transaction, pen: Pen, viewer: Viewer, explanation: Explanation) -> bool:
        now = self._clock()
        use = use_of(self._asking(tx, viewer), explanation)
        asked = {"explains": use, "explained": explanation.explained.value}
        viewer = viewer.stating(reference=explanation.reference)
        outcome = DONE if use else NOTHING
        record = access_record(viewer, "Explain", asked, outcome, None, (), int(bool(use)), now)
        pen.write(tx, record)
        return bool(use)

    def _defer(self, tx: Transaction, pen: Pen, viewer: Viewer, deferral: Deferral) -> bool:
        """Write the access record, which is the deferral: a later one of the same look replaces it."""
        asking = self._asking(tx, viewer)
        said = deferred(asking, deferral)
        outcome = DONE if said else NOT_VISIBLE
        author = viewer.model_copy(update={"reference": deferral.reference})
        record = access_record(author, "Defer", said or {}, outcome, None, (), 0, asking.now)
        pen.write(tx, record)
        return bool(said)

    def _names(self, tx: Transaction) -> Frequencies:
        """How common names are; read again after some minutes, and with it which keys are live."""
        now = self._clock()
        if self._frequencies is None or abs(now - self._frequencies[0]) >= _KEPT:
            self._frequencies = now, read_frequencies(tx, self.keyring)
            [row] = tx.run("load/live")
            self._live.note(row["keys"])
        return self._frequencies[1]

    def _register(self, tx: Transaction, pen: Pen, viewer: Viewer, source: Source) -> LoadReport:
        now = self._clock()
        record = access_record(
            viewer, "Register", {"source": source.id}, DONE, None, children=(), shown=0, at=now
        )
        pen.write(tx, record)
        return register(tx, source, now)

    def _asking(self, tx: Transaction, viewer: Viewer) -> Asking:
        now = self._clock()
        return Asking(
            transaction=tx,
            viewer=viewer,
            keyring=self.keyring,
            now=now,
            today=now.astimezone(LONDON).date(),
            broker_line=self._broker_line,
            live=self._live,
            frequencies=self._names(tx),
        )
