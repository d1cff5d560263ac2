"""The place of anchors: a folder, or what a URL names, in which a file is never written over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from graph.errors import AnchorsAway


class Anchorage:
    """The files of one place, by their names; it needs no key, and knows nothing of what they say."""

    def __init__(self, place: str) -> None:
        """Open the place.

        place: a folder, made where there is none, or a URL such as s3://bucket/path. Raises AnchorsAway.
        """
        with _reached():
            self._store: ObjectStore = (
                from_url(place) if "://" in place else LocalStore(Path(place), mkdir=True)
            )

    def names(self, after: str | None = None) -> list[str]:
        """The names of the files that come after one, in order."""
        with _reached():
            pages = self._store.list(offset=after)
            return sorted(str(one["path"]) for page in pages for one in page)

    def files(self, after: str | None = None) -> Iterator[tuple[str, bytes]]:
        """Names and contents of the files whose names come after one, in the order of their names."""
        for name in self.names(after):
            yield name, self.content(name)

    def content(self, name: str) -> bytes:
        """What a file holds."""
        with _reached():
            return bytes(self._store.get(name).bytes())

    def put(self, name: str, content: bytes) -> bool:
        """Write a file; False where there is one of that name already, which stays as it is."""
        with _reached():
            try:
                self._store.put(name, content, mode="create")
            except AlreadyExistsError:
                return False
        return True


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        kind = type(error).__name__
        raise AnchorsAway(
            f"The place of anchors cannot be read or written ({kind}): look at SIGNPOST_ANCHORS."
        ) from None
