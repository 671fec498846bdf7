"""The window of settings: short words stay whole on a narrow screen."""

from __future__ import annotations

import pytest

from bot.handlers import preferences_views as views
from bot.texts import LANGUAGES, Texts
from core.people.preferences import Preferences


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_more_than_two_words_stand_side_by_side(language: str) -> None:
    rows = views.keyboard(Texts()[language], views.Window(Preferences(language), None)).inline_keyboard
    assert [len(row) for row in rows] == [2, 2, 2, 2, 2, 2, 1]
    carried = [button.callback_data for row in rows for button in row]
    assert len(set(carried)) == len(carried)
    assert [one for one in carried if one and one.startswith("st:best:")] == [
        f"st:best:{time}" for time in views.BEST
    ]
