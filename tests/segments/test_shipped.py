"""Every shipped segment in one base: it finds the person made for it, and not his neighbour.

`python -m tests.segments.test_shipped` writes docs/shipped-segments.md anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.people import activity, topics
from core.segments import presets, rules
from core.segments.catalogue import Known
from core.segments.language import parse
from core.segments.presets import OWN, Preset
from core.segments.presets.parameters import Parameter
from core.segments.refresh import refresh_all
from tests.conftest import fresh_database
from tests.oracle import Person
from tests.segments.members import segments_of
from tests.segments.people import NOW, store

PAGE = Path(__file__).parents[2] / "docs" / "shipped-segments.md"
DAY = timedelta(days=1)
BOUGHT = {"purchases": [(NOW - 5 * DAY, 100)]}
OLD = [(NOW - 400 * DAY, 100)] * 3
Facts = dict[str, Any]


def answer(quiz: str, question: str, value: str | float) -> Facts:
    return {"answers": {(quiz, question): [value]}}


def attribute(key: str, value: Any) -> Facts:
    return {"attributes": {key: value}}


def scored(score: str, value: Any, **more: Any) -> Facts:
    return BOUGHT | {"scores": {score: value, **more}}


def silent(days: int, **more: Any) -> Facts:
    return {"last_seen_at": NOW - days * DAY - timedelta(hours=1), **more}


# name of the preset → facts of a person it finds, facts of his neighbour whom it does not
MADE: dict[str, tuple[Facts, Facts]] = {
    **{
        name: (answer("entry", "role", said), answer("entry", "role", "other"))
        for name, said in (
            ("starting", "starting"), ("owners", "owner"), ("managers", "manager"),
            ("freelancers", "freelancer"), ("wholesalers", "wholesaler"),
        )
    },
    **{
        name: (scored("lifecycle", state), scored("lifecycle", "other"))
        for name, state in (
            ("new_customers", "new"), ("active_customers", "active"), ("at_risk", "at_risk"),
            ("vip", "vip"), ("lapsed", "lapsed"),
        )
    },
    "was_vip": (
        {"purchases": OLD, "scores": {"lifecycle": "lapsed", "rfm_m": 5}},
        {"purchases": OLD[:2], "scores": {"lifecycle": "lapsed", "rfm_m": 5}},
    ),
    "churn_stretched": (scored("churn", "stretched"), scored("churn", "calm")),
    "churn_overdue": (scored("churn", "overdue"), scored("churn", "stretched")),
    "silent_14": (silent(14), silent(13)),
    "silent_30": (silent(30), silent(29)),
    "silent_90": (silent(90), silent(90, status="blocked")),
    "unanswered_3": ({"unanswered": 3}, {"unanswered": 2}),
    "unanswered_5": ({"unanswered": 5}, {"unanswered": 4}),
    "unanswered_10": ({"unanswered": 10}, {"unanswered": 10, "status": "stopped"}),
    "no_purchase": ({}, BOUGHT),
    "buyers": (BOUGHT, {}),
    "finished_series": (
        {"reactions": [("finished", "selling", NOW - DAY)], "last_seen_at": NOW - DAY},
        {"reactions": [("finished", "other", NOW - DAY)], "last_seen_at": NOW - DAY},
    ),
    "next_purchase_soon": (scored("next_purchase", NOW + 14 * DAY), scored("next_purchase", NOW + 15 * DAY)),
    "repeat_buyers": ({"purchases": OLD[:2]}, BOUGHT),
    **{
        f"rfm_{cell}": (scored("rfm", cell), scored("rfm", "other"))
        for cell in (
            "champions", "loyal", "potential_loyalists", "new", "promising", "need_attention",
            "about_to_sleep", "at_risk", "cant_lose", "hibernating",
        )
    },
    "health_key": (scored("health_group", "key"), scored("health_group", "low_potential")),
    "health_high": (scored("health_group", "high_potential"), scored("health_group", "key")),
    "health_low": (scored("health_group", "low_potential"), scored("health_group", "at_risk")),
    "health_at_risk": (scored("health_group", "at_risk", health=40), scored("health_group", "at_risk")),
    "health_unverified": (scored("health_group", "at_risk"), scored("health_group", "at_risk", health=40)),
    "hot_leads": ({"scores": {"lead_group": "hot"}}, {"scores": {"lead_group": "warm"}}),
    "warm_leads": ({"scores": {"lead_group": "warm"}}, {"scores": {"lead_group": "cold"}}),
    "cold_leads": ({"scores": {"lead_group": "cold"}}, {}),
    "newcomers": ({"joined_at": NOW - 6 * DAY}, {"joined_at": NOW - 8 * DAY}),
    "onboarding": ({"purchases": [(NOW - 29 * DAY, 1)]}, {"purchases": [(NOW - 31 * DAY, 1)]}),
    "milestone_missed": (
        {"joined_at": NOW - 8 * DAY},
        {"joined_at": NOW - 8 * DAY, "events": [("quiz_finished", NOW - DAY)]},
    ),
    "birthday_week": (attribute("birthday", date(1990, 3, 9)), attribute("birthday", date(1990, 3, 10))),
    "purchase_anniversary": (
        {"purchases": [(datetime(2024, 3, 9, 9, tzinfo=UTC), 1)]},
        {"purchases": [(datetime(2026, 3, 1, 9, tzinfo=UTC), 1)]},
    ),
    "renewal_soon": (
        attribute("renewal_at", (NOW + 90 * DAY).date()), attribute("renewal_at", (NOW + 91 * DAY).date())
    ),
    "renewal_overdue": (
        attribute("renewal_at", (NOW - 2 * DAY).date()), attribute("renewal_at", NOW.date())
    ),
    "women": (attribute("gender", "female"), attribute("gender", "male")),
    "men": (attribute("gender", "male"), {}),
    "gender_unknown": ({}, attribute("gender", "female")),
    "age_under_25": (attribute("age", 24), attribute("age", 25)),
    "age_25_34": (attribute("age", 34), attribute("age", 35)),
    "age_35_44": (attribute("age", 35), attribute("age", 34)),
    "age_45_54": (attribute("birthday", date(1980, 1, 1)), attribute("birthday", date(1960, 1, 1))),
    "age_55": (attribute("age", 55), attribute("age", 54)),
    "age_between": (attribute("age", 18), attribute("age", 31)),
    "live_alone": (attribute("family", "alone"), attribute("family", "parents")),
    "couples": (attribute("family", "couple"), attribute("family", "alone")),
    "families": (attribute("family", "family"), attribute("family", "couple")),
    "no_children": (attribute("children", "none"), {}),
    "small_children": (attribute("children", "little"), attribute("children", "school_age")),
    "school_children": (attribute("children", "school_age"), attribute("children", "grown")),
    "income_tight": (attribute("income", "tight"), attribute("income", "enough")),
    "income_middle": (attribute("income", "enough"), attribute("income", "free")),
    "income_high": (attribute("income", "comfortable"), attribute("income", "enough")),
    "company_solo": (attribute("company_size", "solo"), attribute("company_size", "micro")),
    "company_small": (attribute("company_size", "micro"), attribute("company_size", "medium")),
    "company_medium": (attribute("company_size", "medium"), attribute("company_size", "large")),
    "company_large": (attribute("company_size", "large"), {}),
    "industry": (attribute("industry", "retail"), attribute("industry", "it")),
    "company_cell": (
        {"attributes": {"company_size": "small", "industry": "it"}},
        {"attributes": {"company_size": "large", "industry": "it"}},
    ),
    "region": (attribute("region", "татарстан"), attribute("region", "Москва")),
    "city": (attribute("city", "Казань"), attribute("city", "Москва")),
    "climate": (attribute("climate", "continental"), attribute("climate", "tropical")),
    "no_place": ({}, attribute("city", "Казань")),
    "planners": (answer("psychographic", "result", "planner"), answer("psychographic", "result", "host")),
    "explorers": (answer("psychographic", "result", "explorer"), answer("psychographic", "result", "host")),
    "keepers": (answer("psychographic", "result", "keeper"), answer("psychographic", "result", "host")),
    "hosts": (answer("psychographic", "result", "host"), answer("entry", "result", "host")),
    "interest": ({"tags": {"interest:спорт"}}, {"tags": {"спорт"}}),
    "tagged": ({"tags": {"wants_call"}}, {"tags": {"beta"}}),
    "topic": ({}, {"left": {"Новинки"}}),
    "left_topic": ({"left": {"Новинки"}}, {"left": {"Новинки"}, "status": "stopped"}),
    "platform": (attribute("platform", "ios"), attribute("platform", "android")),
    "english": ({"language": "en"}, {}),
    "premium": ({"is_premium": True}, {}),
    "source": ({"source": "vk"}, {"source": "vk2"}),
    "referred": ({"events": [("came_by_invitation", NOW)]}, {"source": "ref_abcdefgh"}),
    "referrers": ({"brought": [NOW]}, {"events": [("came_by_invitation", NOW)]}),
    "complainers": (
        {"events": [("complained", NOW - 29 * DAY)]}, {"events": [("complained", NOW - 31 * DAY)]}
    ),
    "beta_testers": ({"tags": {"beta"}}, {"tags": {"alpha"}}),
    "promoters": (answer("nps", "recommend", 9), answer("nps", "recommend", 8)),
    "detractors": (answer("nps", "recommend", 6), answer("nps", "recommend", 7)),
    "readers": ({}, {"events": [("quiz_finished", NOW)]}),
    "prospects": ({"events": [("quiz_finished", NOW)]}, BOUGHT),
    "customers": (scored("lifecycle", "at_risk"), scored("lifecycle", "lapsed")),
    "former_customers": (scored("lifecycle", "lapsed"), scored("lifecycle", "at_risk")),
    "unsegmented": (silent(3), answer("entry", "role", "owner")),
    "blocked": ({"status": "blocked"}, {"status": "stopped"}),
    "no_data_consent": ({}, {"data_consent_at": NOW}),
    "no_advertising": ({}, {"advertising_consent_at": NOW}),
    "silent_freelancers": (
        silent(14) | answer("entry", "role", "freelancer"), answer("entry", "role", "freelancer")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def stays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[set[str], set[str]]]]:
    """Everything that ships is in force; of each preset the person made for it and his neighbour."""
    from zoneinfo import ZoneInfo

    from core.migrate import upgrade
    from core.tick import touched

    activity.use_zone(ZoneInfo("Europe/Moscow"))
    with fresh_database(tmp_path_factory.mktemp("shipped")) as url:
        db = Database(url, on_touched=touched)
        upgrade(db)
        made = db.write_now(_all_in_force)
        who = {
            name: tuple(db.write_now(store, Person(**facts)) for facts in both) for name, both in MADE.items()
        }
        refresh_all(db, NOW)
        yield {
            name: tuple({made.get(one, one) for one in db.read_now(segments_of, person)} for person in both)  # type: ignore[misc]
            for name, both in who.items()
        }
        db.close_now()


def _all_in_force(session: Session) -> dict[str, str]:
    topics.add(session, "Новинки", "topic Новинки", NOW)
    presets.install(session, NOW)
    made = {}
    for one in presets.shipped():
        done = presets.turn_on(session, one.name, one.examples, NOW)
        made[done.name] = one.name
    return made


def test_a_person_is_made_for_every_shipped_segment() -> None:
    assert set(MADE) == {one.name for one in presets.shipped()}


@pytest.mark.parametrize("name", MADE)
def test_a_shipped_segment_finds_the_person_made_for_it_and_not_his_neighbour(
    stays: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    found, left = stays[name]
    assert name in found
    assert name not in left


@pytest.mark.parametrize("preset", presets.shipped(), ids=lambda one: one.name)
def test_a_shipped_segment_is_spelled_canonically_and_says_what_it_is_good_for(preset: Preset) -> None:
    names = frozenset(one.name for one in presets.shipped())
    assert parse(preset.rule, Known(frozenset(), names, frozenset({"новинки"}))).text() == preset.rule
    for language in ("ru", "en"):
        title, use = preset.title(language, preset.examples), preset.use(language, preset.examples)  # type: ignore[arg-type]
        assert len(title) <= 64
        assert not {"{", "}", "…"} & {*title, *use}
        assert use.endswith(".")
        assert 15 <= len(use) <= 120
    for one in preset.parameters:
        assert not one.is_number or one.least <= int(preset.examples[one.name]) <= one.most
        assert one.title("ru") != one.title("en")
        assert preset.examples[one.name] != ""


def test_what_ships_in_force_asks_only_for_what_is_in_force() -> None:
    in_force = {one.name for one in presets.shipped() if one.enabled}
    for one in presets.shipped():
        if one.enabled:
            asked = rules.references(parse(one.rule))
            assert asked <= in_force, one.name
    assert OWN not in {family.name for family in presets.families()}


# -- the page -----------------------------------------------------------------------------------------


def page() -> str:
    """Return docs/shipped-segments.md as presets.yaml says it."""
    parts = [HEAD.format(count=len(presets.shipped()), on=sum(one.enabled for one in presets.shipped()))]
    for family in presets.families():
        own = [one for one in presets.shipped() if one.family == family.name]
        parts.append(f"## {family.ru} / {family.en} (`{family.name}`)")
        parts.append("\n".join([*TABLE, *(_row(one) for one in own)]))
    return "\n\n".join(parts) + "\n"


HEAD = """# The segments that ship

