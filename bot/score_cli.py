"""`kvizor score …`: scores of a plain CSV of orders, without database and bot."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.score_report import counts, number, read, save, share, tell, write, zone_of

if TYPE_CHECKING:
    from core.segments.scores.clv import Holdout, Value
    from core.segments.scores.health import Tested
    from core.segments.scores.lead import Points
    from core.segments.scores.reading import Given

app = typer.Typer(
    help="Scores of a CSV of orders: customer_id,timestamp,amount[,order_id].", no_args_is_help=True
)

DAY = ["%Y-%m-%d"]
DIGITS = 6
File = Annotated[
    Path, typer.Option("--orders", help="CSV or CSV.gz of orders, with a header", exists=True, dir_okay=False)
]
AsOf = Annotated[
    datetime | None,
    typer.Option(help="the day looked at; default: the day after the last order", formats=DAY),
]
To = Annotated[Path | None, typer.Option(help="the CSV to write (.gz packs it)")]
Zone = Annotated[str | None, typer.Option(help="time zone of the days; default: TIME_ZONE")]
Json = Annotated[bool, typer.Option("--json", help="for scripts")]


@app.command()
def rfm(orders: File, as_of: AsOf = None, to: To = None, zone: Zone = None, as_json: Json = False) -> None:
    """Recency, frequency, money: 1–5 each, and one of ten segments."""
    from core.segments.scores.rfm import SEGMENTS
    from core.segments.scores.rfm import rfm as score

    given = read(orders, as_of, zone)
    found = score(given.orders, given.as_of)
    people = given.orders.people
    names = [people[person] for person in found.person]
    columns = (found.recency.tolist(), found.frequency.tolist(), found.monetary.tolist(), found.segments)
    write(to, ("customer_id", "R", "F", "M", "segment"), zip(names, *columns, strict=True))
    tell(given, {"segments": counts(found.segments, SEGMENTS)}, as_json=as_json)


@app.command()
def lifecycle(
    orders: File,
    as_of: AsOf = None,
    to: To = None,
    at_risk_days: Annotated[float | None, typer.Option(help="silent longer: at risk")] = None,
    lapsed_days: Annotated[float | None, typer.Option(help="silent longer: lapsed")] = None,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """Prospect, new, active, VIP, at risk, lapsed: one state a person."""
    from core.segments.scores import lifecycle as life

    given = read(orders, as_of, zone)
    edges = life.thresholds(given.orders, given.as_of, at_risk_days=at_risk_days, lapsed_days=lapsed_days)
    found = life.lifecycle(given.orders, given.as_of, edges)
    scores = [number(score, 1) for score in found.score.tolist()]
    write(to, ("customer_id", "state", "score"), zip(given.orders.people, found.names, scores, strict=True))
    later = life.later_activity(given.orders, given.as_of, life.NEW_DAYS)
    tell(
        given,
        {
            "states": counts(found.names, life.STATES),
            "silent_longer_is_at_risk_days": edges.at_risk_days,
            "silent_longer_is_lapsed_days": edges.lapsed_days,
            "thresholds": f"own gaps ({edges.gaps})"
            if edges.is_from_gaps
            else f"fixed ({edges.gaps} gaps only)",
            f"bought_within_{life.NEW_DAYS}_days_by_the_state_before": {
                state: share(each.share) for state, each in later.items() if state != "prospect"
            },
        },
        as_json=as_json,
    )


@app.command()
def health(orders: File, as_of: AsOf = None, to: To = None, zone: Zone = None, as_json: Json = False) -> None:
    """Customer health 0–100 and one of four groups; with orders alone, purchases are the only measure."""
    from core.segments.scores import health as measure

    given = read(orders, as_of, zone)
    found = measure.of_orders(given.orders, given.as_of)
    scores = [number(score, 0) for score in found.score.tolist()]
    write(to, ("customer_id", "group", "score"), zip(given.orders.people, found.names, scores, strict=True))
    tests = measure.backtest(given.orders, given.as_of)
    tell(
        given,
        {
            "groups": counts(found.names, measure.GROUPS),
            "of_these_unverified": int(found.unverified.sum()),
            "measures": {name: measure.WEIGHTS[name] for name in found.measures},
            "mean_score_auc": number(measure.mean_auc(one.score_auc for one in tests), 3),
            "mean_rfm_sum_auc": number(measure.mean_auc(one.rfm_auc for one in tests), 3),
            "back_test": [_tested(one) for one in tests],
        },
        as_json=as_json,
    )


def _tested(one: Tested) -> dict[str, Any]:
    return {
        "from": _day(one.day),
        "people": one.people,
        "bought": one.bought,
        "score_auc": number(one.score_auc, 3),
        "rfm_sum_auc": number(one.rfm_auc, 3),
        "at_risk": one.low_people,
        "of_these_bought": one.low_bought,
    }


def _day(count: int) -> str:
    from core.segments.scores.orders import day_of

    return day_of(count).isoformat()


@app.command()
def lead(
    orders: File,
    as_of: AsOf = None,
    to: To = None,
    events: Annotated[Path | None, typer.Option(help="CSV customer_id,timestamp,event", exists=True)] = None,
    answers: Annotated[Path | None, typer.Option(help="CSV customer_id,question,answer", exists=True)] = None,
    points: Annotated[
        Path | None, typer.Option(help="JSON of the points, see docs/scores.md", exists=True)
    ] = None,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """How near people without a purchase are to the first one, 0–100; who has bought is a customer."""
    from core.segments.scores import lead as leads
    from core.segments.scores import lead_file, shipped

    given = read(orders, as_of, zone)
    scheme = lead_file.read_points(points) if points else shipped.EVENT_POINTS
    rows = _leads(given, scheme, events, answers, zone)
    write(to, ("customer_id", "group", "score"), rows)
    groups = counts((row[1] for row in rows), (*leads.GROUPS, leads.CUSTOMER))
    tell(given, {"groups": groups}, as_json=as_json)


def _leads(
    given: Given, scheme: Points, events: Path | None, answers: Path | None, zone: str | None
) -> list[tuple[str, str, str]]:
    from core.segments.scores import lead as leads
    from core.segments.scores import lead_file
    from core.segments.scores.orders import history

    acts = lead_file.read_events(events, zone_of(zone), given.as_of, given.notes) if events else {}
    said = lead_file.read_answers(answers, given.notes) if answers else {}
    people, buyers = given.orders.people, history(given.orders).buyers.tolist()
    bought = {name for name, has_bought in zip(people, buyers, strict=True) if has_bought}
    rows = []
    for name in sorted({*people, *acts, *said}):
        one = leads.lead(scheme, said.get(name, ()), acts.get(name, ()))
        rows.append((name, leads.CUSTOMER, "") if name in bought else (name, one.group, str(one.score)))
    return rows


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="YAML of points, weights, thresholds, as SCORES_FILE names it")
    ],
) -> None:
    """Check the owner's file of scores and show what will hold; every mistake is told with its line."""
    from core.segments.scores.scheme_file import read_scheme

    scheme = read_scheme(str(file))
    typer.echo(f"answers that earn points: {', '.join(scheme.lead.answers) or 'none'}")
    typer.echo(f"events that earn points: {', '.join(scheme.lead.events) or 'none'}")
    typer.echo(
        f"weights of health: {', '.join(f'{name} {weight:g}' for name, weight in scheme.weights.items())}"
    )
    typer.echo(f"milestones: {', '.join(scheme.milestones) or 'none'}")
    given = (("at risk", scheme.at_risk_days), ("lapsed", scheme.lapsed_days))
    edges = (f"{name} after {'own gaps' if days is None else f'{days:g} days'}" for name, days in given)
    typer.echo(f"lifecycle: {', '.join(edges)}, new for {scheme.new_days} days")


