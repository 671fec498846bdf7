"""People of the oracle made real: their facts in the database under test, and rules drawn for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.models import metadata
from core.people import activity, attributes, topics
from core.people.models import Profile, Subscriber
from core.people.text import fold
from core.quizzes.models import Answer, QuizRun, QuizVersion
from core.sales.models import Purchase
from core.segments.scores.models import Score
from tests.oracle import MARKS, Person, Rule, Walk

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # noon in Moscow
TEXTS = ["Казань", "казань ", "Орёл", "орел", "vip", "18", "not", 'a"b']
STATUSES = ["active", "stopped", "known", "unreachable", "blocked", "deactivated", "erased"]
TOPICS = ["Новинки", "Всё о чае"]
KINDS = ["price_viewed", "tapped"]
ACTS = ["finished", "clicked", "answered"]
FACTS = {
    "finished": ("series_finished", "series"),
    "clicked": ("message_clicked", "campaign"),
    "answered": ("letter_answered", "campaign"),
}
ROWS = ["attr.city", "attr.age", "quiz entry.role", "quiz entry.goal"]
MOMENTS = ["joined", "last_seen", "first_purchase", "last_purchase", "next_purchase"]
NUMBERS = ["unanswered", "letters", "purchases", "spent", "age", "referrals", "rfm_r", "rfm_f", "rfm_m"]
NUMBERS += ["health", "engagement", "lead", "interval", "clv"]
WORDS = {
    "status": STATUSES,
    "language": ["ru", "en"],
    "base_kind": ["reader", "prospect", "customer", "former"],
    "funnel_stage": ["came", "agreed", "quiz_started", "quiz_finished", "buyer", "repeat"],
    "rfm": ["champions", "loyal", "hibernating"],
    "lifecycle": ["prospect", "lapsed", "at_risk", "vip", "new", "active"],
    "health_group": ["at_risk", "low_potential", "high_potential", "key"],
    "lead_group": ["cold", "warm", "hot"],
    "churn": ["calm", "stretched", "overdue"],
}
STORED = {"interval": "interval_days", "next_purchase": "next_purchase_at"}  # score → its column
SIGNS = ["=", "!=", "<", "<=", ">", ">="]


def moments() -> st.SearchStrategy[datetime]:
    """Moments on, just before and just after the cut-offs, and around local midnights."""
    days = st.sampled_from([0, 1, 7, 13, 14, 15, 30, 31, 90, 400, -1, -7, -40])  # some are ahead
    shift = st.sampled_from(
        [0, 1, -1, 3600, 12 * 3600 - 1, 12 * 3600, 12 * 3600 + 1, -12 * 3600, -12 * 3600 - 1]
    )
    return st.builds(lambda d, s: NOW - timedelta(days=d, seconds=s), days, shift)


def maybe(strategy: st.SearchStrategy[datetime]) -> st.SearchStrategy[datetime | None]:
    return st.none() | strategy


def days_of_year() -> st.SearchStrategy[date]:
    """Days around the ends of the year, of February and of the spans that rules ask for."""
    month_days = [
        (12, 31),
        (1, 1),
        (2, 27),
        (2, 28),
        (2, 29),
        (3, 1),
        (3, 2),
        (3, 3),
        (3, 9),
        (3, 10),
        (4, 1),
    ]
    years = st.sampled_from([1960, 1996, 2024, 2025, 2026, 2027, 2028])
    drawn = st.tuples(years, st.sampled_from(month_days))
    return drawn.filter(lambda d: d[1] != (2, 29) or d[0] % 4 == 0).map(lambda d: date(d[0], *d[1]))


def one_of(words: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


walks = st.builds(
    Walk,
    quiz=st.sampled_from(["entry", "nps"]),
    started_at=moments(),
    finished_at=maybe(moments()),
    result=st.sampled_from([None, "owner", "starting"]),
    is_trial=st.booleans(),
)
percents = st.sampled_from([0, 49, 50, 75, 100])
fifths = st.integers(1, 5)
scores = st.fixed_dictionaries(
    {},
    optional={
        **{name: one_of(words) for name, words in list(WORDS.items())[4:]},
        **dict.fromkeys(("rfm_r", "rfm_f", "rfm_m"), fifths),
        **dict.fromkeys(("health", "engagement", "lead"), percents),
        "interval": st.sampled_from([1, 14, 30.5]),
        "next_purchase": moments(),
        "clv": st.sampled_from([0, 50_000, 100_001]),
    },
)
values = st.sampled_from([*TEXTS]) | st.sampled_from([18, 17.5, 3])
people = st.builds(
    Person,
    status=st.sampled_from(STATUSES),
    source=st.sampled_from([None, "vk", "ads-1"]),
    language=st.sampled_from(["ru", "en"]),
    is_premium=st.booleans(),
    joined_at=maybe(moments()),
    last_seen_at=maybe(moments()),
    blocked_at=maybe(moments()),
    opted_out_at=maybe(moments()),
    data_consent_at=maybe(moments()),
    advertising_consent_at=maybe(moments()),
    unanswered=st.integers(0, 6),
    letters=st.integers(0, 30),
    purchases=st.lists(
        st.tuples(moments(), st.sampled_from([None, 0, -50_000, 1, 99, 100, 50_000, 100_001])), max_size=3
    ),
    goods=st.lists(
        st.tuples(st.sampled_from(["course", "кружка", ""]), st.sampled_from(["course", "посуда"])),
        max_size=3,
    ),
    attributes=st.dictionaries(
        st.sampled_from(["city", "age", "birthday"]), values | moments() | days_of_year(), max_size=3
    ),
    answers=st.dictionaries(
        st.sampled_from([("entry", "role"), ("entry", "goal")]),
        st.lists(values, min_size=1, max_size=2, unique_by=lambda v: fold(str(v))),
        max_size=2,
    ),
    tags=st.sets(st.sampled_from(["vip", "Ёж", "не звонить"]), max_size=2),
    left=st.sets(st.sampled_from(TOPICS), max_size=2),
    events=st.lists(st.tuples(st.sampled_from(KINDS), moments()), max_size=5),
    reactions=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(["7", "70"]), moments()), max_size=4),
    walks=st.lists(walks, max_size=2),
    brought=st.lists(moments(), max_size=3),
    scores=scores,
)

days = st.sampled_from([1, 7, 14, 30, 90])
dates = st.sampled_from([date(2026, 3, 2), date(2026, 2, 16), date(2026, 1, 30)])
row_values = st.sampled_from([*TEXTS, 18, 3])
leaves: st.SearchStrategy[Rule] = st.one_of(
    st.tuples(
        st.just("compare"),
        st.sampled_from(NUMBERS),
        st.sampled_from(SIGNS),
        st.sampled_from([0, 1, 3, 5, 17, 18, 30, 50]),
    ),
    st.tuples(st.just("compare"), st.just("spent"), st.sampled_from(SIGNS), st.sampled_from([-500, 500])),
    st.sampled_from(sorted(WORDS)).flatmap(
        lambda name: st.tuples(
            st.just("compare"), st.just(name), st.sampled_from(["=", "!="]), one_of(WORDS[name])
        )
    ),
    st.tuples(
        st.just("compare"), st.just("source"), st.sampled_from(["=", "!="]), st.sampled_from(["vk", "x"])
    ),
    st.tuples(
        st.just("compare"),
        st.sampled_from([*MARKS, "premium"]),
        st.sampled_from(["=", "!="]),
        st.sampled_from(["yes", "no"]),
    ),
    st.tuples(st.just("compare"), st.sampled_from(ROWS), st.sampled_from(["=", "!="]), row_values),
    st.tuples(
        st.just("compare"), st.sampled_from(ROWS), st.sampled_from(SIGNS[2:]), st.sampled_from([3, 17, 18])
    ),
    st.tuples(st.just("compare"), st.sampled_from([*MOMENTS, "attr.city"]), st.sampled_from(SIGNS), dates),
    st.tuples(
        st.sampled_from(["in", "not in"]),
        st.sampled_from(ROWS),
        st.lists(row_values, min_size=1, max_size=3),
    ),
    st.sampled_from(sorted(WORDS)).flatmap(
        lambda name: st.tuples(
            st.sampled_from(["in", "not in"]),
            st.just(name),
            st.lists(one_of(WORDS[name]), min_size=1, max_size=3),
        )
    ),
    st.tuples(
        st.sampled_from(["in", "not in"]),
        st.sampled_from(NUMBERS),
        st.lists(st.sampled_from([0, 1, 18, 36]), min_size=1, max_size=3),
    ),
    st.tuples(
        st.sampled_from(["known", "unknown"]),
        st.sampled_from([*ROWS, *MOMENTS, *NUMBERS, *WORDS, "source", *MARKS]),
    ),
    st.tuples(
        st.sampled_from(["ago", "within"]),
        st.sampled_from([*MOMENTS, "attr.city", *MARKS]),
        days,
        st.sampled_from(["hour", "day", "week"]),
    ),
    st.tuples(
        st.just("ahead"),
        st.sampled_from([*MOMENTS, "attr.city", *MARKS]),
        st.sampled_from([0, 1, 7, 30, 400]),
    ),
    st.tuples(
        st.just("anniversary"),
        st.sampled_from([*MOMENTS, "attr.city", "birthday", "blocked"]),
        st.sampled_from([0, 1, 7, 30, 364]),
    ),
    st.tuples(st.just("event"), st.sampled_from(KINDS), st.sampled_from([1, 2, 3]), st.none() | days),
    st.tuples(
        st.just("quiz"),
        st.sampled_from(["started", "finished"]),
        st.sampled_from(["entry", "nps"]),
        st.none(),
        st.none() | days,
    ),
    st.tuples(
        st.just("quiz"),
        st.just("finished"),
        st.just("entry"),
        st.sampled_from(["owner", "starting"]),
        st.none() | days,
    ),
    st.tuples(st.just("purchased"), days),
    st.tuples(
        st.just("spent"),
        st.sampled_from(["more than", "at least", "less than"]),
        st.sampled_from([1, 500, 1000]),
        days,
    ),
    st.tuples(
        st.just("spent on"),
        st.sampled_from(["more than", "at least", "less than"]),
        st.sampled_from([1, 500]),
        st.sampled_from(["course", "посуда", "Course"]),
        days,
    ),
    st.tuples(st.just("reaction"), st.sampled_from(ACTS), st.sampled_from(["7", "70"]), st.none() | days),
    st.tuples(st.just("tag"), st.sampled_from(["vip", "ёж", "ЕЖ", "не звонить"])),
    st.tuples(st.just("topic"), st.sampled_from(["Новинки", "новинки", "все о  чае"])),
)
rules: st.SearchStrategy[Rule] = st.recursive(
    leaves,
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner),
    max_leaves=5,
)


def begin(session: Session, now: datetime = NOW) -> None:
    """Empty every table; there are the topics that drawn rules ask for."""
    wipe(session)
    for topic in TOPICS:
        topics.add(session, topic, f"topic {topic}", now)


def wipe(session: Session) -> None:
    """Empty every table, those too that may only grow in life."""
    if session.get_bind().dialect.name == "sqlite":
        named = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in list(session.scalars(named)):
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for name in ("consents", "consent_texts", "topic_choices"):
            session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    for table in reversed(metadata.sorted_tables):
        session.execute(table.delete())


def store(session: Session, person: Person, now: datetime = NOW) -> int:
    """Write a person's facts, and the profile they amount to; returns his id."""
    row = Subscriber(
        status=person.status,
        source=person.source,
        language=person.language,
        is_premium=person.is_premium,
        created_at=now,
        erased_at=now if person.status == "erased" else None,
        joined_at=person.joined_at,
        **{column: getattr(person, column) for column in MARKS.values()},
    )
    session.add(row)
    session.flush()
    person.number = row.id
    session.add(Profile(subscriber_id=row.id, touched_at=now - timedelta(days=1), **_profile(person)))
    for place, (at, amount) in enumerate(person.purchases):
        product, category = person.goods[place] if place < len(person.goods) else ("", "")
        session.add(
            Purchase(
                order_id=f"{row.id}-{place}",
                subscriber_id=row.id,
                at=at,
                amount=700 if amount is None else amount,
                currency="RUB" if amount is not None else "XXX",
                base_amount=amount,
                product=product,
                category=category,
            )
        )
    session.flush()
    for key, value in person.attributes.items():
        attributes.set_attribute(session, row.id, key, value, now, origin="test")
    for (quiz, question), chosen in person.answers.items():
        for value in chosen:
            answer = Answer(subscriber_id=row.id, quiz=quiz, question=question, folded=fold(str(value)))
            answer.text, answer.answered_at = str(value), now
            answer.number = None if isinstance(value, str) else value
            session.add(answer)
    for tag in sorted(person.tags):
        attributes.add_tag(session, row.id, tag, now, origin="test")
    for topic in sorted(person.left):
        number = topics.add(session, topic, f"topic {topic}", now)
        place = topics.Place("test", f"{row.id} leaves {topic}")
        topics.choose(session, row.id, number, is_on=False, place=place, now=now)
    if person.scores:
        own = {STORED.get(name, name): value for name, value in person.scores.items()}
        session.add(Score(subscriber_id=row.id, computed_at=now, **own))
    facts = [activity.Fact(row.id, kind, at) for kind, at in person.events]
    facts += [activity.Fact(row.id, "referred", at) for at in person.brought]
    facts += [fact for walk in person.walks for fact in _walk(session, row.id, walk)]
    for act, of, at in person.reactions:
        kind, detail = FACTS[act]
        facts.append(activity.Fact(row.id, kind, at, {detail: of if act == "finished" else int(of)}))
    activity.record_many(session, facts, now)
    session.flush()
    return row.id


