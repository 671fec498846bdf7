"""What buttons carry: numbers no database can hold are no buttons of ours."""

from __future__ import annotations

import inspect

import pytest
from aiogram.filters.callback_data import CallbackData

from bot import callbacks
from bot.admin import callbacks as owners

TAPS = [
    one
    for module in (callbacks, owners)
    for _name, one in inspect.getmembers(module, inspect.isclass)
    if issubclass(one, CallbackData) and one is not CallbackData
]
NUMBERS = [
    pytest.param(one, name, id=f"{one.__name__}-{name}")
    for one in TAPS
    for name, field in one.model_fields.items()
    if field.annotation is int
]


def carried(one: type[CallbackData], field: str, number: int) -> str:
    words = [one.__prefix__]
    for name, kept in one.model_fields.items():
        plain = kept.annotation in (int, str)
        first = "1" if plain else "true" if kept.annotation is bool else kept.annotation.__args__[0]
        words.append(str(number) if name == field else str(first))
    return ":".join(words)


def test_there_are_numbers_to_be_checked() -> None:
    assert len(NUMBERS) >= 12


@pytest.mark.parametrize(("one", "field"), NUMBERS)
def test_a_number_a_database_can_hold_is_read_and_any_other_is_not(
    one: type[CallbackData], field: str
) -> None:
    largest = next(rule.le for rule in one.model_fields[field].metadata if hasattr(rule, "le"))
    assert largest in (2**31 - 1, 2**63 - 1)  # an INTEGER or a BIGINT of PostgreSQL
    assert getattr(one.unpack(carried(one, field, largest)), field) == largest
    for forged in (largest + 1, 10**30, -1):
        with pytest.raises(ValueError, match=field):
            one.unpack(carried(one, field, forged))
