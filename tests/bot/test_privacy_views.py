"""The window of privacy: each consent with its name, its date and the button that takes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.callbacks import PrivacyTap
from bot.handlers import privacy_views as views
from bot.texts import Texts
from core.people.consents import Act
from core.privacy import Standing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASKED = "{{ first_name }}, <b>передать</b> ваш контакт Рога & Копыта, страховой компании из Казани?"


def window(*given: bool, asked: str = ASKED) -> views.Window:
    acts = [Act("data", True, NOON, "d" * 64, "ru", "Текст", "start", 1)]
    acts += [Act("insurance", one, NOON, "a" * 64, "ru", asked, "quiz", 2) for one in given]
    others = {"insurance": given[-1]} if given else {}
    standing = Standing(True, False, {"data": 1, "advertising": 0, "insurance": len(given)}, None, others)
    return views.Window(standing, acts, ZoneInfo("UTC"))


def taps(shown: views.Window) -> list[PrivacyTap]:
    rows = views.keyboard(Texts()["ru"], shown).inline_keyboard
    data = [button.callback_data or "" for row in rows for button in row]
    return [PrivacyTap.unpack(one) for one in data if one.startswith("pv:")]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_consent_of_a_quiz_is_called_by_the_beginning_of_its_text(language: str) -> None:
    say = Texts()[language]
    text = views.text(say, window(True), "Лавка")
    assert "передать ваш контакт Рога &amp; Копыта, страховой…" in text
    assert "{{" not in text
    assert len(views.called(say, window(True), "insurance", 24)) <= 24 + len("«»")
    assert "передать ваш контакт" in views.withdrawal(say, window(True), "insurance")


def test_a_consent_of_a_quiz_has_a_button_that_takes_it_back_while_it_stands() -> None:
    asks = [tap for tap in taps(window(True)) if tap.purpose == "insurance"]
    assert [(tap.action, tap.step) for tap in asks] == [("ask", 1)]
    assert not [tap for tap in taps(window(True, False)) if tap.purpose == "insurance"]
    assert "отозвано 02.03.2026" in views.text(Texts()["ru"], window(True, False), "Лавка")


def test_the_texts_of_consents_name_nobody() -> None:
    shown = views.texts(Texts()["ru"], window(True))
    assert "…, <b>передать</b> ваш контакт" in shown


def test_a_consent_without_words_is_called_by_its_purpose() -> None:
    assert views.called(Texts()["ru"], window(True, asked="{{ first_name }}?"), "insurance") == "«insurance»"