{count} segments, {on} of them in force from the first start. The others wait in `/segments` under «Ещё готовые
сегменты», or for `kvizor segment on NAME`. A parameter is set with `kvizor segment set NAME days=21`, or on the card
under «Настроить»; `kvizor segment another NAME …` makes one more of a kind. What an owner sets and switches survives
new versions. Each has a test with a person it finds and a neighbour it does not. This page is written by
`python -m tests.segments.test_shipped` out of `core/segments/presets.yaml`; how rules are read:
[segment-language.md](segment-language.md)."""  # noqa: E501
TABLE = ("| segment | по-русски | in English | rule | parameters | on |", "|---|---|---|---|---|---|")


def _row(one: Preset) -> str:
    cells = (
        f"`{one.name}`",
        _told(one, "ru"),
        _told(one, "en"),
        "active people in no meaningful segment in force" if one.is_generated else f"`{one.pattern}`",
        "; ".join(_parameter(each) for each in one.parameters),
        "yes" if one.enabled else "",
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _told(one: Preset, language: str) -> str:
    title, use = one.title(language, one.examples), one.use(language, one.examples)  # type: ignore[arg-type]
    return f"**{title}**<br>{use}"


def _parameter(one: Parameter) -> str:
    if one.is_number:
        return f"`{one.name}` {one.default} {one.unit}, {one.least} to {one.most}"
    default = f" {one.default}" if one.default else " to be chosen"
    return f"`{one.name}`{default}, of the base: {one.source.replace(':', ' ')}"


def test_the_page_is_the_file() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
