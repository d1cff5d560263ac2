"""NHS organisations from the Organisation Data Service, as docs/ods.md says."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from graph import BadInput, Batch, Fault, Row
from loaders.batches import Progress, Ticker, begin, files_in
from loaders.csv_set import CsvFile, csv_set
from loaders.fhir import FHIR, SUFFIXES, FhirFile, beginning, first_sign, resources
from loaders.fhir.rejects import private_bundle
from loaders.ods import csv_shape, fhir_shape, ord_shape
from loaders.ods.rows import OdsRows, Organisation
from loaders.reject_files import private_json
from loaders.rejects import REASON, inside, private_csv, reasons
from loaders.tally import Tally
from loaders.unread import Keys, noting

FEED = "ods"
_MOST_LOOKED_AT = 50
_SAID = {
    "csv": "its lines are those of an ODS report, with a code in the first column and days in the 11th",
    "fhir": "it holds organisations of FHIR with ODS codes",
    "ord": "it holds organisations with an OrgId, as the ORD interface gives them",
}
_STYLES = {"csv": csv_shape.STYLE, "fhir": fhir_shape.STYLE, "ord": ord_shape.STYLE}


@dataclass(frozen=True)
class _File:
    """One file of an extract, and how it is written: csv, fhir or ord."""

    name: str
    path: Path
    size: int
    way: str
    csv: CsvFile

    @property
    def fhir(self) -> FhirFile:
        return FhirFile(self.name, self.path, first_sign(self.path) == "<")


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a report, an answer of the FHIR or ORD interface, or a folder of them.

    path: the file, zip or folder. full: a snapshot; only reports alone are one, and no rejects.
    Return a batch whose rows are read as they are asked for, with a fault for each organisation that is
    not taken. Raise BadInput, naming each file, where one of them cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    files = _files(path)
    faults: list[Fault] = []
    warnings: list[Fault] = []
    keys = Keys()
    further = [name for file in files if file.way == "csv" for name in csv_shape.unread(file.csv)]
    whole = all(file.way == "csv" and not csv_shape.is_rejects(file.csv) for file in files)
    return batch.model_copy(
        update={
            "stream": _stream(path, files, faults, warnings, keys, progress),
            "tables": ("services",),
            "full": full and whole,
            "faults": faults,
            "warnings": warnings,
            "unread": further if whole else keys,
        }
    )


def knows(path: Path) -> str | None:
    """Say how a file or folder is known to hold NHS organisations; None where it is not.

    Of a folder, each of its first files must be one of theirs, or an empty answer.
    """
    try:
        found = [_way(file) for file in _csv_files(path)[:_MOST_LOOKED_AT]]
    except BadInput:
        return None
    ways = [way for way in found if way in _SAID]
    return _SAID[ways[0]] if ways and all(found) else None


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected organisations to repair, each with its reason, in the format of their file.

    path: what was read. target: the folder to write, made where it is absent.
    Return the file to load after repair, or the folder where several were read; None where nothing
    was rejected. Raise BadInput as `read` does, and where a file is in the target already.
    """
    wanted = reasons(faults)
    written = [
        done for file in _files(path) if (done := _reject(file, wanted, inside(target, file.name)))
    ]
    if path.is_dir() or len(written) > 1:
        return target if written else None
    return written[0] if written else None


def _stream(
    path: Path,
    files: Sequence[_File],
    faults: list[Fault],
    warnings: list[Fault],
    keys: Keys,
    progress: Progress | None,
) -> Iterator[Row]:
    """The rows of every file; what cannot be read of one is said after the last."""
    ticker = Ticker(progress, sum(file.size for file in files))
    tally = Tally(warnings)
    takers = {way: OdsRows(style, faults, tally, way != "csv") for way, style in _STYLES.items()}
    problems = []
    for file in files:
        rows = takers[file.way]
        try:
            tick = ticker.share(file.name, file.size)
            for one, _ in _organisations(file, warnings, keys, tick):
                yield from rows.take(one)
        except BadInput as problem:
            problems.append(str(problem))
        tally.end()
    if problems:
        raise BadInput("\n".join(problems))
    if not any(rows.taken for rows in takers.values()):
        raise BadInput(f"{path.name or 'The folder'} holds no organisation with an ODS code")


