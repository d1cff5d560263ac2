"""Warnings of which a register has thousands, counted: one for each sentence, file and column."""

from collections.abc import Iterator

from graph import Fault


class Tally:
    """Counts what is odd, and remembers where it was first."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str, str], list[int]] = {}

    def add(self, file: str, line: int, column: str, sentence: str) -> None:
        """Count one more row."""
        self._said.setdefault((file, column, sentence), [line, 0])[1] += 1

    def faults(self) -> Iterator[Fault]:
        """What was counted, each at the line where it was first."""
        for (file, column, sentence), (line, count) in self._said.items():
            rows = "1 row" if count == 1 else f"{count:,} rows"
            yield Fault(file=file, line=line, column=column, sentence=f"{sentence}: {rows}")
