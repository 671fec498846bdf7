"""What people really send: each gets an answer, nothing is lost, the quiz goes on."""

from __future__ import annotations

from sqlalchemy import select

from core.people.models import Event, Subscriber
from core.quizzes.models import QuizRun, RunAnswer
from tests.telegram import World, consented, quizzed, wait_for


def subscriber(session, telegram_id: int) -> Subscriber:  # type: ignore[no-untyped-def]
    return session.scalars(select(Subscriber).where(Subscriber.telegram_id == telegram_id)).one()


def city_of(session, telegram_id: int) -> str:  # type: ignore[no-untyped-def]
    runs = select(QuizRun.id).where(QuizRun.subscriber_id == subscriber(session, telegram_id).id)
    return session.scalar(
        select(RunAnswer.value).where(RunAnswer.question == "city", RunAnswer.run_id.in_(runs))
    )


def test_stickers_voices_and_unknown_commands_in_the_middle_of_a_quiz_change_nothing(running: World) -> None:
    anna = consented(running.person("Анна"))
    anna.sees("Кто вы сейчас")
    anna.does("sticker").does("voice")
    wait_for(lambda: len([t for t in anna.received() if "нажать одну из кнопок" in t]) == 2, "two hints")
    anna.says("/nonsense").sees("Такой команды я не знаю")
    quizzed(anna, "Руковожу", "Больше новых").sees("Спасибо, Анна")


def test_a_voice_where_a_text_is_asked_is_told_so(running: World) -> None:
    anna = consented(running.person("Анна"))
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.does("voice").sees("ответ текстом")
    anna.says("Казань").sees("по желанию")


def test_five_thousand_characters_as_an_answer_are_refused_kindly_and_the_question_stays(
    running: World,
) -> None:
    anna = consented(running.person("Анна"))
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.says("ы" * 5000)
    anna.sees("⚠️")
    anna.says("<script>alert(1)</script>")
    anna.says("Нижний Новгород").sees("по желанию")
    saved = running.ask_database(city_of, anna.id)
    assert saved == "Нижний Новгород"


def test_markup_in_a_name_is_shown_as_text(running: World) -> None:
    eve = consented(running.person("<b>Ева</b>", last_name="</i><a href='x'>", language_code="ru"))
    quizzed(eve, "Работаю на себя", "Больше новых")
    eve.sees("Спасибо, <b>Ева</b>")


def test_a_question_to_the_business_reaches_the_owner_and_is_kept(running: World) -> None:
    running.owner.says("/start")
    anna = quizzed(consented(running.person("Анна")), "Руковожу", "Больше новых")
    anna.sees("Спасибо, Анна")
    anna.says("Когда доставка? <срочно>").sees("Передал ваше сообщение")
    assert "<срочно>" in running.owner.sees("Анна.* пишет боту")["text"]
    kept = running.ask_database(lambda s: s.scalar(select(Event.detail).where(Event.kind == "wrote")))
    assert kept == {"text": "Когда доставка? <срочно>"}


def test_somebody_elses_contact_card_is_not_taken(running: World) -> None:
    boris = running.person("Борис")
    anna = consented(running.person("Анна"))
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.says("Казань").sees("по желанию")
    anna.does("contact", {"phone_number": "79990000001", "user_id": boris.id}).sees("другого человека")
    anna.does("contact", {"phone_number": "79161234567"}).sees("Спасибо, Анна")
    assert running.ask_database(lambda s: subscriber(s, anna.id).phone) == "+79161234567"


def test_stop_is_heard_at_any_moment_and_start_brings_back(running: World) -> None:
    anna = consented(running.person("Анна"))
    anna.sees("Кто вы сейчас")
    anna.says("/stop").sees("писем больше не будет")
    anna.taps("Снова получать")
    anna.sees("Письма включены")
    assert running.ask_database(lambda s: subscriber(s, anna.id).status) == "active"


def test_without_data_consent_nothing_is_asked(running: World) -> None:
    ivan = running.person("Иван").says("/start")
    ivan.taps("Не согласен")
    ivan.sees("Без этого согласия")
    ivan.says("/quiz").sees("Сначала нужно ваше согласие")
    ivan.taps("^Согласен")
    ivan.taps("Нет, без рекламы")
    ivan.sees("Кто вы сейчас")
