"""A table of names in, a table of guesses out: line by line, however long the file."""

from __future__ import annotations

import csv
import gzip
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from core.errors import KvizorError
from core.people.gender.verdict import guess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMN = "name"
HEADER = (COLUMN, "gender", "confidence")


class NamesError(KvizorError):
    """The table of names cannot be read, or its answer cannot be written."""


def answer(source: Path, target: Path) -> dict[str, int]:
    """Write `name,gender,confidence` for every line of a CSV with a column `name`; return counts by gender.

    Either file may be gzipped, by its ending. The target appears whole or not at all. Raises NamesError.
    """
    if not target.parent.is_dir():
        raise NamesError(f"{target.parent}: no such folder to write to.")
    counts = {"f": 0, "m": 0, "u": 0}
    part = target.with_name(f".{target.name}.part")
    try:
        with _opened(source, "rt") as lines, _opened(part, "wt", is_zipped=_is_zipped(target)) as out:
            rows = csv.writer(out, lineterminator="\n")
            rows.writerow(HEADER)
            for name in _names(lines, source):
                found = guess(name)
                counts[found.gender] += 1
                rows.writerow((name, found.gender, f"{found.confidence:.3f}"))
        part.replace(target)
    except OSError as error:
        raise NamesError(f"{error.filename or source}: {error.strerror or error}.") from error
    except EOFError as error:
        raise NamesError(f"{source}: the archive is cut short; pack it again.") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def _is_zipped(path: Path) -> bool:
    return path.suffix.casefold() == ".gz"


@contextmanager
def _opened(path: Path, mode: str, *, is_zipped: bool | None = None) -> Iterator[IO[str]]:
    zipped = _is_zipped(path) if is_zipped is None else is_zipped
    encoding = "utf-8-sig" if mode == "rt" else "utf-8"
    opener = gzip.open if zipped else open
    with opener(path, mode, encoding=encoding, newline="") as file:
        yield file  # type: ignore[misc]


def _names(lines: IO[str], source: Path) -> Iterator[str]:
    """Yield the names; a line of blanks only is no name, an empty name in a longer line is one."""
    try:
        header = lines.readline()
        separator = max(",;\t", key=header.count)
        titles = [title.strip().casefold() for title in next(csv.reader([header], delimiter=separator), [])]
        if COLUMN not in titles:
            raise NamesError(f"{source}, line 1: no column `{COLUMN}`; the first line must name the columns.")
        place = titles.index(COLUMN)
        for row in csv.reader(lines, delimiter=separator):
            if row:
                yield row[place] if place < len(row) else ""
    except UnicodeDecodeError as error:
        raise NamesError(f"{source}: not UTF-8 text; save the table as CSV UTF-8.") from error
    except csv.Error as error:
        raise NamesError(f"{source}: not a CSV table ({error}).") from error
