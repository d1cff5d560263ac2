"""The graph's nodes and edges as an application with neomodel would declare them; for the bench alone."""

from importlib import import_module
from typing import Any

om: Any = import_module("neomodel")


class Edge(om.StructuredRel):
    """An edge with its time."""

    key = om.StringProperty()
    kind = om.StringProperty()
    since = om.DateProperty(db_property="from")
    until = om.DateProperty(db_property="to")


class Authority(om.StructuredNode):
    """An authority, built in already."""

    number = om.StringProperty(unique_index=True, required=True)


class Child(om.StructuredNode):
    """A child, in clear."""

    uid = om.StringProperty(db_property="id", unique_index=True, required=True)
    nhs_number = om.StringProperty()
    family_name = om.StringProperty()
    given_name = om.StringProperty()
    birth_date = om.StringProperty()
    sex = om.StringProperty()
    postcode = om.StringProperty()
    lives_in = om.RelationshipTo(Authority, "LIVES_IN", model=Edge)
    points_to = om.RelationshipTo(Authority, "POINTS_TO", model=Edge)


class Service(om.StructuredNode):
    """A service."""

    uid = om.StringProperty(db_property="id", unique_index=True, required=True)
    name = om.StringProperty()
    kind = om.StringProperty()
    agency = om.StringProperty()
    sensitive = om.BooleanProperty()
    duty_line = om.StringProperty()
    hours = om.StringProperty()
    confirmed_on = om.StringProperty()
    in_area = om.RelationshipTo(Authority, "IN_AREA", model=Edge)
    part_of = om.RelationshipTo("Service", "PART_OF", model=Edge)
    succeeded_by = om.RelationshipTo("Service", "SUCCEEDED_BY", model=Edge)
    involved_with = om.RelationshipTo(Child, "INVOLVED_WITH", model=Edge)


class Practitioner(om.StructuredNode):
    """A practitioner."""

    uid = om.StringProperty(db_property="id", unique_index=True, required=True)
    name = om.StringProperty()
    profession = om.StringProperty()
    registration = om.StringProperty()
    work_phone = om.StringProperty()
    work_email = om.StringProperty()
    works_at = om.RelationshipTo(Service, "WORKS_AT", model=Edge)
    works_with = om.RelationshipTo(Child, "WORKS_WITH", model=Edge)


NODES = {"authority": Authority, "child": Child, "service": Service, "practitioner": Practitioner}
