"""A small Excel file: sheets of texts and numbers, the first row bold and fixed. Nothing is a formula."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | None
WIDEST = 60  # characters of a column


def workbook(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return an .xlsx of these sheets, name → rows with a header; floats are shares, shown as percentages.

    A Decimal is a number as it stands: money, a ratio.
    """
    from xlsxwriter import Workbook  # an idle bot needs none of it

    target = io.BytesIO()
    # texts come from people: one that begins with = or http is a text all the same
    as_texts = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(target, as_texts) as book:
        bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.00%"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_row(0, None, bold)
            _widen(sheet, rows)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    style = bold if number == 0 else percent if isinstance(cell, float) else None
                    sheet.write(number, column, cell, style)
    return target.getvalue()


def _widen(sheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
    for place, column in enumerate(zip(*rows, strict=True)):
        longest = max(len(str(cell or "")) for cell in column)
        sheet.set_column(place, place, min(max(longest, 8), WIDEST) + 2)
