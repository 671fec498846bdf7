"""The owner's day in his own chat: look, download, write, bring purchases."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select

from core.people.models import Profile, Subscriber
from tests.telegram import World, consented, quizzed, wait_for


def file_of(world: World, person) -> bytes:  # type: ignore[no-untyped-def]
    def newest() -> str | None:
        files = [m["media"] for m in person.messages() if m["from_bot"] and m["media"]]
        found = [file["url"] for file in files if file["kind"] == "document"]
        return found[-1] if found else None

    return world.http.get(wait_for(newest, "a file")).content


def test_segments_show_a_picture_a_card_and_a_verified_export_without_formulas(world: World) -> None:
    world.start_bot()
    for name in ("Анна", "=1+1", "+79990001122", "@cmd"):
        quizzed(consented(world.person(name)), "Работаю на себя", "Больше новых").sees("Спасибо")
    world.owner.says("/segments").sees("Кто они.*Фрилансеры 4")
    photo = wait_for(
        lambda: [m for m in world.owner.messages() if (m["media"] or {}).get("kind") == "photo"], "the chart"
    )[0]
    assert world.http.get(photo["media"]["url"]).content.startswith(b"\x89PNG")
    assert photo["media"]["width"] >= 1000
    world.owner.taps("Кто они")
    world.owner.taps("Фрилансеры · 4")
    world.owner.sees("Кто сюда попадает")
    world.owner.taps("CSV")
    text = file_of(world, world.owner).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 5
    cells = [cell for row in rows[1:] for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell[:1]]
    assert "'=1+1" in cells


def test_a_letter_is_seen_before_it_leaves_and_its_sum_is_told_afterwards(world: World) -> None:
    world.start_bot()
    anna, boris, stopped = (consented(world.person(name)) for name in ("Анна", "Борис", "Олег"))
    for person in (anna, boris, stopped):
        person.sees("Кто вы сейчас")
    stopped.says("/stop").sees("больше не будет")
    owner = world.owner
    owner.says("/segments")
    owner.taps("^Покупки")
    owner.taps("Активны, но не покупали")
    owner.taps("Написать")
    owner.says("{{ first_name | default: ")
    owner.sees("(?i)ошибк|не получ|исправ|line|строк")
    owner.says('Здравствуйте, {{ first_name | default: "друг" }}! Завтра <b>скидки</b>.')
    preview = owner.sees("Здравствуйте, (Анна|Борис|Ольга)|получат")
    assert preview
    assert not world.delivered("Завтра") or world.delivered("Завтра") == [owner.id]
    owner.taps("Отправить")
    anna.sees("Здравствуйте, Анна! Завтра")
    boris.sees("Здравствуйте, Борис! Завтра")
    owner.sees("(?i)заверш|отправлено")
    assert not [t for t in stopped.received() if "Завтра" in t]


def test_purchases_come_as_a_file_once_and_join_whoever_opens_the_bot_later(world: World) -> None:
    world.start_bot()
    anna = quizzed(consented(world.person("Анна")), "Работаю на себя", "Больше новых")
    anna.sees("Спасибо")
    table = (
        "Клиент;Телефон;Заказ;Дата;Сумма;Товар\n"
        f"{anna.id};;A-1;01.02.2026 10:00;1 500,50;Чай\n"
        f"{anna.id};;A-2;03.02.2026;700;Мёд\n"
        ";+7 916 123-45-67;B-1;05.02.2026;900;Чай\n"
        ";;C-1;05.02.2026;900;Чай\n"
        "5;;C-2;вчера;900;Чай\n"
    ).encode("cp1251")
    owner = world.owner
    owner.sends_file("продажи.csv", table)
    owner.taps("Загрузить")
    wait_for(lambda: not world.ask_database(pending_imports), "the import to end")
    owner.sends_file("продажи ещё раз.csv", table)
    owner.sees("Уже были загружены: 3")
    profile = world.ask_database(profile_of, anna.id)
    assert (profile.purchases_count, profile.purchases_total) == (2, 220050)

    later = consented(world.person("Мария"))
    later.taps("Работаю на себя")
    later.taps("Больше новых")
    later.sees("вы города")
    later.says("Казань").sees("по желанию")
    later.does("contact", {"phone_number": "79161234567"}).sees("Спасибо, Мария")
    joined = world.ask_database(profile_of, later.id)
    assert (joined.purchases_count, joined.purchases_total) == (1, 90000)
    known = world.ask_database(
        lambda s: list(s.scalars(select(Subscriber.id).where(Subscriber.status == "known")))
    )
    assert known == []


def pending_imports(session) -> bool:  # type: ignore[no-untyped-def]
    from core.sales.models import Import

    rows = list(session.scalars(select(Import)))
    return not rows or any(row.finished_at is None for row in rows)


def profile_of(session, telegram_id: int) -> Profile:  # type: ignore[no-untyped-def]
    query = select(Profile).join(Subscriber, Subscriber.id == Profile.subscriber_id)
    return session.scalar(query.where(Subscriber.telegram_id == telegram_id))


def test_the_command_line_tells_the_same_as_the_chat(world: World) -> None:
    world.start_bot()
    anna = quizzed(consented(world.person("Анна")), "Работаю на себя", "Больше новых")
    anna.sees("Спасибо")
    preview = world.kvizor("segment", "preview", "quiz entry.role = freelancer", "--json").stdout
    assert '"size": 1' in preview
    assert "Анна" in preview
    assert "freelancers" in world.kvizor("segment", "list").stdout
    assert "✓" in world.kvizor("segment", "why", "freelancers", "1").stdout
    wrong = world.kvizor("segment", "preview", "purchase = 0", check=False)
    assert wrong.returncode == 1
    assert "purchases" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    refreshed = world.kvizor("segment", "refresh", "--json").stdout
    assert '"freelancers"' in refreshed
