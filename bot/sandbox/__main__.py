"""`python -m bot.sandbox`: a Telegram of one's own, with a chat page, on this machine."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

from bot.sandbox.server import listen, serve
from bot.sandbox.world import World


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument("--database", type=Path, default=Path("var/sandbox.db"))
    parser.add_argument("--fresh", action="store_true", help="forget everything from before")
    return parser.parse_args()


def main() -> None:
    """Open the file, take the port, say where, serve."""
    given = arguments()
    try:
        listening = listen(given.host, given.port)
    except OSError as problem:
        sys.exit(
            f"The sandbox cannot listen on {given.host}:{given.port}: {problem.strerror}. "
            " Choose another --port."
        )
    try:
        if given.fresh:
            for end in ("", "-wal", "-shm"):
                Path(f"{given.database}{end}").unlink(missing_ok=True)
        world = World(given.database)
    except (OSError, sqlite3.OperationalError) as problem:
        sys.exit(
            f"The sandbox cannot keep its state in {given.database}: {problem}. Choose another --database."
        )
    host, port = listening.getsockname()[:2]
    sys.stdout.write(f"Sandbox: http://{f'[{host}]' if ':' in host else host}:{port}\n")
    sys.stdout.flush()
    try:
        serve(world, listening)
    finally:
        world.store.close()


if __name__ == "__main__":
    main()
