// A service's own caseload begins with whom it names, also where it says nothing of an involvement.
CREATE INDEX works_with_service IF NOT EXISTS FOR ()-[edge:WORKS_WITH]-() ON (edge.service)
