"""Another key while everything is served: the ring has it, the graph says so, then all is made anew under it.

A token says under which key's layer it stands, as a seal does, so that none is ever turned twice:
stopped anywhere, it is run again and goes on.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from graph.errors import KeysChanging
from graph.hours import LONDON
from graph.layers import Layer
from graph.rematch import reseal_names
from graph.sealing import Keyring
from graph.store import Store, Transaction
from graph.users import resealed

NODES = 500  # in one transaction, with all their edges
BLOCKS = 5_000
# An ask may take 30 s, and so may a page of these.
WAIT = 35.0
# A load shows that it goes on at least as often.
QUIET = timedelta(minutes=15)
_KINDS = (("children", "child"), ("practitioners", "practitioner"), ("services", "service"))
_PAST = "l"  # after every token


class Rotated(NamedTuple):
    """What was made anew under which key; resumed: another run had begun it."""

    key: str
    tokens: int
    seals: int
    resumed: bool


@dataclass
class Rotation:
    """One change of the key; wait: seconds until what began before it was said has ended."""

    store: Store
    keyring: Keyring
    clock: Callable[[], datetime]
    progress: Callable[[str, int, int], None]
    wait: float = WAIT
    tokens: int = 0
    seals: int = 0

    def run(self) -> Rotated:
        """Finish the change that was begun, else add a key and change to it.

        Raises KeysChanging while a load is under way, and where another run went on meanwhile.
        """
        layer, resumed = self.store.within(self._begin)
        self._await()
        # The last time round nothing is left, so that it is known and not hoped.
        while self._turn_all(layer):
            pass
        self.store.within(lambda tx: self._end(tx, layer))
        return Rotated(layer.key, self.tokens, self.seals, resumed)

    def _begin(self, tx: Transaction) -> tuple[Layer, bool]:
        """Say in the graph that two keys are live, of which the newer one is in the file already."""
        now = self.clock()
        [row] = tx.run("load/lock", now=now)
        live: list[str] = row["live"]
        if len(live) > 1:
            return Layer(self.keyring, live[-1]), True
        [loads] = tx.run("load/under_way", since=now - QUIET)
        if loads["loads"]:
            raise KeysChanging(
                "A load is under way, or was stopped less than 15 minutes ago. Run this again when it has "
                "ended; nothing was changed."
            )
        self.keyring.refresh()
        resumed = self.keyring.current != live[0]
        if not resumed:
            self.keyring.add()
        tx.run("load/live_keys", live=[*live, self.keyring.current], today=self._today())
        return Layer(self.keyring, self.keyring.current), resumed

    def _await(self) -> None:
        until = time.monotonic() + self.wait
        while (left := until - time.monotonic()) > 0:
            self.progress("waiting for questions", int(self.wait - left), int(self.wait))
            time.sleep(min(left, 1.0))

    def _turn_all(self, layer: Layer) -> int:
        before = self.tokens + self.seals
        for what, name in _KINDS:
            for page in self.store.pages(what, name, NODES):
                self._within(layer, lambda tx, w=what, p=page: self._turn_edges(tx, layer, w, p))
        for after, before_ in (("", f"{layer.key}."), (f"{layer.key}/", _PAST)):
            while self._within(
                layer, lambda tx, a=after, b=before_: self._turn_blocks(tx, layer, a, b)
            ):
                pass
        for row in self.store.within(lambda tx: tx.run("load/own_users")):
            self._within(layer, lambda tx, u=row["id"]: self._turn_user(tx, layer, u))
        self._within(layer, lambda tx: (0, int(reseal_names(tx, self.keyring))))
        return self.tokens + self.seals - before

    def _within(self, layer: Layer, work: Callable[[Transaction], tuple[int, int]]) -> int:
        """One page, unless another run has ended this change meanwhile; return how much was turned."""

        def unit(tx: Transaction) -> tuple[int, int]:
            self._hold(tx, layer)
            return work(tx)

        tokens, seals = self.store.within(unit)
        self.tokens, self.seals = self.tokens + tokens, self.seals + seals
        self.progress("making tokens anew", self.tokens, 0)
        return tokens + seals

    def _hold(self, tx: Transaction, layer: Layer) -> None:
        [row] = tx.run("load/live")
        live = row["keys"]["live"]
        if len(live) != 2 or live[-1] != layer.key:
            raise KeysChanging("Another run has ended this change of the key.")

    def _turn_edges(
        self, tx: Transaction, layer: Layer, what: str, page: list[str]
    ) -> tuple[int, int]:
        nodes = {kind: page if kind == what else [] for kind, _ in _KINDS}
        [row] = tx.run("load/tokens", **nodes)
        rows = {one["edge"]: _turned(layer, one["id"], one["said"]) for one in row["found"]}
        rows = {edge: said for edge, said in rows.items() if said}
        tx.run("load/turned_edges", rows=[{"edge": edge, "said": rows[edge]} for edge in rows])
        seals = sum("sealed" in said for said in rows.values())
        return sum(map(len, rows.values())) - seals, seals

    def _turn_blocks(
        self, tx: Transaction, layer: Layer, after: str, before: str
    ) -> tuple[int, int]:
        found = tx.run("load/block_tokens", after=after, before=before, size=BLOCKS)
        rows = [{"was": row["token"], "token": layer.turned(row["token"])} for row in found]
        rows = [row for row in rows if row["token"] != row["was"]]
        tx.run("load/turned_blocks", rows=rows)
        return len(rows), 0

    def _turn_user(self, tx: Transaction, layer: Layer, user: str) -> tuple[int, int]:
        [row] = tx.run("load/secrets", user=user)
        if row["password"].startswith(f"{self.keyring.current}."):
            return 0, 0
        secrets = resealed(self.keyring, row, layer.key)
        tx.run("load/resealed_user", user=user, secrets=secrets)
        return len(secrets["recovery"]), len(secrets) - 1

    def _end(self, tx: Transaction, layer: Layer) -> None:
        tx.run("load/lock", now=self.clock())
        self._hold(tx, layer)
        tx.run("load/live_keys", live=[layer.key], today=self._today())

    def _today(self) -> date:
        return self.clock().astimezone(LONDON).date()


def _turned(layer: Layer, node: str, said: Mapping[str, Any]) -> dict[str, str]:
    """Of what an edge of a node says, the tokens and the seal that are not of this layer, made anew."""
    keyring, made = layer.keyring, {}
    for name, value in said.items():
        if not value:
            continue
        if name != "sealed":
            made[name] = layer.turned(value)
        elif not value.startswith(f"{keyring.current}."):
            made[name] = keyring.seal(keyring.open(value, node), node)
    return {name: value for name, value in made.items() if value != said[name]}
