"""The town of the demonstration: the owner's files are confirmed whatever is written in between."""

from __future__ import annotations

from typing import Any

from bot.sandbox.population import _confirmation


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
