"""The command line: thin commands, heavy imports inside them."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import Annotated

import typer

from bot import (
    campaign_cli,
    cohort_cli,
    doctor_cli,
    experiment_base_cli,
    experiment_cli,
    gender_cli,
    import_cli,
    insight_cli,
    places_cli,
    preset_cli,
    promo_cli,
    quiz_cli,
    report_cli,
    rule_cli,
    score_cli,
    segment_cli,
    series_cli,
)
from core.errors import KvizorError

app = typer.Typer(
    help="Kvizor: knows your Telegram audience and writes to each part of it differently.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(db_app, name="db")
app.add_typer(quiz_cli.app, name="quiz")
app.add_typer(segment_cli.app, name="segment")
segment_cli.app.add_typer(preset_cli.app)
segment_cli.app.add_typer(rule_cli.app)
app.add_typer(import_cli.app, name="import")
app.add_typer(import_cli.export_app, name="export")
app.add_typer(campaign_cli.app, name="campaign")
app.add_typer(campaign_cli.playbook_app, name="playbook")
app.add_typer(series_cli.app, name="series")
app.add_typer(promo_cli.app, name="promo")
app.command("gender")(gender_cli.gender)
app.command()(places_cli.places)
app.command()(report_cli.funnel)
app.add_typer(insight_cli.app, name="insight")
app.add_typer(score_cli.app, name="score")
app.command()(cohort_cli.cohorts)
app.add_typer(experiment_cli.app, name="experiment")
experiment_cli.app.add_typer(experiment_base_cli.app)
app.command()(doctor_cli.doctor)


@app.command()
def run() -> None:
    """Run the bot; without BOT_TOKEN, in the sandbox with a demonstration base."""
    from bot import demo, logs
    from core import settings

    found = settings.load()
    logs.configure(found)
    if found.bot_token:
        gc.disable()  # imports leave no garbage; looking for it is a third of the start. App enables it
        from bot.app import App

        asyncio.run(App(found).run())
    else:
        demo.run(found)


@app.command()
def sandbox(
    port: Annotated[int | None, typer.Option(help="default: SANDBOX_PORT")] = None,
    database: Annotated[str, typer.Option(help="its file")] = "var/sandbox.db",
) -> None:
    """Serve the sandbox alone: a Bot API server with a chat page."""
    from core import settings

    chosen = port if port is not None else settings.load().sandbox_port
    arguments = [sys.executable, "-m", "bot.sandbox", "--port", str(chosen), "--database", database]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own module, our own arguments


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's tables."""
    from core import migrate, settings
    from core.db import Database

    database = Database(settings.load().database_url)
    try:
        migrate.upgrade(database)
    finally:
        database.close_now()
    typer.echo("The database is up to date.")


def main() -> None:
    """Run a command; what the operator can mend is told in a sentence on stderr, exit code 1."""
    try:
        app()
    except KvizorError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
