"""Hidden groups: well-separated ones are recovered, data without groups are said to have none."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import func, select

from core.db import Database
from core.people.models import Tag
from core.reports import clusters, hidden_keep
from core.reports.facets import Terms
from core.reports.hidden import Group, Hidden, hidden
from core.segments import audience
from tests.reports.shop import NOW, Man, fill

TERMS = Terms(NOW)


def scaled(points: clusters.Floats) -> clusters.Floats:
    return np.asarray((points - points.mean(0)) / points.std(0))


@pytest.mark.parametrize(("groups", "fields", "apart"), [(2, 3, 7.0), (4, 4, 7.0)])
def test_well_separated_groups_are_recovered(groups: int, fields: int, apart: float) -> None:
    rng = np.random.default_rng(groups)
    centres = rng.normal(size=(groups, fields))
    gaps = [np.linalg.norm(a - b) for n, a in enumerate(centres) for b in centres[:n]]
    truth = rng.integers(0, groups, 300)
    points = scaled(centres[truth] * apart / min(gaps) + rng.normal(size=(300, fields)))
    found = clusters.find(points)
    assert found is not None
    assert found.count == groups
    assert found.is_real
    assert clusters.rand_index(truth, clusters.nearest(points, found.centres)) >= 0.95


@pytest.mark.parametrize("kind", ["connected", "uniform", "skewed"])
def test_data_without_groups_have_none(kind: str) -> None:
    rng = np.random.default_rng(8)
    points = {
        "connected": rng.normal(size=(400, 4)) @ rng.normal(size=(4, 4)),
        "uniform": rng.uniform(size=(400, 2)),
        "skewed": rng.exponential(size=(400, 3)),
    }[kind]
    found = clusters.find(np.clip(scaled(points), -4, 4))
    assert found is None or not found.is_real


def test_the_rand_index_is_the_published_one() -> None:
    table = np.array([[1, 1, 0], [1, 2, 1], [0, 0, 4]])  # Hubert & Arabie; as in Santos & Embrechts 2009
    first = np.repeat(np.arange(3), table.sum(1))
    second = np.concatenate([np.repeat(np.arange(3), row) for row in table])
    assert clusters.rand_index(first, second) == pytest.approx(0.3126, abs=5e-4)
    rng = np.random.default_rng(0)
    chance = [clusters.rand_index(rng.integers(0, 3, 300), rng.integers(0, 3, 300)) for _ in range(50)]
    assert abs(np.mean(chance)) < 0.01


def test_the_silhouette_is_that_of_the_definition() -> None:
    points = np.array([[0.0], [1.0], [5.0], [7.0]])
    labels = np.array([0, 0, 1, 1])
    widths = [(6 - 1) / 6, (5 - 1) / 5, (4.5 - 2) / 4.5, (6.5 - 2) / 6.5]
    found = clusters.silhouette(points, labels, np.random.default_rng(0))
    assert found == pytest.approx(np.mean(widths))


def people() -> Iterator[Man]:
    """Frequent buyers who are silent in the chat, and talkers who never bought."""
    rng = random.Random(1)
    for who in range(400):
        if who % 4 == 0:
            bought = [
                (rng.randint(1, 40), rng.randint(90_000, 110_000), "", "") for _ in range(rng.randint(6, 10))
            ]
            yield Man(bought=bought, silent=rng.randint(70, 110), unanswered=rng.randint(6, 9), joined=300)
        else:
            yield Man(silent=rng.randint(0, 4), unanswered=rng.randint(0, 1), joined=300)


async def test_groups_have_names_and_a_rule_that_finds_them(db: Database) -> None:
    db.write_now(fill, list(people()))
    found = hidden(db, TERMS)
    assert [group.people for group in found.groups] == [300, 100]
    assert found.people == 400
    buyers = found.groups[1]
    assert ("приносят много денег", "bring much money") in buyers.words
    assert found.groups[0].words[0] != buyers.words[0]
    assert buyers.has_rule
    assert buyers.rule is not None
    assert (buyers.rule.precision, buyers.rule.recall) == (1.0, 1.0)
    assert db.read_now(audience.count, buyers.rule.rule, NOW) == 100
    keeps_a_group_once(db, found)


def keeps_a_group_once(db: Database, found: Hidden) -> None:
    kept = hidden_keep.keep(db, found, found.groups[1], NOW)
    assert kept.rule == found.groups[1].rule.rule  # type: ignore[union-attr]
    assert hidden_keep.keep(db, found, found.groups[1], NOW) == kept
    assert kept.name == f"hidden_2026_03_02_{found.groups[1].mark}"
    assert found.marked(found.groups[1].mark) is found.groups[1]
    assert found.marked("2") is None
    tagged = without_rule(found, 0)
    kept = hidden_keep.keep(db, tagged, tagged.groups[0], NOW)
    assert kept.rule.startswith('tag "hidden:2026-03-02-')
    count = db.read_now(lambda session: session.scalar(select(func.count()).select_from(Tag)))
    assert count == 300 == db.read_now(audience.count, kept.rule, NOW)


def test_the_mark_is_of_the_group_and_not_of_its_place() -> None:
    from dataclasses import replace

    group = Group(1, 0, 100, 0.25, (("часто покупают", "buy often"),), None)
    assert replace(group, number=2, centre=3, share=0.5).mark == group.mark
    assert replace(group, people=101).mark != group.mark
    assert replace(group, words=(("тратят немного", "spend little"),)).mark != group.mark


def without_rule(found: Hidden, place: int) -> Hidden:
    from dataclasses import replace

    group: Group = replace(found.groups[place], rule=None)
    return replace(found, groups=(group,))


async def test_a_base_without_groups_and_an_empty_one_say_so(db: Database) -> None:
    assert hidden(db, TERMS).clusters is None
    rng = random.Random(5)
    men = [
        Man(silent=int(rng.expovariate(0.05)), unanswered=rng.randint(0, 9), joined=rng.randint(1, 400))
        for _ in range(400)
    ]
    db.write_now(fill, men)
    found = hidden(db, TERMS)
    assert found.clusters is not None
    assert found.groups == ()