def _walk(session: Session, who: int, walk: Walk) -> list[activity.Fact]:
    session.merge(QuizVersion(hash=f"text of {walk.quiz}", quiz=walk.quiz, text="", first_used_at=NOW))
    session.flush()
    run = QuizRun(
        subscriber_id=who,
        quiz=walk.quiz,
        version_hash=f"text of {walk.quiz}",
        started_at=walk.started_at,
        finished_at=walk.finished_at,
        result=walk.result,
        is_trial=walk.is_trial,
        key=f"walk {uuid4().hex}",
    )
    session.add(run)
    if walk.is_trial:
        return []
    began = activity.Fact(who, "quiz_started", walk.started_at, {"quiz": walk.quiz})
    if walk.finished_at is None:
        return [began]
    return [began, activity.Fact(who, "quiz_finished", walk.finished_at, {"quiz": walk.quiz})]


def _profile(person: Person) -> dict[str, object]:
    bought = [at for at, _ in person.bought]
    return {
        "last_seen_at": person.last_seen_at,
        "unanswered": person.unanswered,
        "letters_received": person.letters,
        "purchases_count": len(bought),
        "purchases_total": sum(amount or 0 for _, amount in person.purchases),
        "first_purchase_at": min(bought, default=None),
        "last_purchase_at": max(bought, default=None),
    }
