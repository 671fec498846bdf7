"""Movement as a table: one line a move, with people and money."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from core.sales.csv import safe_cell
from core.sales.money import major

if TYPE_CHECKING:
    from core.reports.movement import Movement

_HEADERS = {
    "ru": ("откуда", "куда", "людей", "платили раньше", "платили потом"),
    "en": ("from", "to", "people", "paid before", "paid after"),
    "": ("from", "to", "people", "paid_before", "paid_after"),
}


def as_csv(found: Movement, currency: str, language: str = "") -> bytes:
    """Return the cells as CSV: titles for a spreadsheet in a language; without one, names for scripts."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "ru" else ",")
    writer.writerow(_HEADERS[language])
    names = {one.number: one.title(language) if language else one.name for one in found.places}
    point = "," if language == "ru" else "."
    for one in found.cells:
        money = (str(major(amount, currency)).replace(".", point) for amount in (one.before, one.after))
        writer.writerow((safe_cell(names[one.source]), safe_cell(names[one.target]), one.people, *money))
    return (b"\xef\xbb\xbf" if language else b"") + text.getvalue().encode()
