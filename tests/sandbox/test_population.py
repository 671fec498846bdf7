"""The town of the demonstration: the owner's files are confirmed whatever is written in between."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot.sandbox.population import Town, _confirmation

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Street:
    """A sandbox where nobody is answered."""

    def __init__(self) -> None:
        self._numbers = count(1)

    async def ask(self, path: str, body: Any = None) -> Any:
        return {"id": next(self._numbers)}

    async def act(self, person_id: int, act: Any, before: Any) -> Any:
        return {"messages": [], "keyboard": None}


def message(number: int, *buttons: str, from_bot: bool = True) -> dict[str, Any]:
    row = [{"text": text, "data": f"tap {place}"} for place, text in enumerate(buttons)]
    return {"message_id": number, "from_bot": from_bot, "buttons": [row]}


def test_a_file_is_confirmed_though_people_wrote_to_the_owner_after_it() -> None:
    chat = {
        "messages": [
            message(1, "✅ Загрузить"),  # of an earlier file
            message(2, from_bot=False),
            message(3, "Отмена", "✅ Загрузить"),
            message(4, "Ответить"),
            message(5),
        ]
    }
    found = _confirmation(chat, 2)
    assert found is not None
    assert found.body == {"message_id": 3, "data": "tap 1"}
    assert _confirmation(chat, 3) is None


async def test_purchases_of_before_belong_to_those_who_come() -> None:
    street: Any = Street()
    town = Town(street, 80, 60, 1)
    for person in town.waiting:
        await town._arrive(person, NOW)
    buyers = [row[0] for row in town.purchases]
    assert len(set(buyers)) > 5
    assert set(buyers) <= set(range(1, 81))
    assert max(map(buyers.count, buyers)) <= 20
    assert all(moment < f"{NOW:%Y-%m-%d}" for _, _, moment, *_ in town.purchases)
