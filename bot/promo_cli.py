"""`kvizor promo …`: gifts that letters carried: whose they are, and redeeming them at the till."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.mailing.promo import Promo

app = typer.Typer(help="Promo codes: gifts of one person, redeemed once.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="as the person shows it")]


@app.command()
def redeem(code: Code, as_json: Json = False) -> None:
    """Redeem a code; exit code 1 where it is used, late or unknown."""
    from bot.database import opened
    from core import clock
    from core.mailing import promo

    with opened() as (db, _):
        found = db.write_now(promo.redeem, code, clock.now())
    is_good = found is not None and found.redeemed_now
    if as_json:
        typer.echo(json.dumps(_told(found) | {"ok": is_good}, default=str, ensure_ascii=False))
    else:
        typer.echo(_words(found, code))
    if not is_good:
        raise typer.Exit(1)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """The last thousand codes, the newest first."""
    from bot.database import opened
    from core import clock
    from core.mailing import promo

    with opened() as (db, _):
        found = db.read_now(promo.all_codes, clock.now())
    if as_json:
        typer.echo(json.dumps([_told(one) for one in found], default=str, ensure_ascii=False))
        return
    for one in found:
        whose = f"{one.name} (person {one.subscriber_id})"
        typer.echo(f"{one.code}  {one.state:<8} {one.series}/{one.step}  {whose}")


def _told(found: Promo | None) -> dict[str, object]:
    return {} if found is None else asdict(found)


def _words(found: Promo | None, code: str) -> str:
    if found is None:
        return f"There is no code {code!r}; look whether it was copied whole."
    whose = f"{found.code} of {found.name or 'a person without a name'} ({found.series}/{found.step})"
    if found.redeemed_now:
        return f"{whose} is redeemed. Give the gift."
    if found.redeemed_at is not None:
        return f"{whose} was redeemed on {found.redeemed_at:%Y-%m-%d %H:%M} UTC already."
    return f"{whose} expired on {found.expires_at:%Y-%m-%d %H:%M} UTC."
