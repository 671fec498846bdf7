"""The builder: what it opens it saves back; lines made with buttons alone find exactly these people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from sqlalchemy.orm import Session

from core.db import Database
from core.quizzes.loader import Library
from core.segments import audience, drafts, presets, rules
from core.segments.builder.families import FAMILIES
from core.segments.builder.forms import FORMS
from core.segments.builder.sheet import Sheet, opened
from core.segments.builder.steps import PAGE, Builder, UnfitError
from core.segments.drafts import Draft
from core.segments.errors import RuleError
from core.segments.language import parse
from tests.oracle import Person, Rule, written
from tests.segments.people import NOW, store
from tests.segments.people import rules as drawn
from tests.segments.test_language import PAGE as LANGUAGE_PAGE
from tests.segments.test_language import ROW

DAY = timedelta(days=1)


def documented() -> list[str]:
    return [found[1] for found in ROW.finditer(LANGUAGE_PAGE.read_text(encoding="utf-8"))]


def test_what_it_opens_it_saves_back_unchanged() -> None:
    shipped = [one.rule_with(one.examples) for one in presets.shipped()]
    for rule in [*documented(), *shipped]:
        canonical = parse(rule).text()
        assert opened(rule).rule() == canonical
        assert parse(opened(rule).rule()) == parse(rule)


@settings(max_examples=100, deadline=None)
@given(drawn)
def test_any_rule_is_saved_back_unchanged_and_turning_a_line_twice_is_nothing(rule: Rule) -> None:
    canonical = parse(written(rule)).text()
    sheet = opened(canonical)
    assert sheet.rule() == canonical
    for place in range(len(sheet.lines)):
        assert sheet.turned(place).turned(place) == sheet
        assert sheet.without(place).rule() == ("" if len(sheet.lines) == 1 else sheet.without(place).rule())


def test_a_deeper_part_stays_one_line() -> None:
    sheet = opened("tag vip and (purchases = 0 or city = Казань) and not (tag a and tag b)")
    assert [(line.is_deep, line.negated) for line in sheet.lines] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert opened("tag a or tag b").any_of
    assert opened("", any_of=True) == Sheet((), True)
    assert replace(sheet, any_of=True).rule() == (
        "tag vip or purchases = 0 or city = Казань or not (tag a and tag b)"
    )


# -- with buttons only ---------------------------------------------------------------------------------


class Hand:
    """An owner's hand on the builder: he presses what is written on buttons."""

    def __init__(self, session: Session, library: Library, rule: str = "") -> None:
        self.session, self.library = session, library
        begun = drafts.begin(session, 7001, None, "sheet", "k", NOW, rule)
        assert begun is not None
        self.draft = begun

    def press(self, action: str, label: str | int = 0) -> None:
        pick = label if isinstance(label, int) else self._place(label)
        self._keep(lambda builder: builder.tap(action, pick))

    def types(self, text: str) -> None:
        self._keep(lambda builder: builder.type(text))

    def _keep(self, act: Callable[[Builder], Draft]) -> None:
        builder = Builder(self.session, self.draft, self.library, "ru", NOW)
        kept = drafts.store(self.session, act(builder))
        assert kept is not None
        self.draft = kept

    def _place(self, label: str) -> int:
        labels = [one[1] for one in self.draft.pending["options"]]
        assert label in labels, labels
        return labels.index(label)

    def family(self, name: str) -> None:
        self.press("add")
        self.press("family", FAMILIES.index(name))


def ages_ago(days: int) -> datetime:
    return NOW - days * DAY


def test_freelancers_of_kazan_who_are_silent_and_never_bought_without_typing_a_rule(
    db: Database, library: Library
) -> None:
    db.on_touched = None

    def build(session: Session) -> None:
        wanted = {
            "answers": {("entry", "role"): ["freelancer"]},
            "attributes": {"city": "Казань"},
            "last_seen_at": ages_ago(20),
        }
        him = store(session, Person(**wanted))  # type: ignore[arg-type]
        for other in (
            {"answers": {("entry", "role"): ["owner"]}},
            {"attributes": {"city": "Москва"}},
            {"last_seen_at": ages_ago(3)},
            {"purchases": [(NOW, 500)]},
        ):
            store(session, Person(**{**wanted, **other}))  # type: ignore[arg-type]
        hand = Hand(session, library)
        hand.family("answers")
        hand.press("subject", "Кто вы сейчас?")
        hand.press("form", "это…")
        hand.press("value", "Работаю на себя")
        hand.press("finish")
        hand.press("add")
        hand.types("город")
        hand.press("subject", "город")
        hand.press("form", "это…")
        hand.types("казань")
        hand.press("finish")
        hand.family("activity")
        hand.press("subject", "последняя активность")
        hand.press("form", "больше … дней назад")
        hand.press("value", "14")
        hand.family("purchases")
        hand.press("subject", "число покупок")
        hand.press("form", "ровно…")
        hand.press("value", "0")
        assert hand.draft.rule == (
            "quiz entry.role = freelancer and city = Казань and last_seen more than 14 days ago "
            "and purchases = 0"
        )
        assert list(session.scalars(audience.people_of(session, hand.draft.rule, NOW))) == [him]

    db.write_now(build)


