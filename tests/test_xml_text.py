"""XML as it comes: whole, broken, hostile and large."""

import subprocess
import sys
from pathlib import Path

import pytest

from graph.errors import BadInput
from loaders import xml_text
from loaders.xml_text import Element, elements, opening

ROOT = Path(__file__).parent.parent
DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def written(tmp_path: Path, data: bytes | str) -> Path:
    path = tmp_path / "a.xml"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def said(element: Element) -> tuple[str, int, str]:
    return element.name, element.line, element.text


def test_each_wanted_element_comes_whole_with_its_line(tmp_path: Path):
    path = written(
        tmp_path,
        '<?xml version="1.0"?>\n<All>\n <One>\n  <Two x="1">a</Two>\n </One>\r\n <Other/>\n <One/></All>',
    )
    first, second = elements(path, ("One",))
    assert [said(first), said(second)] == [("One", 3, ""), ("One", 7, "")]
    (two,) = first.all("Two")
    assert (said(two), two.attributes) == (("Two", 4, "a"), {"x": "1"})


def test_text_is_one_whatever_parts_it(tmp_path: Path):
    path = written(tmp_path, "<A> a<!-- b -->c<![CDATA[<d>]]>&amp;&#233;<B>e</B>f </A>")
    (found,) = elements(path, ("A",))
    assert (found.text, found.all("B")[0].text) == ("ac<d>&éf", "e")


def test_names_are_taken_without_their_namespaces(tmp_path: Path):
    path = written(tmp_path, '<x:A xmlns:x="urn:x" xmlns="urn:y"><B x:c="1"/><x:B/></x:A>')
    (found,) = elements(path, ("A",))
    assert [part.name for part in found.children] == ["B", "B"]
    assert found.children[0].attributes == {"c": "1"}


def test_a_wanted_element_inside_another_is_a_part_of_it(tmp_path: Path):
    path = written(tmp_path, "<A><B><B>in</B></B><B>out</B></A>")
    assert [[part.text for part in found.all("B")] for found in elements(path, ("B",))] == [
        ["in"],
        [],
    ]


def test_parts_that_are_not_kept_are_left_with_all_that_is_in_them(tmp_path: Path):
    path = written(tmp_path, "<R>\n<A><B>1</B>\n<C><B>zz</B><D/></C><C>zz</C></A></R>")
    left: dict[str, int] = {}
    (found,) = elements(path, ("A",), {"A": ("B",)}, left=left)
    assert [said(part) for part in found.children] == [("B", 2, "1")]
    assert left == {"C": 3}


def test_an_element_is_given_before_what_is_wrong_after_it(tmp_path: Path):
    reading = elements(written(tmp_path, "<A>\n<B/>\n<B/>\n</C>"), ("B",))
    assert [next(reading).line, next(reading).line] == [2, 3]
    with pytest.raises(BadInput, match="line 4: an end tag does not fit"):
        next(reading)


def test_an_opening_is_the_root_and_the_mark_of_rejects(tmp_path: Path):
    found = opening(written(tmp_path, b'<?xml version="1.0"?><!-- a --><A xmlns="urn:a"><B>'))
    assert (found.root.name, found.root.attributes, found.rejects) == (
        "A",
        {"xmlns": "urn:a"},
        False,
    )
    marked = DECLARED + f"<?{xml_text.REJECTS}?><A/>".encode()
    assert opening(written(tmp_path, marked)).rejects
    assert not opening(written(tmp_path, f"<A><?{xml_text.REJECTS}?></A>")).rejects


def test_only_the_beginning_is_read_where_no_more_is_asked_for(tmp_path: Path):
    path = written(tmp_path, b"<A><B/>" + b"<C/>" * 500_000 + b"</D>")
    assert opening(path).root.name == "A"
    assert len(list(elements(path, ("B",), most=100_000))) == 1
    path = written(tmp_path, b"<!-- -->\n" * 200_000 + b"<A/>")
    with pytest.raises(BadInput, match="holds no element in its first megabyte"):
        opening(path)


def test_progress_is_told_in_bytes(tmp_path: Path):
    told: list[int] = []
    path = written(tmp_path, b"<A>" + b"<B/>" * 50_000 + b"</A>")
    assert sum(1 for _ in elements(path, ("B",), tick=told.append)) == 50_000
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_that_a_file_declares_truly(tmp_path: Path, encoding: str):
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>\n<A>Zoë</A>'
    (found,) = elements(written(tmp_path, text.encode(encoding)), ("A",))
    assert said(found) == ("A", 2, "Zoë")


