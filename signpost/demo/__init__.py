"""A country of children who never were, to try Signpost on (docs/demo.md)."""

from signpost.demo.write import England, write_england

__all__ = ["England", "write_england"]
