"""What a rule asks for is gone: a quiz, an attribute, a segment. The rule goes on, or says why it cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.db import Database
from core.people.models import Attribute
from core.quizzes.loader import load_folder
from core.quizzes.models import Answer, QuizRun
from core.segments import rules
from core.segments.completeness import reach
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.preview import preview
from core.segments.refresh import refresh_all
from core.segments.titles import spoken
from core.segments.why import why
from tests.oracle import Person, Walk
from tests.segments.members import segments_of
from tests.segments.people import NOW, store

QUIZZES = Path(__file__).parent.parent.parent / "quizzes"
TAKEN = "finished quiz entry with owner and quiz entry.role = owner"


@pytest.fixture
def plain(db: Database) -> Database:
    db.on_touched = None
    return db


def test_a_quiz_that_was_removed_leaves_its_answers_and_its_rules(plain: Database) -> None:
    """The file is gone: what people said is not. Only the sentence falls back on ids."""
    person = Person(answers={("entry", "role"): ["owner"]}, walks=[Walk("entry", NOW, NOW, "owner")])
    who = plain.write_now(store, person)
    plain.write_now(rules.define, "owners", TAKEN, ("в", "o"), NOW)
    library = load_folder(QUIZZES)
    rule = parse(TAKEN)
    assert "квиз «Знакомство» с итогом «owner»" in spoken(rule, library).sentence("ru")
    without = replace(library, quizzes={})
    assert "квиз «entry» с итогом «owner»" in spoken(rule, without).sentence("ru")
    assert refresh_all(plain, NOW).segments[0].error is None
    assert plain.read_now(segments_of, who) == ("owners",)

    def forget(session: Session) -> None:
        session.execute(delete(Answer))
        session.execute(delete(QuizRun))

    plain.write_now(forget)
    report = refresh_all(plain, NOW)
    assert (report.segments[0].error, report.segments[0].size) == (None, 0)
    assert plain.read_now(preview, TAKEN, NOW, "ru").lacking == (
        "квиз «entry» с итогом «owner» ещё никто не проходил",
        "ответ на вопрос «role» квиза «entry»: ещё ни у кого нет (ответы в квизе)",
    )


def test_an_attribute_that_nobody_has_any_more_is_still_that_attribute(plain: Database) -> None:
    person = Person(attributes={"shoe_size": 42})
    who = plain.write_now(store, person)
    plain.write_now(rules.define, "tall", "shoe_size > 41", ("в", "t"), NOW)
    refresh_all(plain, NOW)
    assert plain.read_now(segments_of, who) == ("tall",)
    plain.write_now(lambda session: session.execute(delete(Attribute)) and None)
    report = refresh_all(plain, NOW)
    assert (report.segments[0].error, report.segments[0].size) == (None, 0)
    with pytest.raises(RuleError, match="unknown field `shoe_size`"):
        plain.read_now(preview, "shoe_size > 41", NOW, "en")
    kept = plain.read_now(rules.find, "tall").rule
    assert plain.read_now(preview, kept, NOW, "en").lacking == (
        "the property “shoe_size”: nobody has it yet (quizzes, imports and the person's card)",
    )


def test_a_segment_under_a_rule_cannot_be_switched_off_and_one_that_is_off_says_so(plain: Database) -> None:
    plain.write_now(store, Person(tags={"vip"}))
    plain.write_now(rules.define, "vip", "tag vip", ("в", "v"), NOW)
    plain.write_now(rules.define, "kept", "in segment vip", ("к", "k"), NOW)
    with pytest.raises(SegmentError, match="`vip` is used by `kept`; switch that off first"):
        plain.write_now(rules.switch, "vip", False, NOW)
    plain.write_now(rules.switch, "kept", False, NOW)
    plain.write_now(rules.switch, "vip", False, NOW)
    refresh_all(plain, NOW)
    seen = plain.read_now(preview, "not in segment vip for at least 2 days", NOW, "ru")
    assert (seen.size, seen.lacking) == (1, ("сегмент «vip» выключен: в нём никого нет",))
    seen = plain.read_now(preview, "in segment vip", NOW, "en")
    assert (seen.size, seen.lacking) == (0, ("the segment “vip” is switched off: nobody is in it",))


def test_a_rule_on_a_segment_that_is_no_more_keeps_its_people_and_says_why(plain: Database) -> None:
    """No screen deletes a segment; a hand in the database might."""
    who = plain.write_now(store, Person(tags={"vip"}))
    for name, rule in (("ruled", "in segment vip or tag vip"), ("other", "tag vip")):
        plain.write_now(rules.define, "vip", "tag vip", ("в", "v"), NOW)
        plain.write_now(rules.define, name, rule, ("о", "o"), NOW)
    refresh_all(plain, NOW)

    def vanish(session: Session) -> None:
        gone = session.get_one(Segment, plain_number)
        gone.name, gone.fingerprint = "renamed", gone.fingerprint + 1

    plain_number = plain.read_now(rules.find, "vip").number
    plain.write_now(vanish)
    report = {one.name: one for one in refresh_all(plain, NOW).segments}
    assert report["ruled"].error == "it refers to the segment vip, which does not exist"
    assert (report["other"].error, report["renamed"].error) == (None, None)
    assert set(plain.read_now(segments_of, who)) == {"ruled", "other", "renamed"}
    with pytest.raises(RuleError, match="unknown segment `vip`"):
        plain.read_now(preview, "in segment vip", NOW, "en")
    with pytest.raises(RuleError, match="the segment `vip` does not exist any more"):
        plain.read_now(why, who, "ruled", NOW)
    assert {one.segment for one in plain.read_now(reach, NOW)} == {"other", "renamed"}
