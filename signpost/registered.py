"""What is registered of a source, how that is changed, and what it has sent."""

from collections.abc import Collection, Iterator

from graph import BadInput, Graph, Source, SourceReport, SourceReports, UnknownSource, Viewer

_FIELDS = ("name", "authority", "agency", "basis", "keep_years", "every_days")


def register(
    graph: Graph, steward: Viewer, source: Source, change: bool, given: Collection[str] = _FIELDS
) -> list[str]:
    """Register a source, or change what is registered of it.

    change: whether what is registered may become another. given: the fields that were said; the others
    stay as they are registered. Return what was done, in lines. Raise
    BadInput, with what would change, where it may not.
    """
    before = _registered(graph, steward, source.id)
    if before:
        source = source.model_copy(update=_kept(before, given))
    differ = list(_changes(before, source)) if before else []
    if before and not differ:
        return [f"{source.id} is registered already, with the same values."]
    if before and not change:
        told = (f"{source.id} is registered already, with other values:", *differ)
        raise BadInput("\n  ".join(told) + "\nIf that is to change, say it again with --change.")
    graph.load(steward, source)
    if before:
        return [f"{source.id} is changed:", *(f"  {one}" for one in differ)]
    load = f"signpost load KIND PATH --source {source.id} ..."
    return [f"{source.id} is registered. Load its files with: {load}"]


def _registered(graph: Graph, viewer: Viewer, source: str) -> SourceReport | None:
    found = graph.ask(viewer, SourceReports()).sources
    return next((one for one in found if one.id == source), None)


def _kept(before: SourceReport, given: Collection[str]) -> dict[str, object]:
    fields = {name: getattr(before, name) for name in _FIELDS if name not in given}
    if "authority" in fields:
        fields["authority"] = before.authority and before.authority.number
    return fields


def _changes(before: SourceReport, after: Source) -> Iterator[str]:
    for field in _FIELDS:
        was, becomes = getattr(before, field), getattr(after, field)
        if field == "authority":
            was = was and was.number
        if was != becomes:
            yield f"{field.replace('_', ' ')}: {_said(was)} -> {_said(becomes)}"


def _said(value: object) -> str:
    return "none" if value is None else str(value)


def kinds_sent(graph: Graph, viewer: Viewer, source: str) -> list[str]:
    """The kinds of file that were loaded from a source; none for one that has sent nothing yet.

    Raises UnknownSource where it is not registered.
    """
    found = _registered(graph, viewer, source)
    if found is None:
        raise UnknownSource(
            f"No source {source} is registered. Register it first: signpost source add {source} --help"
        )
    return sorted(feed.kind for feed in found.feeds if feed.last)