@app.command()
def clv(
    orders: File,
    calibrate_to: Annotated[
        datetime | None,
        typer.Option(help="the last day learned from; default: the last order's", formats=DAY),
    ] = None,
    horizon_days: Annotated[int, typer.Option(min=1, max=3660, help="how far ahead")] = 365,
    to: To = None,
    params: Annotated[Path | None, typer.Option(help="JSON to write the parameters to, per week")] = None,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """Expected purchases and money of each customer (BG/NBD and Gamma-Gamma)."""
    from core.segments.scores import clv as values
    from core.segments.scores.orders import day_number

    given = read(orders, None, zone)
    first, last = given.orders.first_day, given.orders.last_day
    until = day_number(calibrate_to.date()) if calibrate_to else last
    if until < first:
        raise typer.BadParameter(f"the first order is of {_day(first)}", param_hint="--calibrate-to")
    found = values.value(given.orders, until, horizon_days)
    _write_values(given, found, to, params)
    tested = (
        values.holdout(given.orders, until, last) if until < last else values.own_holdout(given.orders, until)
    )
    horizon = {"learned_to": _day(until), "horizon_days": horizon_days}
    tell(given, horizon | _expected(found) | {"hold_out": _holdout(tested)}, as_json=as_json)


def _expected(found: Value) -> dict[str, Any]:
    from core.segments.scores.clv import spend_correlation

    return {
        "customers": len(found.customers.person),
        "params": found.models.params(),
        "expected_purchases": number(found.expected.sum(), 1),
        "clv_total": number(found.clv.sum(), 2),
        "clv_is": "money expected" if found.models.purchases else "money so far",
        "correlation_of_number_and_size": number(spend_correlation(found.customers), 3),
    }


def _write_values(given: Given, found: Value, to: Path | None, params: Path | None) -> None:
    columns = (found.expected, found.alive, found.spend, found.clv)
    people = [given.orders.people[person] for person in found.customers.person]
    cells = ([number(cell, DIGITS) for cell in column.tolist()] for column in columns)
    header = ("customer_id", "expected", "p_alive", "expected_spend", "clv")
    write(to, header, zip(people, *cells, strict=True))
    if params:
        save(params, json.dumps(found.models.params(), ensure_ascii=False, indent=1) + "\n")


def _holdout(tested: Holdout | None) -> dict[str, Any] | str:
    if tested is None:
        return "too little history before to measure an error"
    return {
        "weeks": round(tested.weeks, 1),
        "expected": round(tested.expected, 1),
        "actual": tested.actual,
        "error": share(tested.error),
        "mean_error_a_customer": round(tested.per_customer, 3),
        "the_same_of_everyone_at_his_own_pace": round(tested.per_customer_plain, 3),
        "money_expected": round(tested.money_expected, 2),
        "money_actual": round(tested.money_actual, 2),
    }
