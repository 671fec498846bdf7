"""The engine's own words around a question: buttons, progress, what is wrong with an answer."""

from __future__ import annotations

from decimal import Decimal

PHRASES: dict[str, dict[str, str]] = {
    "back": {"ru": "‹ Назад", "en": "‹ Back"},
    "skip": {"ru": "Пропустить", "en": "Skip"},
    "keep": {"ru": "Оставить как есть", "en": "Keep as it is"},
    "done": {"ru": "Готово", "en": "Done"},
    "yes": {"ru": "Да", "en": "Yes"},
    "no": {"ru": "Нет", "en": "No"},
    "refuse": {"ru": "Не хочу отвечать", "en": "I would rather not say"},
    "refused": {"ru": "не хочу отвечать", "en": "rather not say"},
    "skipped": {"ru": "пропущено", "en": "skipped"},
    "late": {"ru": "время вышло", "en": "time was up"},
    "go_on": {"ru": "Дальше", "en": "Continue"},
    "agree": {"ru": "Согласие даю", "en": "I agree"},
    "disagree": {"ru": "Согласия не даю", "en": "I do not agree"},
    "subscribe": {"ru": "Подписаться", "en": "Subscribe"},
    "check_join": {"ru": "Проверить", "en": "Check"},
    "own_words": {
        "ru": "Напишите свой вариант сообщением.",
        "en": "Write your own answer as a message.",
    },
    "or_write": {"ru": "Выберите или напишите свой вариант", "en": "Choose, or write your own answer"},
    "seconds": {"ru": "⏱ На ответ — {n} с", "en": "⏱ {n} s to answer"},
    "minutes": {"ru": "⏱ На весь опрос — {n} мин", "en": "⏱ {n} min for all questions"},
    "time_up": {
        "ru": "⏱ Время на прошлый вопрос вышло.",
        "en": "⏱ Time for the last question was up.",
    },
    "time_over": {"ru": "⏱ Время опроса вышло.", "en": "⏱ The time for this quiz is up."},
    "confirm": {
        "ru": "Проверьте ответы. Любой можно изменить.",
        "en": "Please check your answers. Any of them may be changed.",
    },
    "send": {"ru": "Всё верно, отправить", "en": "All correct, send"},
    "and_more": {"ru": "…и ещё {n}", "en": "…and {n} more"},
    "share_place": {"ru": "📍 Отправить, где я", "en": "📍 Share my location"},
    "share": {"ru": "📱 Отправить мой номер", "en": "📱 Share my number"},
    "progress": {"ru": "Вопрос {n} из {of}", "en": "Question {n} of {of}"},
    "now": {"ru": "Сейчас: {value}", "en": "Now: {value}"},
    "shared": {"ru": "указано", "en": "given"},
    "several": {"ru": "Можно выбрать несколько", "en": "You may choose several"},
    "gone": {
        "ru": "Эта кнопка уже не действует. Начать опрос заново: /quiz",
        "en": "This button no longer works. To begin again: /quiz",
    },
    "at_most": {
        "ru": "Больше {n} выбрать нельзя: сначала снимите одну из отметок.",
        "en": "Choose no more than {n}.",
    },
    "at_least": {"ru": "Отметьте хотя бы {n} и нажмите «Готово».", "en": "Choose at least {n}."},
    "not_a_number": {
        "ru": "Нужно число, например 12. Напишите его цифрами.",
        "en": "A number is needed, for example 12. Write it in digits.",
    },
    "not_whole": {"ru": "Нужно целое число, без дробной части.", "en": "A whole number is needed."},
    "too_small": {"ru": "Нужно число не меньше {n}.", "en": "The number should be at least {n}."},
    "too_big": {"ru": "Нужно число не больше {n}.", "en": "The number should be at most {n}."},
    "empty": {"ru": "Напишите ответ словами.", "en": "Please answer in words."},
    "too_long": {
        "ru": "Слишком длинно: {length} знаков, а поместится {n}. Напишите короче.",
        "en": "Too long: {length} characters, {n} fit. Please write it shorter.",
    },
    "not_email": {
        "ru": "Это не похоже на почту. Напишите так: name@example.com",
        "en": "This does not look like an e-mail. Write it like name@example.com",
    },
    "not_phone": {
        "ru": "Это не похоже на телефон. Напишите так: +7 912 345-67-89",
        "en": "This does not look like a phone. Write it like +7 912 345-67-89",
    },
    "not_city": {
        "ru": "Это не похоже на город. Напишите одно название, например Казань.",
        "en": "This does not look like a city. Write one name, for example Kazan.",
    },
    "misfit": {
        "ru": "Ответ не подходит по форме. Проверьте и напишите ещё раз.",
        "en": "The answer does not have the right form. Please check it and write again.",
    },
    "not_a_date": {
        "ru": "Нужна дата, например 12.03.1990 или 12 марта 1990.",
        "en": "A date is needed, for example 12.03.1990 or March 12, 1990.",
    },
    "no_such_date": {
        "ru": "Такого дня в календаре нет. Проверьте число и месяц.",
        "en": "There is no such day in the calendar. Please check the day and the month.",
    },
    "short_year": {
        "ru": "Напишите год четырьмя цифрами, например 12.03.1990.",
        "en": "Please write the year in four digits, for example 12.03.1990.",
    },
    "too_early": {"ru": "Нужна дата не раньше {n}.", "en": "The date should not be before {n}."},
    "too_late": {"ru": "Нужна дата не позже {n}.", "en": "The date should not be after {n}."},
    "not_joined": {
        "ru": "Подписки пока не видно. Подпишитесь и нажмите «Проверить».",
        "en": "You do not seem to be subscribed yet. Subscribe and press “Check”.",
    },
    "press_button": {
        "ru": "Нажмите одну из кнопок под вопросом.",
        "en": "Please press one of the buttons below the question.",
    },
    "press_place": {
        "ru": "Нажмите кнопку «Отправить, где я» под полем ввода.",
        "en": "Press the button “Share my location” below the input field.",
    },
    "press_share": {
        "ru": "Нажмите кнопку «Отправить мой номер» под полем ввода.",
        "en": "Press the button “Share my number” below the input field.",
    },
    "not_own": {
        "ru": "Это чужой номер. Отправьте свой кнопкой под полем ввода.",
        "en": "This is somebody else's number. Share your own with the button below.",
    },
}


def numeral(value: float, language: str) -> str:
    """Return a number as it is written in a language: without a needless `.0`, in Russian with a comma.

    >>> numeral(50.5, "ru"), numeral(50.5, "en"), numeral(3.0, "ru")
    ('50,5', '50.5', '3')
    """
    digits = str(int(value)) if float(value).is_integer() else f"{Decimal(str(value)):f}"
    return digits.replace(".", ",") if language == "ru" else digits


def phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in a language, English for one that is not ours."""
    wordings = PHRASES[name]
    return wordings.get(language, wordings["en"]).format(**values)
