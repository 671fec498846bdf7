"""The owner's list of segments: families, a page, what waits, one tap on, values, another one of a kind."""

from __future__ import annotations

import re
from datetime import timedelta

from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto, TelegramMethod
from sqlalchemy.orm import Session

from core import clock
from core.db import Database
from core.people import subscribers
from core.people.models import Profile, Subscriber
from core.segments import presets
from tests.admin.windows import Window, buttons


def people(session: Session) -> None:
    """Ten people, silent for 0, 5, 10, … days; half came from vk."""
    now = clock.now()
    presets.install(session, now)
    for number in range(10):
        who = subscribers.meet(session, subscribers.Sender(number + 1, f"Человек {number}"), now).id
        session.get_one(Subscriber, who).source = "vk <1>" if number % 2 else "ads"
        session.get_one(Profile, who).last_seen_at = now - timedelta(days=5 * number, hours=1)


def text_of(call: TelegramMethod[object]) -> str:
    assert isinstance(call, SendMessage | EditMessageText)
    return str(call.text)


def named(call: TelegramMethod[object], start: str) -> str:
    """What the button carries whose words begin so."""
    return next(data for words, data in buttons(call).items() if words.startswith(start))


async def test_the_list_shows_families_and_a_family_its_segments_with_those_that_lack_data(
    base: Database,
) -> None:
    window = Window(base)
    photo, listed = await window.writes("/segments")
    assert isinstance(photo, SendPhoto)
    assert "<b>Молчат</b>: Молчат больше 14 дней 7, Молчат больше 30 дней 4" in text_of(listed)
    assert len(buttons(listed)) < 24
    assert not [one for one in re.findall(r"• <b>([^<]+)</b>", text_of(listed)) if re.search("[a-z_]", one)]
    *_, shown = await window.taps(named(listed, "Молчат · 6"))
    assert "Молчат больше 90 дней — <b>0</b>" in text_of(shown)
    *_, shown = await window.taps(named(listed, "Кто они · 5"))
    assert text_of(shown).count("нет данных") == 5
    *_, back = await window.taps(named(shown, "← Все сегменты"))
    assert buttons(back) == buttons(listed)


async def test_the_card_says_what_the_segment_is_good_for_and_which_data_lack(base: Database) -> None:
    window = Window(base)
    number = base.read_now(presets.offer, "owners").number
    _, card = await window.taps(f"as:card:{number}")
    caption = str(card.caption)  # type: ignore[attr-defined]
    assert "💡 Разговор о деньгах и времени" in caption
    assert "Пока некого найти: нет данных" in caption
    assert "quiz" not in caption
    number = base.read_now(presets.offer, "unsegmented").number
    _, card = await window.taps(f"as:card:{number}")
    assert "— 10 человек" in str(card.caption)  # type: ignore[attr-defined]
    assert "starting" not in str(card.caption)  # type: ignore[attr-defined]


async def test_one_tap_switches_a_waiting_segment_on_and_another_off(base: Database) -> None:
    window = Window(base)
    *_, shelf = await window.taps("ap:shelf:0:::0")
    *_, waiting = await window.taps(named(shelf, "Техника и язык · 3"))
    assert "Нужно выбрать: устройство" in text_of(waiting)
    told, left = await window.taps(named(waiting, "＋ Telegram Premium"))
    assert isinstance(told, AnswerCallbackQuery)
    assert told.text == "✅ Включён: Telegram Premium · 0"
    assert "Telegram Premium" not in text_of(left)
    assert base.read_now(presets.offer, "premium").enabled
    number = base.read_now(presets.offer, "premium").number
    told, _ = await window.taps(f"ap:off:{number}:::0")
    assert told.text == "⏸ Выключен: Telegram Premium"  # type: ignore[attr-defined]
    assert not base.read_now(presets.offer, "premium").enabled
    freelancers = base.read_now(presets.offer, "freelancers").number
    (told,) = await window.taps(f"ap:off:{freelancers}:::0")
    assert told.text == "На нём стоит другой сегмент: Фрилансеры, которые замолчали. Сначала выключите тот."  # type: ignore[attr-defined]


