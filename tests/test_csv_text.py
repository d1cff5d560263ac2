"""How a CSV file is taken that is not UTF-8: as Windows writes it in the UK, unless much speaks against."""

import io

import pytest

from loaders.csv_text import legacy_of

WESTERN = "René\nZoë\nSeán\nSiân\nMuñoz\nJosé\nFrançois\nSøren\nMichèle\nÅsa\n"
CENTRAL = "Wałęsa\nSzczęsny\nJóźwiak\nWróblewski\nŚwiątek\nBłaszczykowski\nŻołądź\n"
QUOTED = "O\u2019Brien\nD\u2019Arcy\nSt Mary\u2019s\n"


OF_THE_UK = {
    "an acute": "name\nRené\n",
    "an apostrophe": "name\nO\u2019Brien\n",
    "a tilde": "name\nMuñoz\n",
    "a caron": "name\nŠimon\n",
    "a dash": "period\n2020 \u2013 2021\n",
    "a pound": "cost\n£5\n",
    "a half": "hours\n2½\n",
    "a degree": "held at\n5°\n",
    "a blank": "name\nAmina\u00a0Khan\n",
    "tildes": "12,Ana,Muñoz,01/02/2015,Leeds City Council\n" * 3,
    "strokes": "12,Søren,Smith,01/02/2015,Leeds City Council\n" * 3,
    "sentences": "The grant was £500, and the team\u2019s worker spent it\n" * 20,
    "circumflexes": "Siôn\nRhôs\nTû\nYnys Môn\n" * 10,
    "quotes": "he said \u201cring the duty line\u201d, and so did she\u2026\n" * 10,
    "many letters": WESTERN,
    "many lines": WESTERN * 20,
    "all": f"{WESTERN}{QUOTED}" * 20,
}


@pytest.mark.parametrize("what", OF_THE_UK)
def test_what_a_windows_of_the_uk_wrote_is_taken_as_that(what: str) -> None:
    assert legacy_of(io.BytesIO(OF_THE_UK[what].encode("cp1252"))) == "cp1252"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CENTRAL, "cp1250"),
        ("1,John,Smith\n" * 50 + CENTRAL, "cp1250"),
        (f"{WESTERN}{QUOTED}", "mac_roman"),
        (WESTERN, "cp850"),
        (WESTERN * 20, "cp850"),
        (WESTERN, "utf-16"),
    ],
    ids=map(str, range(6)),
)
def test_what_another_system_wrote_is_known_by_many_letters(text: str, encoding: str) -> None:
    assert legacy_of(io.BytesIO(text.encode(encoding))) == encoding


def test_a_file_in_utf_8_needs_no_guess() -> None:
    for text in ("", "name\nSmith\n", WESTERN):
        assert legacy_of(io.BytesIO(text.encode())) == "cp1252"
