"""A table as CSV: what a spreadsheet of each language takes for a number stays one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.reports.csv_table import as_csv, count_rows, separator_of, write

ROW = (
    "-=1+1",
    -2,
    0.25,
    Decimal("-1234.50"),
    Decimal("1E+3"),
    None,
    datetime(2026, 3, 2, 22, 30, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ru", "'-=1+1;-2;0,2500;-1234,50;1000;;2026-03-03 01:30"),
        ("en", "'-=1+1,-2,0.2500,-1234.50,1000,,2026-03-03 01:30"),
    ],
)
def test_numbers_are_numbers_and_texts_no_formulas_in_every_language(
    language: str, line: str, tmp_path: Path
) -> None:
    separator = separator_of(language)
    file = tmp_path / "table.csv"
    assert write(file, iter([("head",) * 7, ROW, ROW]), separator) == 2 == count_rows(file, separator)
    assert file.read_bytes() == as_csv([("head",) * 7, ROW, ROW], separator)
    assert file.read_text("utf-8-sig").splitlines()[1] == line
    assert as_csv([ROW], separator, mark=False).decode().strip() == line
