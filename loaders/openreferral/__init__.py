"""A directory of services: Open Referral UK, HSDS 1 and 3, as docs/openreferral.md says."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault
from loaders.batches import Progress, Ticker, begin
from loaders.openreferral.pages import Page, files_of, first_service, page
from loaders.openreferral.services import Taken, take
from loaders.reject_files import private_json
from loaders.rejects import REASON, inside, reasons

FEED = "openreferral"
_EMPTY = dict.fromkeys(("id", "name", "status"))


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a directory's services.

    path: a JSON file with a service, a list or a page, or a folder of them. full: False where it only
    adds and corrects; rejects, one service alone and pages of which some are missing make it so.
    Return the rows, a fault for each that was not taken, and warnings. Raise BadInput where a file
    cannot be used, or where there is no service.
    """
    batch = begin(FEED, source, extracted, full)
    pages = _pages(path, progress)
    taken = [take(item, extracted) for one in pages for item in one.items]
    if not taken and not any(one.whole for one in pages):
        raise BadInput(f"{path.name} holds no service of Open Referral")
    services, doubles = _once(taken)
    missing = list(_missing(pages, taken))
    rejects = any(REASON in (item.value or {}) for one in pages for item in one.items)
    return batch.model_copy(
        update={
            "services": [row for one in services for row in one.rows],
            "tables": ("services",),
            "full": full and not rejects and not missing,
            "faults": [fault for one in taken for fault in one.faults],
            "warnings": [
                *_others(pages),
                *([] if rejects else missing),
                *(fault for one in services for fault in one.warnings),
                *doubles,
            ],
            "unread": {name for one in pages for name in one.keys},
        }
    )


def knows(path: Path) -> str | None:
    """Say by the keys of its objects whether this is a directory of services; None where it is not."""
    try:
        if any(map(first_service, files_of(path))):
            return "its objects have the keys of Open Referral services"
    except BadInput:
        pass
    return None


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected services to repair, each with a reason.

    path: what was read. target: the folder to write, made where it is absent.
    Return the folder to load after repair, its files their owner's only and with no other keys than
    those that are read; None where no service was rejected. Raise BadInput as `read` does, and where a
    file is there already.
    """
    wanted = {file: "; ".join(why.values()) for file, why in reasons(faults).items()}
    written = False
    for file in files_of(path) if wanted else ():
        items = [item for item in page(file).items if item.file in wanted]
        if items:
            said = [{**_EMPTY, **(i.value or {}), REASON: wanted[i.file]} for i in items]
            private_json(inside(target, file.name), {"contents": said})
            written = True
    return target if written else None


def _pages(path: Path, progress: Progress | None) -> list[Page]:
    files = files_of(path)
    ticker = Ticker(progress, len(files))
    pages = []
    for file in files:
        tick = ticker.share(file.name, 1)
        pages.append(page(file))
        tick(1)
    return pages


def _once(taken: list[Taken]) -> tuple[list[Taken], list[Fault]]:
    """Each service once: a page may repeat one, and a list has less than the service's own page."""
    best: dict[str, Taken] = {}
    doubles: list[Fault] = []
    for one in taken:
        if one.id is None or one.faults:
            continue
        first = best.setdefault(one.id, one)
        if first is one or first.says == one.says:
            continue
        if first.weight == one.weight or first.modified != one.modified:
            said = "is there twice and differs; the later and fuller one is taken"
            doubles.append(one.odd("id", said))
        best[one.id] = max(first, one, key=lambda service: service.weight)
    return list(best.values()), doubles


def _missing(pages: list[Page], taken: list[Taken]) -> Iterator[Fault]:
    """A warning where services may be missing that are there still: one, the first that is found."""
    lists = [one for one in pages if one.whole]
    mixed = [one for one in pages if one.items and (one.others or not lists)]
    total = max((one.total for one in lists if one.total is not None), default=0)
    here = len({one.id or one.item.file for one in taken})
    lasts = [one.last for one in lists if one.last is not None]
    if mixed:
        yield _warning(
            mixed[0], "is no list of services and nothing else: nothing is taken for ended"
        )
    elif here < total:
        said = (
            f"has {here:,} services of the {total:,} that it speaks of: nothing is taken for ended"
        )
        yield _warning(lists[0], said)
    elif lasts and not any(lasts):
        yield _warning(lists[-1], "is not the last page: nothing is taken for ended")


def _warning(one: Page, sentence: str) -> Fault:
    return Fault(file=one.name, line=1, sentence=sentence)


def _others(pages: list[Page]) -> list[Fault]:
    said = "holds what is no service, and was not read"
    return [_warning(one, f"{said}: {one.others:,}") for one in pages if one.others]
