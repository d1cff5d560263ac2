"""The only module that imports the Neo4j driver: connects, runs queries of the catalogue, maps errors."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, LiteralString, TypeVar, cast

import neo4j
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
)
from neo4j.time import Date, DateTime

from graph.authorities import authorities
from graph.catalog import Query, catalogue
from graph.embedded import Connection
from graph.errors import DatabaseAway, LoadStopped, SignpostError

T = TypeVar("T")
_AGAIN = (
    "Make room on its disk, then start it again: signpost db stop and db start, or signpost run."
)
_FULL = f"The disk of the database is full (or it is set to read only): nothing more is written. {_AGAIN}"
# It refuses all after a fault, until it is started again; or it does not start.
_CLOSED = (
    "TransactionStartFailed",
    "TransactionLogError",
    "TransactionCommitFailed",
    "DatabaseUnavailable",
)
_LOG = ": it starts or ends just now, or had a fault, which is in server/logs/debug.log of SIGNPOST_HOME."


class Transaction:
    """One transaction, in which only queries of the catalogue run."""

    def __init__(self, inner: neo4j.ManagedTransaction, queries: Mapping[str, Query]) -> None:
        self._inner = inner
        self._queries = queries

    def run(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """Run the query of that name and return all its rows, in Python's own types."""
        return _rows(self._inner.run(self._queries[name].text, _in_utc(params)))

    def stream(self, name: str, /, **params: Any) -> Iterator[dict[str, Any]]:
        """Run the query of that name and return its rows one by one, however many there are."""
        for record in self._inner.run(self._queries[name].text, _in_utc(params)):
            yield _row(record)

    def profiled(self, name: str, /, **params: Any) -> tuple[list[dict[str, Any]], int]:
        """The rows that `run` gives, and how often the database was touched for them; for benches."""
        text = cast("LiteralString", f"PROFILE {self._queries[name].text}")
        result = self._inner.run(text, _in_utc(params))
        return _rows(result), _hits(result.consume().profile)


class Store:
    """Connections to one database, and the queries that may run there."""

    def __init__(self, connection: Connection) -> None:
        self.queries = catalogue()
        self.driver = neo4j.GraphDatabase.driver(
            connection.uri,
            auth=(connection.user, connection.password),
            connection_timeout=10,
            connection_acquisition_timeout=20,
            # Whoever asks at night would rather ring the broker line than wait for the usual 30 s.
            max_transaction_retry_time=4,
            notifications_min_severity="OFF",
        )
        self.database = connection.database
        # One manager for all sessions, so that on a cluster each sees what the others wrote.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    def within(self, work: Callable[[Transaction], T], seconds: float = 30) -> T:
        """Run `work` in one transaction, again where the database asks for it, and commit.

        work: gets a Transaction; what it returns is returned. seconds: the longest it may take.
        Raises DatabaseAway without an answer, LoadStopped where another load wrote the same record.
        """

        @neo4j.unit_of_work(timeout=seconds)
        def unit(inner: neo4j.ManagedTransaction) -> T:
            return work(Transaction(inner, self.queries))

        with (
            _mapped(),
            self.driver.session(
                database=self.database, bookmark_manager=self._bookmarks
            ) as session,
        ):
            return session.execute_write(unit)

    def pages(self, what: str, name: str, size: int) -> Iterator[list[str]]:
        """All nodes of a sort, a page in a transaction; what: names the query, name: what it returns."""
        after = ""
        while True:
            query, said = f"load/{what}_page", {"after": after, "size": size}
            rows = self.within(lambda tx, q=query, s=said: tx.run(q, **s))
            if not rows:
                return
            page = [row[name] for row in rows]
            yield page
            after = page[-1]

    def set_up(self) -> None:
        """Make the constraints and indexes that are not there yet, and wait until they answer."""
        with _mapped(), self.driver.session(database=self.database) as session:
            for name, query in self.queries.items():
                if name.startswith("schema/"):
                    session.run(query.text).consume()
            session.run("CALL db.awaitIndexes(120)").consume()

    def bare(self, text: LiteralString, /, **params: Any) -> list[dict[str, Any]]:
        """One statement of the developers' own, for benches and tests; nobody else has a reason."""
        with _mapped(), self.driver.session(database=self.database) as session:
            return _rows(session.run(text, params))

    def schema_digest(self) -> str:
        """A digest of the schema's queries and of the authorities that are built in."""
        texts = [query.text for name, query in self.queries.items() if name.startswith("schema/")]
        built_in = repr(list(authorities().values()))
        return sha256("\n".join([*texts, built_in]).encode()).hexdigest()

    def explain(self, name: str) -> tuple[list[str], list[str], list[str]]:
        """How the server would run a query: the steps of its plan, its warnings, the names it returns.

        The query gets null for each parameter; nothing is run.
        """
        query = self.queries[name]
        text = cast("LiteralString", f"EXPLAIN {query.text}")
        with (
            _mapped(),
            self.driver.session(
                database=self.database, notifications_min_severity="INFORMATION"
            ) as session,
        ):
            result = session.run(text, dict.fromkeys(query.params))
            names = list(result.keys())
            summary = result.consume()
        notices = [n.status_description for n in summary.gql_status_objects if n.is_notification]
        return _steps(summary.plan), notices, names

    def check(self) -> str:
        """The version of the server that answers.

        Raises DatabaseAway where none does, or where nothing can be written.
        """
        with _mapped(), self.driver.session(database=self.database) as session:
            with session.begin_transaction() as tx:
                tx.run("CREATE ()").consume()
                tx.rollback()
            return self.driver.get_server_info().agent.removeprefix("Neo4j/")

    def close(self) -> None:
        """End all connections."""
        self.driver.close()


