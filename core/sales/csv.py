"""A CSV file from outside, read by pandas in batches: separator found, broken lines kept apart with a reason.

The lines are cut into records here and given to pandas batch by batch: so every record knows its line, a
stray quote spoils one line instead of swallowing the rest of the file, and memory stays constant.
"""

from __future__ import annotations

import io
import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from core.sales.columns import map_columns, role_of
from core.sales.reasons import ImportFileError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

BATCH = 5000  # records given to pandas at once
LONGEST_RECORD = 50  # lines a quoted field may run over
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what spreadsheets take for the beginning of a formula
_SEPARATORS = ";,\t|"
_OVER = "_over"


@dataclass(frozen=True, slots=True)
class Refused:
    """One line that was not taken: its number in the file, its text, why."""

    line: int
    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins at, its raw text and its cells by role."""

    line: int
    text: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written: separator, header, and which column holds what."""

    separator: str
    header: tuple[str, ...]
    columns: Mapping[str, int]


Record = tuple[int, str]


def read_rows(
    lines: Iterator[str], separator: str | None = None
) -> tuple[Layout, Iterator[list[Row | Refused]]]:
    """Return the layout and batches of rows and refused lines, in the order of the file.

    Raises ImportFileError when the header does not name what is needed.
    """
    numbered = enumerate(lines, start=1)
    head = _header_line(numbered)
    if separator is None and (told := re.fullmatch(r"sep=(.)", head.strip(), re.IGNORECASE)):
        separator = told[1]  # Excel's own mark of the separator, above the header
        head = _header_line(numbered)
    layout = _layout(head, separator)
    return layout, _batches(numbered, layout)


def _header_line(numbered: Iterator[Record]) -> str:
    for _, line in numbered:
        if line.replace("\x00", "").strip():
            return line
    raise ImportFileError("empty")


def _layout(head: str, separator: str | None) -> Layout:
    if "\x00" in head or head.count("\ufffd") > 3:
        raise ImportFileError("not-text")
    if separator is None:
        separator = max(_SEPARATORS, key=lambda mark: _known(head, mark))
    header = tuple(_split(head, separator))
    return Layout(separator, header, map_columns(header))


def _known(head: str, mark: str) -> tuple[int, int]:
    cells = _split(head, mark)
    return len({role_of(cell) for cell in cells} - {None}), len(cells)


def _split(line: str, separator: str) -> list[str]:
    if not _Quotes(separator).are_closed(line):
        line = line.replace('"', "")  # a stray quote in a header is part of no name
    if not line.strip():
        return [""]
    frame = _frame([line], separator, None)
    return [str(cell).strip() for cell in frame.iloc[0]]


def _batches(numbered: Iterator[Record], layout: Layout) -> Iterator[list[Row | Refused]]:
    records = _records(numbered, layout.separator)
    while batch := list(islice(records, BATCH)):
        good = [record for record in batch if isinstance(record, tuple)]
        rows = iter(_rows(good, layout))
        yield [next(rows) if isinstance(record, tuple) else record for record in batch]


def _records(numbered: Iterator[Record], separator: str) -> Iterator[Record | Refused]:
    """Join lines that belong to one quoted record; name those that cannot be read."""
    quotes = _Quotes(separator)
    ahead: deque[Record] = deque()  # read in vain while looking for a closing quote
    while (record := ahead.popleft() if ahead else next(numbered, None)) is not None:
        number, line = record
        plain = line.replace("\x00", "")
        if not plain.strip(f" {separator}"):
            continue
        if plain != line:
            yield Refused(number, plain, Reason.NUL)
        elif "\ufffd" in line:
            yield Refused(number, line, Reason.UNREADABLE)
        elif '"' not in line or quotes.are_closed(line):
            yield record
        else:
            yield _joined(record, numbered, ahead, quotes)


def _joined(
    first: Record, numbered: Iterator[Record], ahead: deque[Record], quotes: _Quotes
) -> Record | Refused:
    """Return the record that begins at `first`; without a closing quote the lines read stay in `ahead`."""
    number, text = first
    for count in range(LONGEST_RECORD):
        if count == len(ahead):
            following = next(numbered, None)
            if following is None:
                break
            ahead.append(following)
        text = f"{text}\n{ahead[count][1]}"
        if '"' not in ahead[count][1]:
            continue
        if quotes.are_closed_well(text):
            for _ in range(count + 1):
                ahead.popleft()
            return number, text
        if not quotes.is_open(text):
            break
    return Refused(number, first[1], Reason.UNCLOSED_QUOTE)


class _Quotes:
    """Whether the quotes of a record are closed; a quote inside an unquoted field is a letter."""

    def __init__(self, separator: str) -> None:
        mark = re.escape(separator)
        plain = rf'(?!")[^{mark}]*+'
        quoted = '"(?:[^"]|"")*+"'
        loose = rf"(?:{quoted}[^{mark}]*+|{plain})"
        strict = rf"(?:{quoted}|{plain})"
        self._loose = re.compile(rf"{loose}(?:{mark}{loose})*+")
        self._strict = re.compile(rf"{strict}(?:{mark}{strict})*+")
        self._open = re.compile(rf'(?:{strict}{mark})*+"(?:[^"]|"")*+')

    def are_closed(self, line: str) -> bool:
        """Say whether one line is a record by itself."""
        return self._loose.fullmatch(line) is not None

    def are_closed_well(self, text: str) -> bool:
        """Say whether lines make one record: here a closing quote must also end its field."""
        return self._strict.fullmatch(text) is not None

    def is_open(self, text: str) -> bool:
        """Say whether the text ends inside a quoted field."""
        return self._open.fullmatch(text) is not None


def _rows(records: Sequence[Record], layout: Layout) -> Iterator[Row | Refused]:
    if not records:
        return
    width = len(layout.header)
    frame = _frame([text for _, text in records], layout.separator, width)
    columns = [frame[position].tolist() for position in layout.columns.values()]
    over = frame[width].tolist()
    roles = tuple(layout.columns)
    for (number, text), extra, *cells in zip(records, over, *columns, strict=True):
        if extra:
            yield Refused(number, text, Reason.TOO_MANY_FIELDS)
        else:
            yield Row(number, text, dict(zip(roles, cells, strict=True)))


def _frame(texts: Sequence[str], separator: str, width: int | None) -> pd.DataFrame:
    """Let pandas split the records; one column more than the header shows fields too many."""
    import pandas as pd  # here, not above: a second and 77 MB that an idle bot must not pay

    names = None if width is None else list(range(width + 1))
    ruler = [separator * (width or 0)] * (width is not None)  # pandas refuses more names than any row has
    frame = pd.read_csv(
        io.StringIO("\n".join([*ruler, *texts])),
        sep=separator,
        header=None,
        names=names,
        usecols=names,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        low_memory=False,
    )
    return frame.iloc[len(ruler) :]


def safe_cell(text: str) -> str:
    """Return the text for a table others open: what a spreadsheet would run as a formula gets an apostrophe.

    >>> safe_cell("=1+1"), safe_cell("Анна")
    ("'=1+1", 'Анна')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
