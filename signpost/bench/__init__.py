"""Benches: a figure is always beside a floor that was measured in the same run.

A bench runs on a Neo4j of its own in a folder that is thrown away. This is the one place above the
domain that looks behind the door, because the bare driver is what the door is held against.
"""

from signpost.bench.asks import bench_ask
from signpost.bench.figures import Figure, percentile, scratch
from signpost.bench.loads import bench_load

BENCHES = {"ask": bench_ask, "load": bench_load}

__all__ = ["BENCHES", "Figure", "percentile", "scratch"]
