"""The services of a file of episodes in their areas, and the posts of professionals at them."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from graph import Fault, Period, Practitioner, PractitionerRow, ServiceRow
from loaders.episodes.index import Index, Organisation
from loaders.episodes.node import Named, Node, named, only_objects, own, span, text
from loaders.episodes.services import areas_of, service_of
from loaders.episodes.words import OWN, URN
from loaders.episodes.workers import worker_of


class Directory:
    """Services and practitioners, from what the first walk kept."""

    def __init__(self, index: Index) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._index = index
        self._near = _by_service(index)
        self._values = {one.value: found for one, found in index.organisations.items()}
        self._workers: dict[str, tuple[Practitioner, Node]] = {}
        self._posts: set[tuple[str, str]] = set()
        self._implied: set[tuple[str, str]] = set()
        self._lost = False

    def services(self) -> Iterator[ServiceRow]:
        """Every service, in each of its areas."""
        for node in self._index.services:
            yield from self._service(node)
            self.warnings += node.warnings()

    def posts(self) -> Iterator[PractitionerRow]:
        """Every professional, in each post that they say."""
        for node in self._index.professionals:
            yield from self._professional(node)
            self.warnings += node.warnings()

    def implied(self, who: str, service: str) -> Iterator[PractitionerRow]:
        """The post of someone who works with a child for a service at which they said no post."""
        post = (who, service)
        if who in self._workers and post not in self._posts and post not in self._implied:
            self._implied.add(post)
            yield self._post(who, service, Period())

    def at(self, who: str, services: list[str]) -> str:
        """For which of the services of an episode someone works: the first at which they have a post.

        Raise ValueError with a sentence where their posts may stand in an object that was refused.
        """
        if self._lost and len(services) > 1 and who not in self._workers:
            raise ValueError("names a professional whose own object was refused: repair that first")
        return next((one for one in services if (who, one) in self._posts), services[0])

    def _service(self, node: Node) -> Iterator[ServiceRow]:
        found = named(node.says.get("identifier"))
        local = node.take("identifier", lambda _: self._index.names["Service"].record(found))
        near = self._organisations(node, local)
        service = service_of(node, local, found, near)
        areas = node.take(f"{OWN}area", lambda value: areas_of(value, near))
        if service is None or areas is None or node.wrong:
            self.faults += node.faults(("services", None))
            return
        for authority, period in areas.items():
            yield ServiceRow(
                record=f"{service.id}/{authority or ''}",
                service=service,
                authority=authority,
                period=period,
                file=node.file,
                line=node.line,
            )

    def _organisations(self, node: Node, local: str | None) -> list[Organisation]:
        listed = named(node.says.get("relatedOrganisation"))
        known = self._index.organisations
        found = [known.get(one) or self._values.get(one.value) for one in listed]
        return [*(one for one in found if one), *self._near.get(local or "", ())]

    def _professional(self, node: Node) -> Iterator[PractitionerRow]:
        found = named(node.says.get("identifier"))
        local = node.take("identifier", lambda _: self._index.names["Professional"].record(found))
        who = worker_of(node, local, found)
        posts = node.take(f"{OWN}post", lambda value: self._told(node, value))
        if who is None or posts is None or node.wrong:
            self.faults += node.faults(("practitioners", None))
            self._lost = True
            return
        self._workers[who.id] = who, node
        for service, period in posts.items():
            self._posts.add((who.id, service))
            yield self._post(who.id, service, period)

    def _post(self, who: str, service: str, period: Period) -> PractitionerRow:
        practitioner, node = self._workers[who]
        return PractitionerRow(
            record=f"{who}/{service}",
            practitioner=practitioner,
            service=service,
            period=period,
            file=node.file,
            line=node.line,
        )

    def _told(self, node: Node, value: Any) -> dict[str, Period]:
        """Services at which a professional works; with times, where properties of our own say them."""
        find = self._index.names["Service"].find
        plain = {find(one): Period() for one in named(node.says.get("relatedService"))}
        told = {
            find(Named(f"{URN}service", text(own(o, "service")) or "")): span(o)
            for o in only_objects(value)
        }
        return plain | told


def _by_service(index: Index) -> dict[str, list[Organisation]]:
    """The organisations that say of themselves which services they provide."""
    found: dict[str, list[Organisation]] = {}
    for one in index.organisations.values():
        for service in one.services:
            with suppress(ValueError):
                found.setdefault(index.names["Service"].find(service), []).append(one)
    return found
