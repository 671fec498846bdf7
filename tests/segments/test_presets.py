"""The segments that ship, as rows of a base: installed, brought up to date, switched, set, made once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.segments import presets, rules
from core.segments.errors import SegmentError
from core.segments.models import SegmentRule
from core.segments.presets import Preset, file
from core.segments.presets.parameters import Parameter
from core.segments.refresh import refresh_all
from core.settings import Settings
from tests.oracle import Person
from tests.segments.people import NOW, store
from tests.ticking import tick

DAY = timedelta(days=1)
IN_FORCE = sum(preset.enabled for preset in presets.shipped())
DAYS = Parameter("days", 14, 1, 60, 7, "days")


def ship(monkeypatch: pytest.MonkeyPatch, *only: Preset) -> None:
    monkeypatch.setattr(file, "shipped", lambda: only)


def versions(db: Database) -> int:
    return db.read_now(lambda s: s.scalar(select(func.count()).select_from(SegmentRule))) or 0


def silent(default: int = 14, most: int = 60, **more: Any) -> Preset:
    days = Parameter("days", default, 1, most, 7, "days")
    rule = "last_seen more than {days} days ago"
    return Preset(
        "silent_14", "silence", "Молчат {days}", "Silent {days}", rule, "", "", (days,), True, **more
    )


def test_installing_twice_changes_nothing(db: Database) -> None:
    assert db.write_now(presets.install, NOW) == IN_FORCE
    assert db.write_now(presets.install, NOW + DAY) == 0
    assert versions(db) == IN_FORCE
    assert db.read_now(presets.is_covered)


def test_few_ship_in_force_so_that_a_block_of_masks_has_room_for_the_owners_own() -> None:
    assert IN_FORCE <= 54
    assert len(presets.shipped()) >= 100


def test_installing_again_leaves_what_the_owner_switched_off_or_took_over(db: Database) -> None:
    db.write_now(presets.define, "buyers", "purchases >= 2", ("Мои", "Mine"), NOW)
    db.write_now(presets.install, NOW)
    db.write_now(presets.turn_off, "silent_90", NOW)
    assert db.write_now(presets.install, NOW) == 0
    assert db.read_now(rules.find, "buyers").rule == "purchases >= 2"
    assert not db.read_now(rules.find, "silent_90").enabled


def test_a_new_version_of_a_shipped_rule_is_installed_and_the_old_one_kept(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(presets.install, NOW)
    newer = Preset("buyers", "money", "Покупатели", "Buyers", "purchases >= 2", enabled=True)
    ship(monkeypatch, *(newer if one.name == "buyers" else one for one in presets.shipped()))
    assert db.write_now(presets.install, NOW + DAY) == 1
    kept = select(SegmentRule.rule, SegmentRule.since).order_by(SegmentRule.id.desc()).limit(1)
    assert db.read_now(lambda s: s.execute(kept).one()) == ("purchases >= 2", NOW + DAY)


def test_a_version_of_the_file_with_many_new_rules_looks_at_all_segments_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(presets.install, NOW)
    changed = {
        one.name: Preset(one.name, one.family, one.ru, one.en, f"unanswered >= {place}", enabled=True)
        for place, one in enumerate(presets.shipped(), 100)
        if one.enabled and not one.is_generated
    }
    ship(monkeypatch, *(changed.get(one.name, one) for one in presets.shipped()))
    looked = list[int]()
    ranks = rules.ranks
    monkeypatch.setattr(rules, "ranks", lambda referred: looked.append(len(referred)) or ranks(referred))
    assert db.write_now(presets.install, NOW + DAY) >= len(changed)
    assert len(looked) <= 2  # for the rules, and for coverage
    found = {one.name: one.rule for one in db.read_now(rules.all_segments)}
    assert all(found[name] == one.rule for name, one in changed.items())


def test_the_owners_value_survives_a_new_version_of_the_file(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, silent())
    db.write_now(presets.install, NOW)
    db.write_now(presets.set_values, "silent_14", {"days": "21"}, NOW)
    ship(monkeypatch, silent(default=10))
    assert db.write_now(presets.install, NOW) == 0
    assert db.read_now(rules.find, "silent_14").title_ru == "Молчат 21"
    ship(monkeypatch, silent(default=10, most=20))
    assert db.write_now(presets.install, NOW) == 1
    assert db.read_now(rules.find, "silent_14").rule == "last_seen more than 20 days ago"


def test_what_ships_no_more_is_switched_off_or_becomes_the_owners_if_his_own_ask_for_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Preset("old", "money", "Старый", "Old", "purchases = 7", enabled=True)
    asked = Preset("asked", "money", "Нужный", "Asked", "purchases = 8", enabled=True)
    ship(monkeypatch, silent(), old, asked)
    db.write_now(presets.install, NOW)
    db.write_now(presets.define, "mine", "in segment asked and premium = yes", ("Мой", "Mine"), NOW)
    ship(monkeypatch, silent())
    assert db.write_now(presets.install, NOW) == 2
    assert db.write_now(presets.install, NOW) == 0
    found = {one.name: (one.enabled, one.is_preset) for one in db.read_now(rules.all_segments, disabled=True)}
    assert found["old"] == (False, True)
    assert found["asked"] == (True, False)
    assert versions(db) == 4


def test_a_segment_that_waits_is_put_in_force_with_those_its_rule_asks_for(db: Database) -> None:
    db.write_now(presets.install, NOW)
    db.write_now(presets.turn_off, "silent_freelancers", NOW)
    db.write_now(presets.turn_off, "freelancers", NOW)
    done = db.write_now(presets.turn_on, "silent_freelancers", {}, NOW)
    assert done.enabled
    assert db.read_now(presets.offer, "freelancers").enabled
    assert db.write_now(presets.turn_on, "rfm_new", {}, NOW).number == IN_FORCE + 1


def test_one_that_another_asks_for_stays_on(db: Database) -> None:
    db.write_now(presets.install, NOW)
    with pytest.raises(SegmentError, match="is used by `silent_freelancers`"):
        db.write_now(presets.turn_off, "freelancers", NOW)


def test_several_of_a_kind_are_made_with_other_values_and_never_two_alike(db: Database) -> None:
    db.write_now(presets.install, NOW)
    made = [
        db.write_now(presets.another, "source", {"source": word}, NOW) for word in ("vk", "Яндекс Директ")
    ]
    assert [one.name for one in made] == ["source_vk", "source_яндекс_директ"]
    assert [one.rule for one in made] == ["source = vk", 'source = "Яндекс Директ"']
    assert db.read_now(rules.find, "source_vk").title_ru == "Источник «vk»"
    with pytest.raises(SegmentError, match="is the same"):
        db.write_now(presets.another, "source", {"source": "vk"}, NOW)
    assert db.write_now(presets.another, "silent_14", {"days": 60}, NOW).name == "silent_14_60"
    assert db.write_now(presets.install, NOW) == 0
    db.write_now(presets.turn_off, "source_vk", NOW)
    assert db.write_now(presets.another, "source", {"source": "vk"}, NOW).name == "source_vk"
    shown = [one.name for one in db.read_now(presets.offers) if one.preset.name == "source"]
    assert shown == ["source_vk", "source_яндекс_директ", "source"]


REFUSED: list[tuple[str, dict[str, object], str]] = [
    ("silent_14", {"days": "x"}, "`silent_14`, days: `x` is no whole number; give 1 to 3650, e.g. days=14."),
    ("silent_14", {"days": "0"}, "`silent_14`, days: 0 is outside 1 to 3650."),
    ("silent_14", {"days": 10**12}, "is no whole number"),
    ("silent_14", {"dais": "3"}, "`silent_14` has no parameter `dais`, did you mean `days`?"),
    ("owners", {"days": "3"}, "its parameters: it has none"),
    ("finished_series", {"series": ""}, "`finished_series`, series: give a word of 1 to 64 characters."),
    ("finished_series", {"series": "x" * 65}, "give a word"),
    ("age_between", {"from": "40"}, "from=40 is more than to=30; swap them"),
    (
        "region",
        {},
        "`region` needs a value for region, e.g. `kvizor segment another region region=Татарстан`",
    ),
    ("silent_1", {}, "no segment `silent_1` ships, did you mean `silent_14`?"),
    ("mine", {}, "`mine` is your own segment and none that ships"),
]


def test_a_value_that_does_not_fit_is_answered_with_the_place_and_the_remedy(db: Database) -> None:
    db.write_now(presets.install, NOW)
    db.write_now(presets.define, "mine", "premium = yes", ("Мой", "Mine"), NOW)
    for name, values, message in REFUSED:
        with pytest.raises(SegmentError) as caught:
            db.write_now(presets.set_values, name, values, NOW)
        assert message in str(caught.value)
    assert versions(db) == IN_FORCE + 1


def test_a_word_of_the_owner_stands_in_the_rule_as_a_word_whatever_it_says(db: Database) -> None:
    words = ('a"b', "и не", "x) or (purchases = 0", "\\", "tag", "'; drop table", "é")
    made = [db.write_now(presets.another, "source", {"source": word}, NOW) for word in words]
    for word in (*words, "vk"):
        db.write_now(store, Person(source=word))
    refresh_all(db, NOW)
    assert [db.read_now(presets.offer, one.name).size for one in made] == [1] * len(words)


def test_the_choices_of_a_word_are_those_of_the_base_the_commonest_first(db: Database) -> None:
    def of(name: str, parameter: str) -> Sequence[str]:
        found = presets.kind(name)
        assert found is not None
        return db.read_now(presets.choices, next(one for one in found.parameters if one.name == parameter))

    for source in ("vk", "ads", "ads", "ref_abcdefgh", None):
        db.write_now(store, Person(source=source))
    person = Person(tags={"interest:спорт", "beta"}, attributes={"interest": "Книги", "region": "Татарстан"})
    person.events = [("price_viewed", NOW)]
    db.write_now(store, person)
    assert of("source", "source") == ("ads", "vk")
    assert of("interest", "interest") == ("спорт", "Книги")
    assert of("region", "region") == ("Татарстан",)
    assert of("industry", "industry") == ()
    assert of("milestone_missed", "event") == ("price_viewed", "quiz_finished")
    assert of("finished_series", "series") == ("selling",)
    assert of("silent_14", "days") == ()


def test_coverage_follows_the_meaningful_segments_in_force_and_counts_who_is_in_none(db: Database) -> None:
    db.write_now(presets.install, NOW)
    assert db.read_now(presets.coverage) is None or db.read_now(presets.coverage).uncovered == 0  # type: ignore[union-attr]
    db.write_now(presets.define, "mine", "premium = yes", ("Мой", "Mine"), NOW)
    above = "in segment unsegmented and language = en"
    db.write_now(presets.define, "above", above, ("Над ним", "Above"), NOW)
    db.write_now(presets.define, "unsegmented_vip", "premium = yes", ("Похожий", "Alike"), NOW)
    db.write_now(presets.define, "beside", "in segment unsegmented_vip", ("Рядом", "Beside"), NOW)
    assert not db.read_now(presets.is_covered)
    assert db.write_now(presets.cover, NOW)
    assert db.read_now(presets.is_covered)
    rule = db.read_now(rules.find, "unsegmented").rule
    assert "in segment mine" in rule
    assert "above" not in rule
    assert "in segment beside" in rule  # whoever asks for a longer name does not ask for this one
    people = [{"is_premium": True}, {"answers": {("entry", "role"): ["owner"]}}, {}, {"status": "blocked"}]
    for facts in people:
        db.write_now(store, Person(**facts))  # type: ignore[arg-type]
    refresh_all(db, NOW)
    found = db.read_now(presets.coverage)
    assert found is not None
    assert (found.active, found.uncovered, round(found.share, 2)) == (3, 1, 0.33)
    db.write_now(presets.turn_off, "owners", NOW)
    refresh_all(db, NOW)
    assert db.read_now(presets.coverage).uncovered == 2  # type: ignore[union-attr]


def test_a_name_that_cannot_stand_in_a_rule_is_refused(db: Database) -> None:
    for name in ("", "two words", "1st", "x" * 65, 'a"b'):
        with pytest.raises(SegmentError, match="a segment's name is a letter"):
            db.write_now(rules.define, name, "tag a", ("", ""), NOW)


def test_a_segment_nobody_defined_is_answered_with_the_nearest_one(db: Database) -> None:
    db.write_now(presets.install, NOW)
    with pytest.raises(SegmentError, match="did you mean `buyers`"):
        db.read_now(rules.find, "buyer")


def test_the_tick_lets_coverage_follow_what_the_owner_makes(db: Database) -> None:
    db.write_now(presets.install, NOW)
    db.write_now(presets.define, "mine", "premium = yes", ("Мой", "Mine"), NOW)
    tick(db, NOW, Settings(_env_file=None))  # type: ignore[call-arg]
    assert "in segment mine" in db.read_now(rules.find, "unsegmented").rule