BOMB = b'<!DOCTYPE a [<!ENTITY a "zz"><!ENTITY b "&a;&a;">]>\n<A><B>&b;</B></A>'
FALSE = '<?xml version="1.0" encoding="UTF-8"?>\n<A>\n<B>Zzoë</B></A>'.encode("cp1252")
BROKEN = {
    "empty": (b"", "line 1: is empty"),
    "blank": (b" \n\n", "line 3: is empty"),
    "only declared": (DECLARED, "line 2: is empty"),
    "binary": (bytes(range(256)), "line 1: is not XML"),
    "zip": (b"PK\x03\x04" + bytes(60), "line 1: is not XML"),
    "csv": (b"zz,zz\n1,2\n", "line 1: is not XML"),
    "json": (b'{"zz": 1}', "line 1: is not XML"),
    "truncated": (b"<A>\n<B>zz</B>\n<B>", "line 3: ends before its root does"),
    "truncated in a tag": (b"<A>\n<B", "line 2: ends inside a tag"),
    "truncated in UTF-16": (
        "<A>\n<B>zz</B></A>".encode("utf-16")[:-1],
        "line 2: ends inside a tag",
    ),
    "mismatched": (b"<A>\n<B></A>", "line 2: an end tag does not fit"),
    "goes on": (b"<A><B/></A>\nzz", "line 2: goes on after the end"),
    "late declaration": (b"\n" + DECLARED + b"<A/>", "has something before its"),
    "unknown entity": (b"<A>\n<B>&nbsp;</B></A>", "line 2: has an entity that XML does not know"),
    "control sign": (b"<A>\n<B>zz\x01</B></A>", "line 2: has a broken tag, or a sign"),
    "false encoding": (FALSE, "line 3: has a broken tag, or a sign that cannot be"),
    "false UTF-16": (
        b'<?xml version="1.0" encoding="UTF-16"?><A/>',
        "not in the encoding that its",
    ),
    "unknown encoding": (
        b'<?xml version="1.0" encoding="zz-8"?><A/>',
        "encoding that is not known",
    ),
    "no text encoding": (
        b'<?xml version="1.0" encoding="zlib"?><A/>',
        "encoding that is not known",
    ),
    "wide encoding": (
        b'<?xml version="1.0" encoding="shift_jis"?><A/>',
        "encoding that is not known",
    ),
    "lone surrogate": (b"<A>\n<B>&#xD800;</B></A>", "line 2: is not XML from here on"),
    "bomb": (BOMB, "line 1: declares a DTD or an entity"),
    "DTD": (b'<!DOCTYPE A SYSTEM "file:///etc/passwd">\n<A/>', "line 1: declares a DTD"),
    "deep": (b"<A>\n" + b"<B>" * 100_000, "line 2: elements are nested more than 100 deep"),
    "long text": (b"<A>\n<B>" + b"zz" * 600_000, "line 2: has a text of more than 1 MB"),
    "long text unwanted": (b"<A>\n" + b"zz" * 600_000, "line 2: has a text of more than 1 MB"),
    "long value": (b'<A>\n<B c="' + b"zz" * 600_000, "line 2: has a tag or a comment of more than"),
    "long comment": (b"<A>\n<!--" + b"zz" * 600_000, "line 2: has a tag or a comment of more than"),
    "many names": (
        b"<A>\n" + b"".join(b"<B%d/>" % n for n in range(10_001)),
        "line 2: has more than 10,000 different names",
    ),
    "many parts": (b"<A>\n<B>" + b"<C/>" * 80_000, "line 2: a B is larger than 20 MB"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_whole_xml_is_refused_with_its_line_and_nothing_of_it(tmp_path: Path, case: str):
    data, sentence = BROKEN[case]
    with pytest.raises(BadInput, match=r"^a\.xml, line \d+: ") as error:
        list(elements(written(tmp_path, data), ("B",)))
    assert sentence in str(error.value)
    assert "zz" not in str(error.value)
    assert error.value.__context__ is None


def test_places_that_are_no_file(tmp_path: Path):
    with pytest.raises(BadInput, match="is not a file"):
        opening(tmp_path)
    with pytest.raises(BadInput, match=r"absent\.xml is not there"):
        list(elements(tmp_path / "absent.xml", ("B",)))


# The peak that the system keeps begins with that of the parent, so that the process looks itself.
PEAK = """
import sys
from pathlib import Path
from psutil import Process
from loaders.xml_text import elements
process, peak = Process(), 0
for count, _ in enumerate(elements(Path(sys.argv[1]), ("B",)), 1):
    if not count % 500:
        peak = max(peak, process.memory_info().rss)
print(count, peak)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    path = tmp_path / "a.xml"
    peaks = []
    for count in (5_000, 80_000):
        with path.open("wb") as file:
            file.write(b"<A>")
            file.writelines(b"<B><C>" + b"x" * 400 + b"</C><D/></B>\n" for _ in range(count))
            file.write(b"</A>")
        run = [sys.executable, "-c", PEAK, str(path)]
        told = subprocess.run(run, capture_output=True, check=True, text=True, cwd=ROOT).stdout
        assert told.split()[0] == str(count)
        peaks.append(int(told.split()[1]) / 1e6)
    assert path.stat().st_size > 30_000_000
    assert peaks[1] < peaks[0] + 8
