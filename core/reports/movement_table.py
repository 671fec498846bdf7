"""Movement as a table: one line a move, with people and money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reports import csv_table
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
    names = {one.number: one.title(language) if language else one.name for one in found.places}
    rows = []
    for one in found.cells:
        paid = (major(amount, currency) for amount in (one.before, one.after))
        rows.append((names[one.source], names[one.target], one.people, *paid))
    separator = csv_table.separator_of(language)
    return csv_table.as_csv([_HEADERS[language], *rows], separator, mark=bool(language))