def _in_utc(value: Any) -> Any:
    """The same parameters with instants in UTC: driver 6.4 crashes the process on a ZoneInfo."""
    if isinstance(value, dict):
        return {name: _in_utc(item) for name, item in value.items()}
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _rows(result: neo4j.Result) -> list[dict[str, Any]]:
    return [_row(record) for record in result]


def _row(record: neo4j.Record) -> dict[str, Any]:
    return {name: _native(value) for name, value in record.items()}


_PLAIN = frozenset((str, int, float, bool, type(None)))


def _native(value: Any) -> Any:
    kind = type(value)  # most are plain, and there are very many
    if kind in _PLAIN:
        return value
    if kind is list:
        return [item if type(item) in _PLAIN else _native(item) for item in value]
    if kind is dict:
        return {n: item if type(item) in _PLAIN else _native(item) for n, item in value.items()}
    return value.to_native() if kind in (Date, DateTime) else value


def _steps(plan: Any) -> list[str]:
    if not plan:
        return []
    details = plan.get("args", {}).get("Details", "")
    below = [step for child in plan.get("children", ()) for step in _steps(child)]
    return [f"{plan['operatorType']} {details}", *below]


def _hits(plan: Any) -> int:
    return plan.get("dbHits", 0) + sum(map(_hits, plan.get("children", ())))


@contextmanager
def _mapped():
    """Every error of the driver becomes one of ours, and none carries a parameter's value."""
    try:
        yield
    except AuthError:
        raise DatabaseAway("Neo4j refuses the user or password; see SIGNPOST_NEO4J_USER.") from None
    except ServiceUnavailable:
        raise DatabaseAway(
            "Neo4j does not answer. Start it with: signpost db start (or see SIGNPOST_NEO4J_URI)"
        ) from None
    except ClientError as error:
        raise _refused(error.code or "") from None
    except (ConfigurationError, DriverError, Neo4jError) as error:
        raise _away(error) from None


def _refused(code: str) -> SignpostError:
    if code.endswith("ConstraintValidationFailed"):
        return LoadStopped("Another load wrote the same record; run this load again.")
    if "TransactionTimedOut" in code:
        return DatabaseAway("Neo4j took too long over this; try again.")
    if code.endswith("WriteOnReadOnlyAccessDatabase"):
        return DatabaseAway(_FULL)
    return SignpostError(f"Neo4j refused a statement ({code}).")


def _away(error: DriverError | Neo4jError) -> DatabaseAway:
    code = getattr(error, "code", None) or type(error).__name__
    if "disk space" in (getattr(error, "message", None) or ""):
        return DatabaseAway(_FULL)
    if code.endswith(_CLOSED):
        return DatabaseAway(f"Neo4j has closed the database ({code}){_LOG} {_AGAIN}")
    return DatabaseAway(f"Neo4j could not answer ({code}); try again.")