async def test_a_number_is_changed_by_steps_foreseen_and_saved_or_made_once_more(base: Database) -> None:
    window = Window(base)
    number = base.read_now(presets.offer, "silent_14").number
    _, card = await window.taps(f"as:card:{number}")
    *_, shown = await window.taps(named(card, "⚙️ Настроить"))
    assert "Дни: <b>14 дней</b>" in text_of(shown)
    assert "Сейчас в сегменте 7." in text_of(shown)
    assert "✅ Сохранить" not in buttons(shown)
    *_, shown = await window.taps(named(shown, "+7"))
    assert "Молчат больше 21 дня" in text_of(shown)
    assert "Сейчас 7, станет <b>5</b>: придут 0, уйдут 2." in text_of(shown)
    kept = buttons(shown)
    told, done = await window.taps(kept["➕ Сделать ещё один такой"])
    assert told.text == "✅ Готово: Молчат больше 21 дня"  # type: ignore[attr-defined]
    assert "Сейчас в сегменте 5." in text_of(done)
    told, done = await window.taps(kept["✅ Сохранить"])
    assert told.text == "✅ Сохранено: Молчат больше 21 дня"  # type: ignore[attr-defined]
    assert base.read_now(presets.offer, "silent_14").values == {"days": 21}
    (told,) = await window.taps(kept["➕ Сделать ещё один такой"])
    assert told.text == "Такой уже есть. Измените значение."  # type: ignore[attr-defined]


async def test_a_word_is_chosen_among_those_of_the_base(base: Database) -> None:
    window = Window(base)
    *_, waiting = await window.taps("ap:family:0:source::0")
    *_, shown = await window.taps(named(waiting, "＋ Источник «…»"))
    assert "Источник: <b>не выбрано</b>" in text_of(shown)
    *_, words = await window.taps(named(shown, "Источник: выбрать"))
    assert list(buttons(words)) == ["ads", "vk <1>", "← Назад"]
    *_, shown = await window.taps(buttons(words)["vk <1>"])
    assert "Источник «vk &lt;1&gt;»" in text_of(shown)
    assert "Таких людей сейчас 5." in text_of(shown)
    told, done = await window.taps(named(shown, "✅ Включить"))
    assert told.text == "✅ Готово: Источник «vk <1>»"  # type: ignore[attr-defined]
    assert "Сейчас в сегменте 5." in text_of(done)
    *_, waiting = await window.taps("ap:family:0:source::0")
    assert "＋ Источник «…»" in buttons(waiting), "another source may be wanted"


async def test_a_word_nobody_has_yet_is_told_with_the_command_that_sets_it_ahead(base: Database) -> None:
    *_, shown = await Window(base).taps("ap:word:0:region::0")
    assert "таких данных ещё ни у кого нет (регион)" in text_of(shown)
    assert "kvizor segment another region region=…" in text_of(shown)


OLD = [
    "ap:open:999:::0", "ap:take:0:nothing::0", "ap:open:0:silent_14:x:0", "ap:open:0:silent_14:99999:0",
    "ap:open:0:silent_14:²:0", "ap:save:0:source:a1b2c3:0", "ap:make:0:silent_14:7.7:0", "ap:on:0:::0",
]  # fmt: skip


async def test_a_button_of_another_time_changes_nothing_and_says_so(base: Database) -> None:
    window = Window(base)
    for data in OLD:
        (told,) = await window.taps(data)
        assert isinstance(told, AnswerCallbackQuery)
        assert told.text == "Эта кнопка устарела. Откройте список заново: /segments"


async def test_every_button_of_every_screen_fits_and_speaks_both_languages(base: Database) -> None:
    for language in ("ru", "en"):
        window = Window(base)
        window.settings = window.settings.model_copy(update={"language": language})
        *_, shelf = await window.taps("ap:shelf:0:::0")
        for data in buttons(shelf).values():
            *_, shown = await window.taps(data)
            for words, carried in buttons(shown).items():
                assert len(carried.encode()) <= 64
                assert len(words) <= 60
                if carried.startswith("ap:take") and "…" in words:
                    *_, opened = await window.taps(carried)
                    assert len(text_of(opened)) < 4096