def test_lines_are_changed_turned_and_removed_in_their_place(db: Database, library: Library) -> None:
    def build(session: Session) -> None:
        hand = Hand(session, library, "purchases >= 1 and tag vip and status = active")
        hand.press("line", 0)
        hand.press("change")
        hand.press("form", "не больше…")
        hand.types("1 000")
        assert hand.draft.rule == "purchases <= 1000 and tag vip and status = active"
        hand.press("line", 1)
        hand.press("negate")
        hand.press("line", 2)
        hand.press("remove")
        hand.press("mode")
        assert hand.draft.rule == "purchases <= 1000 or not tag vip"
        hand.press("line", 0)
        hand.press("remove")
        hand.press("line", 0)
        hand.press("remove")
        assert (hand.draft.rule, hand.draft.any_of) == ("", True)

    db.write_now(build)


def test_what_does_not_fit_is_refused_and_nothing_is_lost(db: Database, library: Library) -> None:
    def build(session: Session) -> None:
        hand = Hand(session, library, "purchases >= 1")
        hand.press("add")
        before = hand.draft
        for act in (
            lambda b: b.tap("family", 99),
            lambda b: b.tap("value", 0),
            lambda b: b.tap("launch", 0),
            lambda b: b.type("такого нет нигде"),
        ):
            with pytest.raises(UnfitError):
                hand._keep(act)
        hand.press("family", FAMILIES.index("purchases"))
        hand.press("subject", "сумма покупок за срок")
        hand.press("form", "больше…")
        with pytest.raises(UnfitError):
            hand.types("много")
        hand.types("10 000")
        hand.types("3 месяца")
        assert hand.draft.rule == "purchases >= 1 and spent more than 10000 within 90 days"
        assert drafts.store(session, before) is None  # an old screen
        assert drafts.find(session, hand.draft.id, 7002) is None  # another owner's

    db.write_now(build)


def test_every_form_of_every_subject_makes_a_rule_that_reads_back(db: Database, library: Library) -> None:
    """Whatever is pressed, every family, field, form and first value: a rule, and its line reopens."""
    typed = {"number": "7", "amount": "500", "times": "3", "days": "14", "day": "31.01.2026"}

    def build(session: Session) -> set[str]:
        store(session, Person(
            tags={"vip"}, events=[("tapped", NOW)], purchases=[(NOW, 50_000)], goods=[("Курс", "Обучение")],
            attributes={"city": "Казань", "birthday": date(1990, 2, 1), "wedding": NOW, "size": 41},
            answers={("entry", "role"): ["owner"]}, source="vk", left={"Новинки"},
        ))  # fmt: skip
        rules.define(session, "vip", "tag vip", ("Важные", "VIP"), NOW)
        hand, used = Hand(session, library), set[str]()
        clean = hand.draft
        for family in range(len(FAMILIES)):
            hand.draft = replace(clean, revision=hand.draft.revision)
            hand.press("add")
            hand.press("family", family)
            listed = hand.draft
            for subject in range(len(listed.pending["options"])):
                chosen = Builder(session, listed, library, "ru", NOW).tap("subject", subject)
                forms = [chosen] if chosen.step != "form" else [
                    Builder(session, chosen, library, "ru", NOW).tap("form", place)
                    for place in range(len(chosen.pending["options"]))
                ]  # fmt: skip
                for draft in forms:
                    used.add(draft.pending.get("form", ""))
                    while draft.step == "value":
                        need, builder = draft.pending["need"], Builder(session, draft, library, "ru", NOW)
                        draft = builder.type(typed.get(need, "слово")) if need not in ("values",) else (
                            builder.tap("value", 0) if draft.pending["options"] else builder.type("слово")
                        )  # fmt: skip
                        if need == "values":
                            draft = Builder(session, draft, library, "ru", NOW).tap("finish", 0)
                    assert draft.step == "sheet"
                    assert parse(draft.rule).text() == draft.rule
                    reopened = Builder(session, replace(draft, step="line", pending={"line": 0}), library,
                                       "en", NOW).tap("change", 0)  # fmt: skip
                    assert reopened.step in ("form", "value", "sheet")
        return used

    used = db.write_now(build)
    assert FORMS.keys() - used <= {"yes", "no", "known", "unknown", "ever", "has", "gets", "in", "been"}


def test_a_line_that_no_rule_can_say_is_told_with_its_reason(db: Database, library: Library) -> None:
    def build(session: Session) -> None:
        hand = Hand(session, library)
        hand.family("activity")
        hand.press("subject", "статус")
        hand.press("form", "это…")
        hand.types("спит")
        with pytest.raises(RuleError, match="is never"):
            hand.press("finish")

    db.write_now(build)
    assert PAGE <= 20
