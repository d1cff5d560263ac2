"""Warnings of which an extract may have thousands: those alike are listed a few times, then counted."""

from graph import Fault

MOST_ALIKE = 100


class Tally:
    """Adds to the warnings of an extract; alike are those with one sentence on one column."""

    def __init__(self, warnings: list[Fault]) -> None:
        self._warnings = warnings
        # How many more there are than are listed, and where the last of these stands.
        self._alike: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, file: str, line: int, column: str, sentence: str, most: int = MOST_ALIKE) -> None:
        """Say what is odd; most: how many alike are listed."""
        times, place = self._alike.get((column, sentence), (-most, 0))
        if times < 0:
            place = len(self._warnings)
            self._warnings.append(Fault(file=file, line=line, column=column, sentence=sentence))
        self._alike[column, sentence] = times + 1, place

    def end(self) -> None:
        """Say how many more there are, with the last of those that are listed."""
        for (_, sentence), (more, place) in self._alike.items():
            if more > 0:
                said = f"{sentence} ({more:,} more of these)"
                last = self._warnings[place]
                self._warnings[place] = last.model_copy(update={"sentence": said})
        self._alike.clear()
