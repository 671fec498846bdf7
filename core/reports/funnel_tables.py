"""The funnel as tables for a spreadsheet: who came from where, and every step of every source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reports.rates import Share
from core.reports.xlsx import workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.reports.funnel import Funnel, SourceLine, Step
    from core.reports.xlsx import Cell

    Named = Callable[[str], str]

_STEPS = {
    "ru": (
        "Источник", "Шаг", "Название", "Спрошены не все", "Пришли на шаг", "Прошли дальше",
        "Из них без ответа", "Ещё думают", "Ушли", "Доля прошедших",
        "Доля от (95 %)", "Доля до (95 %)", "Мало данных",
    ),
    "en": (
        "Source", "Step", "Name", "Asked of some", "Came", "Went on", "Of them without an answer",
        "Still deciding", "Left", "Share that went on", "Share from (95%)", "Share to (95%)", "Few data",
    ),
}  # fmt: skip
_SOURCES = {
    "ru": ("Источник", "Открыли", "Согласие", "Начали", "Прошли", "Файл"),
    "en": ("Source", "Opened", "Consent", "Begun", "Finished", "File"),
}
_OF_OPENED = {"ru": "{name}, доля открывших", "en": "{name}, share of opened"}
_BOUNDS = {"ru": ("от (95 %)", "до (95 %)"), "en": ("from (95%)", "to (95%)")}
_EVERYBODY = {"ru": "Все", "en": "Everybody"}
_SHEETS = {"ru": ("Источники", "Шаги"), "en": ("Sources", "Steps")}
_YES = {"ru": "да", "en": "yes"}


def step_rows(
    found: Funnel, step_name: Callable[[Step], str], source_name: Named, language: str
) -> list[list[Cell]]:
    """Return every step of everybody and of each source, a row each, below a header."""
    rows: list[list[Cell]] = [list(_STEPS[language])]
    everybody = [(_EVERYBODY[language], found.everybody)]
    sources = [(source_name(line.name), found.steps(line.name)) for line in found.sources]
    for name, steps in (*everybody, *sources):
        rows += [_step_row(name, step, step_name(step), language) for step in steps]
    return rows


def _step_row(source: str, step: Step, name: str, language: str) -> list[Cell]:
    low, high = step.share.interval or (None, None)
    yes = _YES[language]
    return [
        source, step.question or step.kind, name, yes if step.only_some else "", step.came, step.passed,
        step.skipped, step.waiting, step.lost, step.share.rate, low, high, yes if step.share.is_few else "",
    ]  # fmt: skip


def source_rows(found: Funnel, source_name: Named, language: str) -> list[list[Cell]]:
    """Return the sources with their great steps, shares of those who opened and Wilson's bounds."""
    names = _SOURCES[language]
    header: list[Cell] = list(names)
    for name in names[2:]:
        header += [
            _OF_OPENED[language].format(name=name),
            *(f"{name} {bound}" for bound in _BOUNDS[language]),
        ]
    header.append(_STEPS[language][-1])
    return [header, *(_source_row(line, source_name(line.name), language) for line in found.sources)]


def _source_row(line: SourceLine, name: str, language: str) -> list[Cell]:
    row: list[Cell] = [name, line.opened, line.consented, line.begun, line.finished, line.filed]
    for share in line.shares:
        row += [share.rate, *(share.interval or (None, None))]
    return [*row, _YES[language] if Share(0, line.opened).is_few else ""]


def as_xlsx(sources: Sequence[Sequence[Cell]], steps: Sequence[Sequence[Cell]], language: str) -> bytes:
    """Return both tables as one Excel file."""
    first, second = _SHEETS[language]
    return workbook({first: sources, second: steps})
