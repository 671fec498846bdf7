"""A table as CSV, whoever makes it: one rule for its mark, its separator, its decimal sign and its texts.

A Russian spreadsheet takes semicolons and decimal commas, every other reader commas and decimal points. The
mark tells Excel that the file is UTF-8; a table for scripts goes without. No text of a person runs as a
formula, a moment is the business's wall clock, a float is a share with four digits, a Decimal stands whole.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from core.people import activity
from core.sales.csv import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MARK = "\ufeff"


def separator_of(language: str) -> str:
    """Return what parts the cells for a reader of this language.

    >>> separator_of("ru"), separator_of("en")
    (';', ',')
    """
    return ";" if language == "ru" else ","


def as_csv(rows: Iterable[Iterable[Any]], separator: str = ";", *, mark: bool = True) -> bytes:
    """Return a small table, its header among the rows.

    >>> as_csv([("Кто", "Доля"), ("=1+1", 0.5)], mark=False).decode().split()
    ['Кто;Доля', "'=1+1;0,5000"]
    """
    text = io.StringIO(newline="")
    _fill(text, rows, separator)
    return ((_MARK if mark else "") + text.getvalue()).encode()


def write(path: Path, rows: Iterable[Iterable[Any]], separator: str) -> int:
    """Write a table of any length, its header first; returns how many rows came below the header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_MARK)
        return _fill(file, rows, separator) - 1


def count_rows(path: Path, separator: str = ";") -> int:
    """Count the records of a CSV file below its header, as a spreadsheet would."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file, delimiter=separator)) - 1


def _fill(file: TextIO, rows: Iterable[Iterable[Any]], separator: str) -> int:
    table = csv.writer(file, delimiter=separator)
    point = "," if separator == ";" else "."
    count = 0
    for row in rows:
        table.writerow([_plain(cell, point) for cell in row])
        count += 1
    return count


def _plain(cell: Any, point: str) -> Any:
    if isinstance(cell, str):
        return safe_cell(cell)
    if isinstance(cell, float | Decimal):
        text = f"{cell:.4f}" if isinstance(cell, float) else f"{cell:f}"
        return text.replace(".", point)
    if isinstance(cell, datetime):
        return cell.astimezone(activity.zone()).strftime("%Y-%m-%d %H:%M")
    return cell
