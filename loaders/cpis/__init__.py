"""Child Protection - Information Sharing: Bundles of FHIR R4, as docs/cpis.md says."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from graph import BadInput, Batch, Fault, uncollected
from loaders.batches import Progress, Ticker, begin
from loaders.cpis.plans import KEPT, PLANS, Plan, ours, plans
from loaders.cpis.rows import CpisRows
from loaders.fhir import FHIR, LOOSE, FhirFile, Kept, Resource, beginning, fhir_files, resources
from loaders.fhir.references import Index
from loaders.fhir.rejects import MARK, Group, private_bundle
from loaders.fhir.values import every, text
from loaders.rejects import inside, reasons
from loaders.unread import OF_CHILDREN, Keys, noting

FEED = "cpis"
MOST_XML = 7_000_000  # a document is held whole, at about 12 bytes for each of the file
_MOST_LOOKED_AT = 50


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read Bundles of CP-IS.

    path: a file, or a folder of them. full: a snapshot; only a folder is one, and no rejects.
    Return the rows, a fault for each plan that was not taken, and a warning for each that is odd.
    Raise BadInput, with everything that is wrong, where a file cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    files = fhir_files(path)
    ticker = Ticker(progress, sum(file.size for file in files))
    rows, loose, problems, rejects = CpisRows(extracted), [], [], False
    keys = Keys(OF_CHILDREN)
    with uncollected():
        for file in files:
            tick = ticker.share(file.name, file.size)
            try:
                for found in _documents(file, tick, noting(KEPT, keys)):
                    rejects |= any(map(_is_reject, found))
                    loose += [one for one in found if one.bundle == LOOSE]
                    for group in _bundles(found):
                        rows.take(group)
            except BadInput as problem:
                problems.append(str(problem))
        rows.take(ours(loose))
    if not rows.taken and not problems:
        problems = [f"{path.name or 'The folder'} holds no flag and no plan of CP-IS"]
    if problems:
        raise BadInput("\n".join(problems))
    whole = full and path.is_dir() and not rejects
    tables = ("children", "involvements")
    more = {"full": whole, "tables": tables, "unread": keys}
    return batch.model_copy(update={**rows.tables(path.name), **more})


_ROOT = re.compile(
    r"^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<([\w]+:)?(Bundle|Flag|CarePlan|CareTeam)[\s>]", re.S
)
_KIND = re.compile(r'"resourceType"\s*:\s*"(Bundle|Flag|CarePlan|CareTeam)"')
_CODE = re.compile("|".join([*PLANS, "child-protection-information-system-flag"]))


def knows(path: Path) -> str | None:
    """Say how a file or folder is known to hold plans of CP-IS; None where it does not."""
    try:
        files = fhir_files(path)[:_MOST_LOOKED_AT]
    except BadInput:
        return None
    if any(_is_ours(beginning(file.path), file.xml) for file in files):
        return "it holds flags or plans of FHIR with the codes of CP-IS"
    return None


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected plans to repair, each with its reason, its flag, its team and its patient.

    path: what was read. target: the folder to write, made where it is absent.
    Return the file to load after repair, or the folder where a folder was read, its files their owner's
    only; None where nothing was rejected. Raise BadInput as `read` does, and where one is there already.
    """
    wanted = reasons(faults)
    files = fhir_files(path)
    loose = ours([one for file in files for one in resources(file, KEPT) if one.bundle == LOOSE])
    everywhere = Index.of(loose)
    written = []
    for file in files:
        bundles = (group for found in _documents(file) for group in _bundles(found))
        groups = [_rejected(group, Index.of(group), wanted) for group in bundles]
        groups.append(_rejected(loose, everywhere, wanted, file))
        if any(groups):
            kept = [group for group in groups if group]
            written.append(private_bundle(inside(target, file.name), file.xml, kept))
    return (target if path.is_dir() else written[0]) if written else None


def _documents(
    file: FhirFile, tick: Callable[[int], None] | None = None, kept: Kept = KEPT
) -> Iterator[list[Resource]]:
    """The resources of each document of a file, of which it may hold thousands."""

    def number(one: Resource) -> str:
        return one.bundle.removeprefix(f"{file.name}#").partition("/")[0]

    if file.xml and file.size > MOST_XML:
        most = MOST_XML // 10**6
        raise BadInput(f"{file.name} is XML larger than {most} MB: send it in several files")
    found = resources(file, kept, tick)
    return (list(group) for _, group in groupby(found, key=number))


def _bundles(found: Sequence[Resource]) -> Iterator[list[Resource]]:
    """The resources of each Bundle of a document."""
    groups: dict[str, list[Resource]] = {}
    for one in found:
        if one.bundle != LOOSE:
            groups.setdefault(one.bundle, []).append(one)
    for name in sorted(groups):
        steps = name.split("/")
        outer = (groups.get("/".join(steps[:n]), ()) for n in range(1, len(steps)))
        around = [one for group in outer for one in group if one.kind == "Bundle"]
        yield ours(groups[name], around)


def _is_reject(one: Resource) -> bool:
    return bool(one.reason) or MARK in {text(tag, "code") for tag in every(one.data, "meta", "tag")}


def _is_ours(said: str, xml: bool) -> bool:
    is_fhir = FHIR in said and _ROOT.match(said) if xml else _KIND.search(said)
    return bool(is_fhir) and bool(_CODE.search(said))


def _rejected(
    group: Sequence[Resource],
    index: Index,
    wanted: dict[str, dict[int, str]],
    file: FhirFile | None = None,
) -> Group:
    """The rejected resources of a Bundle, each once, with what goes along; of one file where it is said."""
    said = plans(group, index)
    found: dict[int, tuple[Resource, str]] = {}
    for at, along in _with(said.found, index) + [(at, []) for at, _, _ in said.orphans]:
        why = wanted.get(at.file, {}).get(at.line)
        if why and (file is None or at.file == file.name):
            found[id(at)] = (at, why)
            for one in along:
                found.setdefault(id(one), (one, ""))
    return list(found.values())


def _with(found: Sequence[Plan], index: Index) -> list[tuple[Resource, list[Resource]]]:
    """Each plan with the other resources that say of it."""
    result = []
    for plan in found:
        patients = (
            index.find("Patient", text(subject, "reference"), plan.at) for subject in plan.subjects
        )
        along = [*plan.all, *(one for one in patients if one)]
        result.append((plan.at, [one for one in along if one is not plan.at]))
    return result
