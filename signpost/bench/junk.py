"""What a fuzz writes into cells and values, and the marks by which personal content is known again."""

import re
from datetime import date, datetime, timedelta
from typing import Any

# Everything that a crowd of strangers has of its own: names, numbers, years of birth, and the cells
# that must not be read. None of it may stand in a message.
MARKS = re.compile(
    r"zz|999 ?\d{3} ?\d{4}|[A-Z]3839\d{8}|(2009|201[0-4])[-/]|[-/](2009|201[0-4])\b", re.I
)
TEXTS = (
    "", " ", "zz\0", "zz\x07", "zz\u202e", "👶zz", "zz" * 90, "zz," * 3, 'zz"', '"zz', "\n", "zz\r\nzz",
    "=cmd|'zz'!A1", "-1", "1e999", "nan", "٣", "31/12/2013", "2013-02-30", "2013-13-01", "9990123455",
    "1900-01-01", "1900-01-01T00:00:00", "9999-12-31", "0001-01-01", "yes", "True", "None", "#REF!", "NULL",
    "#N/A", "-", "zz@example.org", "٢٠١٣", "zz" * 5_000, "\ud7ff", "<zz>", "&zz;", "${zz}", "%00zz",
    "'; DROP zz --", "C1", "T1", "P1", "\ufeff", "2013", "2013-06", "20130609", "41434", "41434.5", "UN1",
    "E3", "PR2", "X1", "S", "V3", "5C", "RC5", "Y", "0", "1", "true", "000", "383", "909", "x", "Bradford",
    "[]", "{}", "[{", '{"zz": 1}', '[{"START_DATE": "2013-01-01"}]', "\u00a0", "\u2028zz", "zz\u0301",
    "２０１３-06-09", "2013-06-09T25:61:00Z", "2013-06-09T00:00:00+99:99", "-2013-06-09", "1e5", "0x10", "१",
    "1" * 400, "9" * 20, "zz\x85zz", "zz\x1fzz", "\\", "\\u0000", "a:b", "../../zz", "zz zz", "🏴",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *TEXTS,
    None, True, False, 0, -1, 1.5, 1e300, 10**18, 10**400, float("inf"), float("nan"), [], {}, [[]], [None],
    {"zz": []}, [{}], [["zz"]], {"value": "zz"}, [{"reference": "#"}], {"coding": "zz"}, {"id": {}},
    "\ud800", "x" * 9_000, "P" * 65,
)  # fmt: skip
CELLS: tuple[Any, ...] = (
    *(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text) for text in TEXTS),
    True, False, 0, -1, 1.5, 1e300, 10**18, 41434, date(2013, 1, 1), datetime(1900, 1, 1),
    datetime(2150, 1, 1), timedelta(days=400), datetime(2013, 1, 1, 13).time(), None,
    "=A2", "=A2+1", "=D2-99999", "=NOW()", "=zz", "=D1048577+1", "=XFD1", '="zz"&A1',
)  # fmt: skip
