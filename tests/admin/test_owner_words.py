"""What an owner types about rules and people: long, late, in Russian, in the middle of something else."""

from __future__ import annotations

from pathlib import Path

from aiogram.methods import EditMessageText, SendMessage
from sqlalchemy.orm import Session

from bot.admin.callbacks import HistoryTap, SegmentTap
from bot.admin.people_callbacks import PeopleTap, PersonTap
from bot.admin.rule_callbacks import RuleTap
from bot.admin.views import cut_sentence, visible_length
from core import clock
from core.db import Database
from core.people import attributes
from core.quizzes import loader
from core.segments import rules
from core.segments.builder.subjects import Subjects
from core.segments.refresh import refresh_all
from tests.admin.test_rules import Chat
from tests.admin.test_rules import base as base  # a fixture
from tests.admin.windows import OWNER, buttons

LONG = " or ".join(f'city = "Село <{number}> & выселки, которых никто не узнал"' for number in range(60))
LONG_RULE = LONG[: LONG.rfind(" or ", 0, 3950)]


async def test_a_rule_as_long_as_allowed_can_be_seen_and_mended_everywhere(base: Database) -> None:
    now = clock.now()
    made = base.write_now(rules.define, "towns", LONG_RULE, ("Сёла", "Towns"), now)
    refresh_all(base, now)
    chat, number = Chat(base), made.number
    opened = (
        SegmentTap(action="card", number=number), RuleTap(action="edit", number=number),
        RuleTap(action="versions", number=number), RuleTap(action="version", number=number, version=1),
        HistoryTap(action="open", number=number), PersonTap(action="whyof", person=1, value=number),
    )  # fmt: skip
    for tap in opened:
        calls = await chat.window.taps(tap.pack())
        texts = [str(getattr(call, "text", "") or getattr(call, "caption", "")) for call in calls]
        assert all(visible_length(text) < 4096 for text in texts), tap
        assert "Сёла" in "".join(texts), tap
    await chat.taps(RuleTap(action="edit", number=number).pack())
    await chat.presses("⌨️ Написать текстом")
    assert "никто не узнал" in chat.said
    assert visible_length(chat.said) < 4096
    await chat.presses("🧩 Кнопками")
    assert "…и ещё" in chat.said
    assert visible_length(chat.said) < 4096
    await chat.presses("👀 Кто это и сохранить")
    assert "менять нечего" in chat.said


def test_a_sentence_ends_between_two_conditions() -> None:
    said = cut_sentence("город — «Казань» или город — «Москва» или город — «Тверь»", 45)
    assert said == "город — «Казань» или город — «Москва» …"


async def test_in_a_preview_another_rule_may_be_typed(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="new").pack())
    await chat.presses("⌨️ Написать текстом")
    assert "город — «Казань»" in await chat.writes("город = Казань")
    assert "покупок нет" in await chat.writes("покупки = 0")
    assert "не бывает значения" in await chat.writes("статус = спит")
    assert "активен" in await chat.writes("статус = активен")


async def test_a_mistake_is_told_in_russian_and_the_buttons_are_near(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="new").pack())
    await chat.presses("⌨️ Написать текстом")
    assert "обычную фразу" in await chat.writes("мужчины из Казани")
    said = await chat.writes("gender = дама")
    assert "<code>female</code> (женский), <code>male</code> (мужской)" in said
    assert "spent &gt; 500" in await chat.writes("spent more than 500")
    assert " or " not in await chat.writes("status = спит")
    await chat.presses("🧩 Собрать кнопками")
    assert "Пока пусто" in chat.said


async def test_after_a_search_the_next_name_is_taken(base: Database) -> None:
    chat = Chat(base)
    await chat.writes("/people Анна")
    assert "Анна" in chat.said
    assert "Вера" in await chat.writes("Вера")
    assert "никого нет" in await chat.writes("Никодим")
    assert "Галина" in await chat.writes("Галина")


async def test_a_card_out_of_a_list_leaves_the_list_there(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(PeopleTap(action="inside", segment=1).pack())
    calls = await chat.window.taps(next(iter(buttons(chat.screen).values())), 50)  # type: ignore[arg-type]
    assert any(isinstance(call, SendMessage) for call in calls)
    assert not any(isinstance(call, EditMessageText) for call in calls)


async def test_what_the_program_notes_for_itself_is_no_field(base: Database) -> None:
    now = clock.now()
    base.write_now(attributes.set_attribute, 1, "city_typed", "казань", now, origin="test")
    base.write_now(attributes.set_attribute, 1, "gender_by_owner", "f", now, origin="test")

    def listed(session: Session) -> list[str]:
        library = loader.load_folder(Path("quizzes"))
        subjects = Subjects(session, library, "ru", now)
        assert next(one.text for one in subjects.like("город")) == "city"
        assert "quiz entry.city" not in {one.text for one in subjects.like("город")}
        return [one.text for one in subjects.of("person")]

    assert not any("typed" in text or "by_owner" in text for text in base.read_now(listed))


async def test_a_tap_handled_twice_is_done_and_no_alarm(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="edit", number=1).pack())
    await chat.presses("⌨️ Написать текстом")
    await chat.writes("city = Казань")
    apply = buttons(chat.screen)["✅ Применить"]  # type: ignore[arg-type]
    assert "новое правило действует" in await chat.taps(apply)
    assert await chat.taps(apply) == "Готово"


async def test_the_return_to_a_shipped_rule_says_that_the_segment_stays_own(base: Database) -> None:
    now = clock.now()

    def made(session: Session) -> int:
        number = rules.define(
            session, "life", "lifecycle = vip", ("VIP", "VIP"), now, author="shipped"
        ).number
        rules.define(session, "life", "lifecycle = new", ("VIP", "VIP"), now, author=str(OWNER))
        return number

    chat = Chat(base)
    await chat.taps(RuleTap(action="return", number=base.write_now(made), version=1).pack())
    assert "сегмент останется вашим" in chat.said


async def test_an_own_segment_gets_another_title_and_keeps_its_name(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="title", number=1).pack())
    assert "нужна хотя бы одна буква" in await chat.writes(" ")
    assert "<b>Самые важные</b>" in await chat.writes("Самые важные")
    await chat.writes("и ещё что-нибудь")  # nothing asked for it
    assert base.read_now(rules.find, "vip").title_ru == "Самые важные"
