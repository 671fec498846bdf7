"""Promo codes: one for each letter, redeemed once, told apart when used or late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import mydata, privacy
from core.db import Database
from core.mailing import campaigns, filling, promo
from core.mailing.campaigns import CampaignError, Variant
from core.mailing.letters import Words
from core.mailing.models import Delivery, PromoCode
from core.mailing.series import advancing
from core.people.attributes import add_tag
from core.segments import audience
from tests.mailing.people import add_people, draft
from tests.mailing.series.world import World, kept, text_of

GIFT = text_of(
    """
    - key: gift
      letter:
        text: {ru: "Подарок {{ promo }} до {{ promo_until }}", en: "{{ promo }} until {{ promo_until }}"}
    """,
    name="gifts",
)


def given_gifts(session: Session, /, people: list[int], now: datetime) -> None:
    kept(session, GIFT, now)
    for who in people:
        add_tag(session, who, "lead", now, origin="test")


@pytest.fixture
def world(db: Database, now: datetime) -> World:
    db.write_now(add_people, 3, now)
    db.write_now(given_gifts, [1, 2], now)
    made = World(db, now)
    advancing.advance(db, now)
    return made


def code_of(session: Session, who: int) -> str:
    return session.scalars(select(PromoCode.code).where(PromoCode.subscriber_id == who)).one()


def rendered(session: Session, now: datetime) -> list[str]:
    """The letters as the sender would write them."""
    number = session.scalars(select(Delivery.campaign_id)).first()
    assert number is not None
    found = filling.fill(session, [(number, None, 10)], {}, now)
    return [found.contents[row.content_id].template.render(row.reader) for _, row in found.rows[number]]


async def test_each_letter_carries_a_code_of_its_own_with_its_last_day(world: World) -> None:
    first, second = (world.db.read_now(code_of, who) for who in (1, 2))
    assert first != second
    assert world.db.read_now(rendered, world.now) == [
        f"Подарок {code} до 01.04.2026"
        for code in (first, second)  # 30 days after 2 March
    ]
    world.later(days=1)
    assert world.db.read_now(lambda s: s.scalar(select(func.count()).select_from(PromoCode))) == 2


async def test_a_code_is_redeemed_once_however_many_ask_at_once(world: World) -> None:
    code = world.db.read_now(code_of, 1)
    with ThreadPoolExecutor(4) as many:
        told = list(many.map(lambda _: world.db.write_now(promo.redeem, code, world.now), range(8)))
    assert [one.redeemed_now for one in told if one].count(True) == 1
    assert {one.state for one in told if one} == {promo.State.USED}
    assert world.db.read_now(audience.count, "event promo_redeemed", world.now) == 1
    again = world.db.write_now(promo.redeem, code, world.now + timedelta(days=1))
    assert again is not None
    assert (again.redeemed_now, again.redeemed_at, again.name) == (False, world.now, "Имя1")


async def test_a_late_code_is_not_redeemed_and_an_unknown_one_is_none(world: World) -> None:
    code = world.db.read_now(code_of, 1)
    last = datetime(2026, 4, 1, 20, 59, tzinfo=UTC)  # a minute before midnight in Moscow
    assert world.db.read_now(promo.look, code, last).state is promo.State.VALID  # type: ignore[union-attr]
    late = world.db.write_now(promo.redeem, code, last + timedelta(minutes=1))
    assert late is not None
    assert (late.state, late.redeemed_now) == (promo.State.EXPIRED, False)
    assert world.db.write_now(promo.redeem, "AAAAAAAA", world.now) is None


async def test_a_code_typed_on_a_russian_keyboard_with_spaces_is_the_same_code(world: World) -> None:
    code = world.db.read_now(code_of, 1)
    typed = f" {code[:4].lower()}-{code[4:]} ".translate(str.maketrans("ACEHKMPTXY", "АСЕНКМРТХУ"))
    found = world.db.read_now(promo.look, typed, world.now)
    assert found is not None
    assert (found.code, found.series, found.step) == (code, "gifts", "gift")


async def test_a_letter_to_many_cannot_carry_a_code(db: Database, now: datetime) -> None:
    db.write_now(add_people, 1, now)
    gift = draft(variants=[Variant({"ru": Words("Вот {{ promo }}")})])
    with pytest.raises(CampaignError, match="only letters of a series"):
        db.write_now(campaigns.create, gift, "k", now)


async def test_a_person_sees_his_codes_and_they_go_with_him(world: World) -> None:
    code = world.db.read_now(code_of, 1)
    told = world.db.read_now(mydata.collect, 1, world.now)
    assert [one["code"] for one in told["promo_codes"]] == [code]
    world.db.write_now(privacy.forget, 1, world.now)
    privacy.erase(world.db, 1)
    assert world.db.read_now(promo.look, code, world.now) is None


@given(st.text(alphabet=promo.ALPHABET, min_size=8, max_size=8))
def test_a_code_is_read_as_it_was_written(code: str) -> None:
    assert promo.spelled(code.lower()) == code
