"""Before launch: a draft becomes an experiment, and its owner is told what it will be able to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from core.mailing import letters
from core.mailing.experiments import holdout, plan
from core.mailing.experiments.counting import GOALS, REACHABLE_UNWRITTEN
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.models import Experiment
from core.mailing.experiments.split import edges
from core.mailing.ledger import DELIVERIES
from core.mailing.models import Campaign, CampaignVariant, Content
from core.people.models import Profile
from core.sales.models import Purchase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.letters import Words

ROLLOUTS = ("owner", "auto")
PARTS = ("text", "buttons", "file")
MOST_HOURS = 24 * 90
USUAL = {
    "tap": 0.05,
    "reply": 0.02,
    "sign": 0.05,
    "purchase": 0.01,
}  # without an own history
USUAL_DAYS = 90
ENOUGH = 200  # letters, or people, from which an own usual rate is told


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed before launch. `shares` of the variants in any unit, `tested` and `holdout` 0 to 1."""

    goal: str = "tap"
    window_hours: int = 72
    shares: Sequence[float] = (1.0, 1.0)
    tested: float = 1.0
    holdout: float = 0.0
    rollout: str = "owner"
    base: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the owner hears before launch. `lift` is the smallest rise the people can show, None: none."""

    people: int
    each: int
    base: float
    is_base_own: bool
    lift: float | None
    changes: tuple[str, ...]

    @property
    def changes_several(self) -> bool:
        """Whether the variants differ in more than one thing, so that nobody will know which one did it."""
        return len(self.changes) > 1


def set_up(session: Session, campaign_id: int, others: Sequence[Mapping[str, Words]], terms: Terms) -> None:
    """Make an experiment of a draft: what it has is variant A, `others` are B, C…, by language.

    Done again it replaces what was agreed. Raises ExperimentError or ContentError naming what to mend.
    """
    campaign = session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None or campaign.state != "draft":
        raise ExperimentError(
            f"The campaign {campaign_id} is no draft; agree on an experiment before launch."
        )
    _check(campaign, terms, 1 + len(others))
    drop(session, campaign_id)
    mine = update(CampaignVariant).where(CampaignVariant.campaign_id == campaign_id)
    session.execute(mine.values(arm=0))
    _add(session, campaign_id, others)
    changes = changes_of(session, campaign_id)
    row = as_row(campaign.key, terms)
    row.campaign_id, row.changes = campaign_id, list(changes)
    session.add(row)
    session.flush()


def as_row(salt: str, terms: Terms) -> Experiment:
    """Return an experiment as a row, not yet of a campaign."""
    return Experiment(
        salt=salt,
        shares=[float(share) for share in terms.shares],
        tested=terms.tested,
        holdout=terms.holdout,
        goal=terms.goal,
        window_hours=terms.window_hours,
        base=terms.base,
        changes=[],
        rollout=terms.rollout,
    )


def agree(session: Session, campaign_id: int, terms: Terms) -> None:
    """Change what was agreed about a draft's experiment, its letters stay. Raises ExperimentError."""
    found = session.get(Experiment, campaign_id, populate_existing=True)
    campaign = session.get(Campaign, campaign_id, populate_existing=True)
    if found is None or campaign is None or campaign.state != "draft":
        raise ExperimentError(f"The campaign {campaign_id} is no draft of an experiment; nothing changed.")
    _check(campaign, terms, len(found.shares))
    found.goal, found.window_hours, found.tested = terms.goal, terms.window_hours, terms.tested
    found.holdout, found.rollout, found.base = terms.holdout, terms.rollout, terms.base
    session.flush()


def terms_of(session: Session, campaign_id: int) -> Terms | None:
    """Return what is agreed about a campaign; None for one that is no experiment."""
    found = session.get(Experiment, campaign_id, populate_existing=True)
    if found is None:
        return None
    return Terms(
        found.goal,
        found.window_hours,
        tuple(found.shares),
        found.tested,
        found.holdout,
        found.rollout,
        found.base,
    )


def letters_of(session: Session, campaign_id: int) -> list[Content]:
    """Return the letter of each variant, A first, as those see it who speak no other language."""
    rows = session.execute(
        select(CampaignVariant.arm, Content)
        .join(Content, Content.id == CampaignVariant.content_id)
        .where(CampaignVariant.campaign_id == campaign_id)
        .order_by(CampaignVariant.position)
    )
    by_arm = {arm or 0: content for arm, content in rows}
    return [by_arm[arm] for arm in sorted(by_arm)]


def goals_of(session: Session, campaign_id: int) -> tuple[str, ...]:
    """Return the goals people can reach: a tap needs a button in every letter, a reply a question."""
    found = letters_of(session, campaign_id)
    taps = all(any(one.get("action") for row in content.buttons for one in row) for content in found)
    asks = session.get_one(Campaign, campaign_id).is_question
    return tuple(goal for goal in GOALS if goal in ("sign", "purchase") or (taps if goal == "tap" else asks))


def drop(session: Session, campaign_id: int) -> None:
    """Make a plain campaign of a draft again: variant A is what everybody gets."""
    session.execute(delete(Experiment).where(Experiment.campaign_id == campaign_id))
    added = delete(CampaignVariant).where(CampaignVariant.campaign_id == campaign_id, CampaignVariant.arm > 0)
    session.execute(added)
    mine = update(CampaignVariant).where(CampaignVariant.campaign_id == campaign_id)
    session.execute(mine.values(arm=None))
    session.expire_all()


