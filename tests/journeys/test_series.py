"""A series over the running world: entered by a quiz, letters on their days, a purchase ends it at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mailing.series.models import Enrollment
from core.people.models import Event, Subscriber
from tests.telegram import World, consented, quizzed, wait_for

SERIES = """
name: meeting
title: {ru: Знакомство, en: Getting to know you}
kind: selling
purpose: advertising
starts: {segment: freelancers}
goal: purchases >= 1
steps:
  - key: first
    letter: {text: {ru: "Письмо первое, {{ first_name }}", en: The first letter}}
  - key: second
    after: 1 day
    letter: {text: {ru: Письмо второе, en: The second letter}}
  - key: third
    after: 1 day
    letter: {text: {ru: Письмо третье, en: The third letter}}
"""


def states(session: Session) -> Counter[str]:
    return Counter(session.scalars(select(Enrollment.state)))


def finished(session: Session) -> list[int | None]:
    query = select(Subscriber.telegram_id).join(Event, Event.subscriber_id == Subscriber.id)
    return list(session.scalars(query.where(Event.kind == "series_finished")))


def test_a_segment_begins_a_series_and_a_purchase_ends_it_at_once(running: World, tmp_path: Path) -> None:
    file = tmp_path / "meeting.yaml"
    file.write_text(SERIES, encoding="utf-8")
    running.kvizor("series", "add", str(file))
    running.kvizor("series", "on", "meeting")
    anna, boris = consented(running.person("Анна")), consented(running.person("Борис"))
    for person in (anna, boris):
        quizzed(person, "Работаю на себя", "Больше новых")
        person.sees("Спасибо")
    running.forward(hours=1)
    anna.sees("Письмо первое, Анна")
    boris.sees("Письмо первое, Борис")
    running.forward(days=1, hours=1)
    assert sorted(running.delivered("Письмо второе")) == sorted([anna.id, boris.id])

    bought = tmp_path / "purchases.csv"
    bought.write_text(f"telegram_id,date,amount,order_id\n{anna.id},2026-01-10,1990,a-1\n", encoding="utf-8")
    running.kvizor("import", "purchases", str(bought))
    wait_for(lambda: running.ask_database(states) == {"goal": 1, "active": 1}, "the purchase to end it")
    running.forward(days=2)
    assert running.delivered("Письмо третье") == [boris.id]
    wait_for(lambda: running.ask_database(finished) == [boris.id], "the end to be told")
    assert running.ask_database(states) == {"goal": 1, "finished": 1}