def _organisations(
    file: _File, warnings: list[Fault], keys: Keys, tick: Callable[[int], None] | None = None
) -> Iterator[tuple[Organisation, Any]]:
    """The organisations of a file, each with what is kept of it to write it again."""
    if file.way == "csv":
        yield from ((one, None) for one in csv_shape.organisations(file.csv, tick))
    elif file.way == "ord":
        kept = noting(ord_shape.KEPT, keys)
        yield from ord_shape.organisations(file.name, file.path, tick, kept)
    else:
        for one in resources(file.fhir, noting(fhir_shape.KEPT, keys), tick):
            if one.kind == "Organization":
                yield fhir_shape.organisation(one), one
            elif one.kind == "OperationOutcome":
                sentence = "is an error that the service sent, and no organisations: ask it again"
                warnings.append(Fault(file=one.file, line=one.line, sentence=sentence))


def _reject(file: _File, wanted: dict[str, dict[int, str]], target: Path) -> Path | None:
    if file.way == "csv":
        lines = wanted.get(file.name)
        return private_csv(target, csv_shape.rejected(file.csv, lines)) if lines else None
    found: list[tuple[Any, str]] = [
        (data, wanted[one.file][one.line])
        for one, data in _organisations(file, [], Keys())
        if one.line in wanted.get(one.file, {})
    ]
    if not found:
        return None
    if file.way == "fhir":
        return private_bundle(target, file.fhir.xml, [found])
    said = [{**data, REASON: why} for data, why in found if isinstance(data, dict)]
    return private_json(target, {"Organisations": said})


def _files(path: Path) -> list[_File]:
    """The files to read; raises BadInput that names each that is none of ours."""
    found = [(file, _way(file)) for file in _csv_files(path)]
    if strange := [file.name for file, way in found if not way]:
        raise BadInput("\n".join(f"{name} holds no NHS organisations" for name in strange))
    return [
        _File(file.name, file.path, file.size, "fhir" if way == "empty" else way, file)
        for file, way in found
    ]


def _csv_files(path: Path) -> list[CsvFile]:
    if not path.is_dir():
        return csv_set(path)
    return [
        CsvFile(name, file.stat().st_size, file) for name, file in files_in(path, ".csv", *SUFFIXES)
    ]


_RESOURCE = re.compile(r'<Organization[\s>]|"resourceType"\s*:\s*"Organization"')
# What tells of people is of another kind, whichever organisations go along with it.
_PEOPLE = re.compile(
    r'<(Patient|Flag|CarePlan|CareTeam)[\s>]|"resourceType"\s*:\s*"(Patient|Flag|CarePlan|CareTeam)"'
)


def _way(file: CsvFile) -> str:
    """How a file is written; "empty" for FHIR without organisations, "" for what is none of ours."""
    text = beginning(file.path) if file.inside is None else ""
    if text[:1] not in ("<", "{", "["):
        return "csv" if _is_report(file) else ""
    if _PEOPLE.search(text):
        return ""
    if _RESOURCE.search(text) and fhir_shape.SYSTEM in text:
        return "fhir"
    if text[:1] != "<" and '"OrgId"' in text and '"Name"' in text:
        return "ord"
    return "empty" if _is_empty(text) else ""


def _is_empty(text: str) -> bool:
    """True for an answer of the service without organisations, or an error."""
    is_fhir = FHIR in text or '"resourceType"' in text
    return is_fhir and bool(re.search(r"\bBundle\b|\bOperationOutcome\b|OrganizationAff", text))


def _is_report(file: CsvFile) -> bool:
    try:
        return csv_shape.is_report(file)
    except BadInput:
        return False
