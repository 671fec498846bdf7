"""What people really send: each gets an answer, nothing is lost, the quiz goes on."""

from __future__ import annotations

from sqlalchemy import select

from core.people.models import Event, Subscriber
from core.quizzes.models import RunAnswer
from tests.telegram import World, consented, quizzed, wait_for


def test_stickers_voices_and_unknown_commands_in_the_middle_of_a_quiz_change_nothing(world: World) -> None:
    world.start_bot()
    anna = consented(world.person("Анна"))
    anna.sees("Кто вы сейчас")
    anna.does("sticker").does("voice")
    wait_for(lambda: len([t for t in anna.received() if "нажать одну из кнопок" in t]) == 2, "two hints")
    anna.says("/nonsense").sees("Такой команды я не знаю")
    quizzed(anna, "Руковожу", "Больше новых").sees("Спасибо, Анна")


def test_a_voice_where_a_text_is_asked_is_told_so(world: World) -> None:
    world.start_bot()
    anna = consented(world.person("Анна"))
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.does("voice").sees("ответ текстом")
    anna.says("Казань").sees("по желанию")


def test_five_thousand_characters_as_an_answer_are_refused_kindly_and_the_question_stays(
    world: World,
) -> None:
    world.start_bot()
    anna = consented(world.person("Анна"))
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.says("ы" * 5000)
    anna.sees("⚠️")
    anna.says("<script>alert(1)</script>")
    anna.says("Нижний Новгород").sees("по желанию")
    saved = world.ask_database(
        lambda s: s.scalar(select(RunAnswer.value).where(RunAnswer.question == "city"))
    )
    assert saved == "Нижний Новгород"


def test_markup_in_a_name_is_shown_as_text(world: World) -> None:
    world.start_bot()
    eve = consented(world.person("<b>Ева</b>", last_name="</i><a href='x'>", language_code="ru"))
    quizzed(eve, "Работаю на себя", "Больше новых")
    eve.sees("Спасибо, <b>Ева</b>")


def test_a_question_to_the_business_reaches_the_owner_and_is_kept(world: World) -> None:
    world.start_bot()
    world.owner.says("/start")
    anna = quizzed(consented(world.person("Анна")), "Руковожу", "Больше новых")
    anna.sees("Спасибо, Анна")
    anna.says("Когда доставка? <срочно>").sees("Передал ваше сообщение")
    assert "<срочно>" in world.owner.sees("Анна.* пишет боту")["text"]
    kept = world.ask_database(lambda s: s.scalar(select(Event.detail).where(Event.kind == "wrote")))
    assert kept == {"text": "Когда доставка? <срочно>"}


def test_somebody_elses_contact_card_is_not_taken(world: World) -> None:
    world.start_bot()
    boris = world.person("Борис")
    anna = consented(world.person("Анна"))
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.says("Казань").sees("по желанию")
    anna.does("contact", {"phone_number": "79990000001", "user_id": boris.id}).sees("другого человека")
    anna.does("contact", {"phone_number": "79161234567"}).sees("Спасибо, Анна")
    assert world.ask_database(lambda s: s.scalar(select(Subscriber.phone))) == "+79161234567"


def test_stop_is_heard_at_any_moment_and_start_brings_back(world: World) -> None:
    world.start_bot()
    anna = consented(world.person("Анна"))
    anna.sees("Кто вы сейчас")
    anna.says("/stop").sees("писем больше не будет")
    anna.taps("Снова получать")
    anna.sees("Письма включены")
    assert world.ask_database(lambda s: s.scalar(select(Subscriber.status))) == "active"


def test_without_data_consent_nothing_is_asked(world: World) -> None:
    world.start_bot()
    ivan = world.person("Иван").says("/start")
    ivan.taps("Не согласен")
    ivan.sees("Без этого согласия")
    ivan.says("/quiz").sees("Сначала нужно ваше согласие")
    ivan.taps("^Согласен")
    ivan.taps("Нет, без рекламы")
    ivan.sees("Кто вы сейчас")
