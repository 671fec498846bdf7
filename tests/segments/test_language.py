"""The language: canonical spelling, sentences and errors, and that hostile texts are refused quickly."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from core.segments.catalogue import FIELDS, WELL_KNOWN, Known
from core.segments.errors import RuleError
from core.segments.language import MAX_LENGTH, parse
from core.segments.presets import shipped

PAGE = Path(__file__).parent.parent.parent / "docs" / "segment-language.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
KNOWN = Known(
    frozenset({"shoe_size"}),
    frozenset({"vip", "complained", "at_risk", "freelancers", "silent_14"}),
    frozenset({"новинки", "все о чае"}),
)
GRAMMAR = Path(__file__).parent.parent.parent / "core" / "segments" / "grammar.lark"


@pytest.mark.parametrize(("rule", "ru", "en"), ROW.findall(PAGE.read_text(encoding="utf-8")))
def test_every_form_on_the_page_is_spelled_and_read_aloud_as_the_page_says(
    rule: str, ru: str, en: str
) -> None:
    tree = parse(rule, KNOWN)
    assert tree.text() == rule
    assert tree.sentence("ru") == ru
    assert tree.sentence("en") == en


def test_the_page_shows_every_form_of_the_grammar() -> None:
    import lark

    forms = set(re.findall(r"-> (\w+)", GRAMMAR.read_text(encoding="utf-8")))
    shown: set[str] = set()
    parser = lark.Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr")
    for rule, _, _ in ROW.findall(PAGE.read_text(encoding="utf-8")):
        shown |= {str(tree.data) for tree in parser.parse(rule).iter_subtrees()}
    assert forms <= shown


def test_the_page_names_every_field() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"| `{name}` | {FIELDS[name].title('en')} |" not in page] == []
    shown = [f"| `{name}` | {one.titles[1]} | {one.filled_by[1]} |" for name, one in WELL_KNOWN.items()]
    assert [line for line in shown if line not in page] == []


@pytest.mark.parametrize(
    "rule",
    [
        "unanswered >= 5 and status = active",
        "last_seen more than 30 days ago",
        'finished series "sales" and purchases = 0',
        'quiz entry.role in (owner, wholesaler) and city = "Казань"',
        "event price_viewed at least 3 times within 14 days",
        'spent more than 10000 on "course" within 90 days',
        "birthday within next 7 days or renewal_at within next 90 days",
        "in segment vip and not in segment complained",
        "in segment at_risk for at least 14 days",
        "rfm in (champions, loyal) and health_group = key",
    ],
)
def test_rules_are_read_as_the_product_was_promised_to_read_them(rule: str) -> None:
    assert parse(rule, KNOWN).text() == re.sub(r'"(\w+)"', r"\1", rule)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Unanswered>=5 AND Status=Active", "unanswered >= 5 and status = active"),
        ("city = «Нижний Новгород»", 'city = "Нижний Новгород"'),
        ("city = “in”", 'city = "in"'),
        ("attr.city = Казань", "city = Казань"),
        ("shoe_size > 41.50", "attr.shoe_size > 41.5"),
        ("(tag a and tag b) and tag c", "tag a and tag b and tag c"),
        ("tag a or (tag b and tag c)", "tag a or tag b and tag c"),
        ("(tag a or tag b) and tag c", "(tag a or tag b) and tag c"),
        ("not (not tag a)", "not not tag a"),
        ("event bought at least 1 time within 2 weeks", "event bought within 2 weeks"),
        ("tag «Не  Звонить»", 'tag "не звонить"'),
        ("last_seen within 1 week", "last_seen within 1 week"),
        ("spent >= 10.10", "spent >= 10.1"),
        ("purchases = 0.0", "purchases = 0"),
        ("Birthday anniversary is today", "birthday is today"),
        ("rfm in (loyal, champions, Loyal)", "rfm in (loyal, champions)"),
        ("city in (Казань, москва, КАЗАНЬ)", "city in (Казань, москва)"),
        ("source in (vk, VK, vk)", "source in (vk, VK)"),
        ("purchases not in (1, 2, 1.0)", "purchases not in (1, 2)"),
        ("spent = -0", "spent = 0"),
        ("attr.anniversary anniversary is today", 'attr."anniversary" anniversary is today'),
    ],
)
def test_a_rule_has_one_canonical_spelling(written: str, canonical: str) -> None:
    tree = parse(written, KNOWN)
    assert tree.text() == canonical
    assert parse(canonical) == tree


@pytest.mark.parametrize(
    ("rule", "place", "sentence"),
    [
        ("purchase = 1", (1, 1), "unknown field `purchase`, did you mean `purchases`?"),
        ("shoe_siz = 1", (1, 1), "unknown field `shoe_siz`, did you mean `shoe_size`?"),
        ("tag a and\n  lastseen is known", (2, 3), "unknown field `lastseen`, did you mean `last_seen`?"),
        ("status = actve", (1, 10), "`status` is never `actve`, did you mean `active`?"),
        ("premium = maybe", (1, 11), "`premium` is never `maybe`; it is one of yes or no"),
        ("topic Новинка", (1, 7), "there is no topic `Новинка`, did you mean `новинки`?"),
        ("topic x", (1, 7), "there is no topic `x`; /topics shows all"),
        ("in segment vop", (1, 12), "unknown segment `vop`, did you mean `vip`?"),
        ("was in segment vop within 3 days", (1, 16), "unknown segment `vop`, did you mean `vip`?"),
        ("last_seen mor than 3 days ago", (1, 11), "`mor` cannot stand here, did you mean `more`?"),
        ("last_seen within 14 dais", (1, 21), "`dais` cannot stand here, did you mean `days`?"),
        ("tag a nd tag b", (1, 7), "`nd` cannot stand here, did you mean `and`?"),
        (
            "city = Нижний Новгород",
            (1, 15),
            "`Новгород` cannot stand here; put a text of several words in quotes, or join conditions",
        ),
        ('tag a or\ncity = "К\udc80"', (2, 10), "this character cannot be kept"),
        ('tag "a\x00"', (1, 7), "this character cannot be kept"),
        ('city = "Каз', (1, 8), "this quotation is never closed"),
        ("", (1, 1), "the rule ends too early; what may follow: (, a word, answered, attr, clicked, event"),
        ("unanswered >=", (1, 14), 'the rule ends too early; what may follow: a "text", a date'),
        ("unanswered >= five", (1, 15), "`unanswered` is a number; write digits"),
        ("unanswered >= 9999999999999", (1, 15), "this number is too large"),
        ("unanswered >= " + "9" * 30, (1, 15), "this number is too long"),
        ("unanswered more than 3 days ago", (1, 1), "`unanswered` is a number, it has no date"),
        ("quiz a.b within 3 days", (1, 1), "`quiz a.b` carries no date"),
        ("joined > 5", (1, 10), "`joined` is a date; write e.g. 2026-01-31, or `within 14 days`"),
        ("joined = 2026-02-31", (1, 10), "there is no day 2026-02-31"),
        ("source > vk", (1, 10), "`source` is a text; compare it with =, != or in"),
        ("city > Казань", (1, 8), "`>` needs a number or a date"),
        ("quiz a.b = 2026-01-01", (1, 12), "an answer is a text or a number; put a text in quotes"),
        ("spent more than 1.555 within 3 days", (1, 17), "an amount has at most two digits after the point"),
        ("joined within 5 minutes", (1, 17), "`minutes` cannot stand here; what may stand here: hours, d"),
        ("not in segment vip for at least 5 m", (1, 35), "`m` cannot stand here; what may stand here: h"),
        ("joined within 5 days or purchased within 5", (1, 43), "the rule ends too early; what may follow: "),
        ("birthday within next 5 minutes", (1, 24), "`minutes` cannot stand here; what may stand here: days"),
        ('tag ""', (1, 5), "a name is missing between these quotes"),
        ("tag a and event « » within 3 days", (1, 17), "a name is missing between these quotes"),
        ('finished series ""', (1, 17), "a name is missing between these quotes"),
        ('attr."" is known', (1, 6), "a name is missing between these quotes"),
        ('spent more than 5 on "" within 3 days', (1, 22), "a name is missing between these quotes"),
        ("spent less than 0 within 3 days", (1, 17), "the amount should be above zero"),
        ("purchased within 3 hours", (1, 18), "events are counted by whole days; write days or weeks"),
        ("event a at least 0 times", (1, 18), "this should be a whole number from 1 to 1000000"),
        ("last_seen within 0 days", (1, 18), "this should be a whole number of at least 1"),
        ("last_seen within 40000 days", (1, 18), "a span is at most 36500 days"),
        ("birthday within 7 days", (1, 17), "it comes every year; write `birthday within next 7 days`"),
        ("birthday within next 365 days", (1, 22), "it comes every year; write at most 364 days"),
        ("joined within next 3 hours", (1, 20), "what is ahead is counted by whole days"),
        ("spent anniversary is today", (1, 1), "`spent` is an amount in the base currency, it has no date"),
        ("event segment_left", (1, 7), "ask for segments by `in segment name for at least 14 days`"),
        ("tag a; drop table subscribers", (1, 6), "`;` cannot stand here"),
        ("not " * 50 + "tag a", (1, 85), "conditions may stand 20 deep, not deeper"),
        ("tag a" + " or tag a" * 100, (1, 901), "a rule has at most 100 conditions"),
        (" or ".join(["joined anniversary is today"] * 11), (1, 311), "a rule has at most 10 anniversaries"),
        (" or ".join(["age in (" + ",".join(map(str, range(120))) + ")"] * 8), (1, 1), "a rule has at"),
        ("city in (" + ", ".join(["a"] * 201) + ")", (1, 1), "a list has at most 200 values"),
        ("x" * (MAX_LENGTH + 1), (1, 1), "a rule has at most 4000 characters, this one has 4001"),
    ],
)  # fmt: skip
def test_an_error_names_its_place_and_the_remedy(rule: str, place: tuple[int, int], sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(rule, KNOWN)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.problem.startswith(sentence)
    assert str(caught.value).startswith(f"line {place[0]}, column {place[1]}: ")


@pytest.mark.parametrize(
    "text",
    ["(" * MAX_LENGTH, "not " * 1000, "(not " * 800, '"' * MAX_LENGTH, "tag a or " * 444, "((tag a or " * 363,
     "1" * MAX_LENGTH, "city in (" + "1," * 1995, "«" * MAX_LENGTH, 'tag "' + "\\" * 3901 + '"'],
)  # fmt: skip
def test_hostile_text_is_refused_quickly(text: str) -> None:
    parse("tag warm")
    begun = time.process_time()
    with pytest.raises(RuleError):
        parse(text, KNOWN)
    assert time.process_time() - begun < 1


def test_shipped_rules_stand_in_their_canonical_spelling() -> None:
    for preset in shipped():
        assert parse(preset.rule, KNOWN).text() == preset.rule