def _check(campaign: Campaign, terms: Terms, arms: int) -> None:
    if len(terms.shares) != arms or arms > plan.MOST_ARMS:
        raise ExperimentError(
            f"The split names {len(terms.shares)} parts, there are {arms} letters; give 2 to {plan.MOST_ARMS}"
            " letters and a share for each."
        )
    edges(terms.shares)
    holdout.check(terms.holdout)
    if terms.goal not in GOALS:
        raise ExperimentError(f"The goal {terms.goal!r} is unknown; it is one of {', '.join(GOALS)}.")
    if terms.rollout not in ROLLOUTS:
        raise ExperimentError(f"The winner is sent by {' or '.join(ROLLOUTS)}, not by {terms.rollout!r}.")
    if not 1 <= terms.window_hours <= MOST_HOURS:
        raise ExperimentError(f"The window is {terms.window_hours} hours; give 1 to {MOST_HOURS}.")
    if not 0 < terms.tested <= 1:
        raise ExperimentError(f"The tested part is {terms.tested:g}; give a share above 0 and up to 1.")
    if arms == 1 and not terms.holdout:
        raise ExperimentError("One letter and no holdout: there is nothing to compare; add a second letter.")
    if terms.holdout and (campaign.purpose == "service" or terms.goal not in REACHABLE_UNWRITTEN):
        raise ExperimentError(
            "A holdout is for advertising whose goal is a purchase: a service letter is promised to all,"
            " and who gets no letter cannot answer it."
        )
    if campaign.occasion != "once" or campaign.repeat is not None:
        raise ExperimentError("An experiment is written once to each person; the campaign must not repeat.")


def _add(session: Session, campaign_id: int, others: Sequence[Mapping[str, Words]]) -> None:
    last = select(func.max(CampaignVariant.position)).where(CampaignVariant.campaign_id == campaign_id)
    position = 1 + (session.scalar(last) or 0)
    for arm, contents in enumerate(others, 1):
        given = list(contents.items())
        for language, words in [*given[1:], ("", given[0][1])]:
            content_id = letters.save(session, words, language)
            session.add(
                CampaignVariant(
                    campaign_id=campaign_id,
                    position=position,
                    rule=None,
                    language=language,
                    arm=arm,
                    content_id=content_id,
                )
            )
            position += 1
    session.flush()


def changes_of(session: Session, campaign_id: int) -> tuple[str, ...]:
    """Return what differs between the variants: text, buttons, file.

    Raises ExperimentError where two of them are the same letter.
    """
    found: set[str] = set()
    for first, second in combinations(_by_arm(session, campaign_id), 2):
        differ = {
            name
            for language in first.keys() & second.keys()
            for name, one, other in zip(PARTS, first[language], second[language], strict=True)
            if one != other
        }
        if not differ:
            raise ExperimentError(
                "Two variants are the same letter; change the text, the button or the picture."
            )
        found |= differ
    return tuple(name for name in PARTS if name in found)


def _by_arm(session: Session, campaign_id: int) -> list[dict[str, tuple[object, ...]]]:
    """Return each variant's letters by language, as PARTS."""
    rows = session.execute(
        select(CampaignVariant.arm, CampaignVariant.language, Content.text, Content.buttons, Content.kind,
               func.coalesce(Content.file_id, Content.file_path))
        .join(Content, Content.id == CampaignVariant.content_id)
        .where(CampaignVariant.campaign_id == campaign_id, CampaignVariant.arm.is_not(None))
        .order_by(CampaignVariant.position)
    )  # fmt: skip
    found: dict[int | None, dict[str, tuple[object, ...]]] = {}
    for arm, language, text, buttons, *file in rows:
        found.setdefault(arm, {})[language] = (text, buttons, file)
    return list(found.values())


def tell(session: Session, campaign_id: int, people: int, now: datetime) -> Told:
    """Say what an experiment can show with so many people to be written to."""
    found = session.get_one(Experiment, campaign_id, populate_existing=True)
    own, is_own = usual_rate(session, found.goal, now)
    base = found.base if found.base is not None else own
    arms = len(found.shares)
    each = int(people * min(found.shares) / sum(found.shares))
    lift = plan.detectable(plan.Terms(base, arms), each) if arms > 1 and each >= 2 else None
    return Told(people, each, base, is_own and base == own, lift, tuple(found.changes))


def remember(session: Session, campaign_id: int, lift: float | None) -> None:
    """Remember what was told, so that it stands beside the result."""
    mine = update(Experiment).where(Experiment.campaign_id == campaign_id)
    session.execute(mine.values(detectable=lift))


def usual_rate(session: Session, goal: str, now: datetime) -> tuple[float, bool]:
    """Return how many usually reach a goal, and whether that is the base's own history or a guess."""
    since = now - timedelta(days=USUAL_DAYS)
    if goal == "purchase":
        reached = session.scalar(
            select(func.count(Purchase.subscriber_id.distinct())).where(
                Purchase.at >= since, Purchase.amount > 0
            )
        )
        of = session.scalar(select(func.count()).select_from(Profile))
    else:
        table = DELIVERIES.c
        sent = (table.state == "sent") & (table.finished_at >= since)
        of = session.scalar(select(func.count()).where(sent))
        reached = session.scalar(select(func.count()).where(sent, table.answered_at.is_not(None)))
    if not of or of < ENOUGH or not reached or reached >= of:
        return USUAL[goal], False
    return reached / of, True
