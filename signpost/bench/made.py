"""Every kind of file that a loader reads, and how one is made up. A new kind is a line in KINDS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph import Agency, LawfulBasis, Role, Source, Viewer
from signpost.bench import made_plans, made_registers, made_returns, made_tables
from signpost.bench.crowds import Crowd

Write = Callable[[Path, Crowd], Path]
STEWARD = Viewer(id="bench.steward", role=Role.STEWARD)
EXTRACTED = date(2026, 11, 20)


@dataclass(frozen=True)
class Kind:
    """How files of one kind are made: by what they tell of, in a folder, and what to load is returned.

    quick, whole: how many that a bench makes. others: further shapes that the loader reads, by name.
    authority: None for a register of the whole country.
    """

    name: str
    write: Write
    quick: int
    whole: int
    others: tuple[tuple[str, Write], ...] = ()
    agency: Agency = Agency.SOCIAL_CARE
    authority: str | None = "383"
    of: str = "children"

    @property
    def source(self) -> Source:
        """Who sends such files in a bench."""
        return Source(
            id=f"bench-{self.name}",
            name=f"Bench {self.name}",
            authority=self.authority,
            agency=self.agency,
            basis=LawfulBasis.PUBLIC_TASK,
        )

    @property
    def shapes(self) -> dict[str, Write]:
        """Every shape, by its name; the usual one has the name of the kind."""
        return {self.name: self.write, **dict(self.others)}


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "csv",
            made_tables.write_csv,
            300,
            20_000,
            others=(("csv withdrawals", made_tables.write_csv_withdrawals),),
        ),
        Kind(
            "ssd",
            made_tables.write_ssd,
            300,
            20_000,
            others=(("ssd zip", made_tables.zipped(made_tables.write_ssd)),),
        ),
        Kind("annex-a", made_returns.write_annex_a, 150, 5_000),
        Kind(
            "ssda903",
            made_returns.write_ssda903,
            150,
            5_000,
            others=(
                ("ssda903 xml", made_returns.write_ssda903_xml),
                ("ssda903 workbook", made_returns.write_ssda903_workbook),
            ),
        ),
        Kind("cin", made_returns.write_cin, 150, 5_000),
        Kind(
            "gias",
            made_registers.write_gias,
            500,
            20_000,
            agency=Agency.EDUCATION,
            authority=None,
            of="schools",
        ),
        Kind(
            "ods",
            made_registers.write_ods,
            500,
            20_000,
            others=(
                ("ods fhir", made_registers.write_ods_fhir),
                ("ods ord", made_registers.write_ods_ord),
            ),
            agency=Agency.HEALTH,
            authority=None,
            of="organisations",
        ),
        Kind(
            "openreferral",
            made_registers.write_openreferral,
            250,
            10_000,
            others=(("openreferral file", made_registers.write_openreferral_file),),
            agency=Agency.EARLY_HELP,
            of="services",
        ),
        Kind(
            "cpis",
            made_plans.write_cpis,
            150,
            5_000,
            others=(("cpis xml", made_plans.write_cpis_xml),),
        ),
        Kind("episodes", made_plans.write_episodes, 150, 5_000),
    )
}
