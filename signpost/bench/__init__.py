"""Benches: a figure is always beside a floor that was measured in the same run.

A bench runs on a Neo4j of its own in a folder that is thrown away. This is the one place above the
domain that looks behind the door, because the bare driver is what the door is held against.
"""

from signpost.bench.asks import bench_ask
from signpost.bench.audits import bench_audit
from signpost.bench.blocks import bench_blocks
from signpost.bench.figures import Figure, percentile, scratch
from signpost.bench.fuzz import bench_fuzz
from signpost.bench.hidden import bench_hidden
from signpost.bench.loads import bench_load
from signpost.bench.matches import bench_match
from signpost.bench.memory import bench_memory
from signpost.bench.pages import bench_page

BENCHES = {
    "ask": bench_ask,
    "audit": bench_audit,
    "hidden": bench_hidden,
    "load": bench_load,
    "memory": bench_memory,
    "page": bench_page,
    "fuzz": bench_fuzz,
    "match": bench_match,
    "blocks": bench_blocks,
}

__all__ = ["BENCHES", "Figure", "percentile", "scratch"]
